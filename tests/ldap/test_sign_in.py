"""Sign-in by bind against a real server: who comes in, and what everybody else can't learn."""

import time
from collections.abc import Iterator
from statistics import median

import pytest

from rse.identity import people
from rse.identity.models import Account, Session
from rse.identity.sign_in import FLOOR_SECONDS, authenticators, check_password
from rse.kernel.errors import Invalid, NotAllowed, TooMany, Unavailable
from rse.ldap import auth, ber, runs
from rse.ldap import jobs as ldap_jobs
from rse.ldap.lease import held
from rse.ldap.models import DirectoryRun
from tests import make
from tests.ldap.conftest import MakeDirectory, StartSlapd
from tests.ldap.peer import BIND_REQUEST, BIND_RESPONSE, done, entry, message, peer, result
from tests.testenv.slapd import SlapdServer
from tests.web_client import Browser

pytestmark = [pytest.mark.ldap, pytest.mark.usefixtures("app")]


@pytest.fixture(autouse=True)
def no_directory_stays_behind() -> Iterator[None]:
    yield
    authenticators.clear()


async def sign_in(login: str, password: str) -> str | None:
    account = await auth.sign_in(login, password)
    return account.login if account else None


async def test_a_right_password_signs_in_by_login_or_mail_and_a_wrong_one_does_not(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    await runs.sync(make_directory(slapd), "test")
    assert await sign_in("ada", "ada-secret") == "ada"
    assert await sign_in("ADA@ostrelle.example", "ada-secret") == "ada"
    assert await sign_in("ada", "bo-secret") is None
    assert await sign_in("nobody", "ada-secret") is None


async def test_a_first_sign_in_brings_the_person_with_the_same_mapping(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd)
    assert await sign_in("ada", "wrong") is None and await Account.all().count() == 0
    assert await sign_in("ada", "ada-secret") == "ada"
    account = await Account.get(login="ada").select_related("person")
    assert (account.person.display_name, account.person.title, account.source) == (
        "Ada Lovell",
        "Engineer",
        "ldap:corp",
    )
    assert (await runs.sync(directory, "test")).counts == {"create": 1}


async def test_without_first_sign_ins_only_known_people_come_in(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    make_directory(slapd, login={"jit": False})
    assert await sign_in("ada", "ada-secret") is None and await Account.all().count() == 0


async def test_a_sign_in_brings_changes_along_but_none_means_no_run(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    await runs.sync(make_directory(slapd), "test")
    await sign_in("ada", "ada-secret")
    assert await DirectoryRun.all().count() == 1
    slapd.replace(f"uid=ada,{slapd.people_dn}", "title", "Chief engineer")
    await sign_in("ada", "ada-secret")
    assert (
        await Account.get(login="ada").select_related("person")
    ).person.title == "Chief engineer"


@pytest.mark.parametrize("password", ["", "\0", "ada-secret\0", "x" * 1025])
async def test_an_empty_or_impossible_password_never_leaves_the_process(
    start_slapd: StartSlapd, make_directory: MakeDirectory, password: str
) -> None:
    server = start_slapd(anonymous_binds=True)
    server.add_person("ada", "Ada Lovell", "ada-secret")
    make_directory(server)
    server.halt()  # were it asked, the answer would be "unavailable"
    assert await sign_in("ada", password) is None


@pytest.mark.parametrize(
    "typed",
    ["*", "ad*", "admin)(uid=*", "ada)(|(uid=*", "(uid=ada)", "\\2a",
     "ada\\", "a" * 300, "ada\0", "", "  ",
     "uid=ada,ou=people,dc=ostrelle,dc=example", "\u202eada", "ada)(objectClass=*"],
)  # fmt: skip
async def test_whatever_is_typed_is_a_value_and_never_a_filter(
    slapd: SlapdServer, make_directory: MakeDirectory, typed: str
) -> None:
    make_directory(slapd)
    assert await sign_in(typed, "ada-secret") is None
    assert await Account.all().count() == 0


async def test_a_login_with_special_signs_is_matched_literally(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    slapd.add("cn=odd," + slapd.people_dn, {
        "objectClass": "inetOrgPerson", "cn": "odd", "sn": "Odd", "uid": "o*d)(|d",
        "userPassword": "odd-secret",
    })  # fmt: skip
    make_directory(slapd)
    assert await sign_in("o*d)(|d", "odd-secret") == "o*d)(|d"


async def test_two_entries_that_match_let_nobody_in(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    slapd.add(f"cn=second,{slapd.people_dn}", {
        "objectClass": "inetOrgPerson", "cn": "second", "sn": "S", "uid": "ada",
        "userPassword": "ada-secret",
    })  # fmt: skip
    make_directory(slapd)
    assert await sign_in("ada", "ada-secret") is None
    assert await sign_in("ada@ostrelle.example", "ada-secret") == "ada"


async def test_disabled_people_and_those_blocked_here_stay_out(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    await runs.sync(make_directory(slapd), "test")
    slapd.disable(f"uid=ada,{slapd.people_dn}")
    assert await sign_in("ada", "ada-secret") is None
    bo = await Account.get(login="bo")
    await people.deactivate(bo.person_id, "admin")
    assert await sign_in("bo", "bo-secret") is None


async def test_a_required_group_is_asked_before_anybody_new_comes_in(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    slapd.add_group("RSE-Users", [f"uid=ada,{slapd.people_dn}"])
    make_directory(slapd, users={"bases": [slapd.people_dn], "require_groups": ["RSE-Users"]})
    assert await sign_in("bo", "bo-secret") is None
    assert await sign_in("ada", "ada-secret") == "ada"


async def test_somebody_who_was_removed_comes_back_with_the_same_account(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd)
    await runs.sync(directory, "test")
    before = await Account.get(login="ada")
    moved = slapd.rename(f"uid=ada,{slapd.people_dn}", "uid=ada", slapd.suffix)
    await runs.sync(directory, "test")
    assert await sign_in("ada", "ada-secret") is None
    slapd.rename(moved, "uid=ada", slapd.people_dn)
    assert await sign_in("ada", "ada-secret") == "ada"
    assert (await Account.get(login="ada")).id == before.id


async def test_a_sign_in_does_not_wait_for_a_run(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd)
    async with held(directory.name):
        assert await sign_in("ada", "ada-secret") == "ada"


async def test_a_directory_that_is_down_is_said_and_is_no_wrong_password(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    await runs.sync(make_directory(slapd), "test")
    slapd.kill()
    with pytest.raises(Unavailable):
        await sign_in("ada", "ada-secret")
    slapd.again()
    assert await sign_in("ada", "ada-secret") == "ada"


async def test_a_local_account_is_never_asked_for_at_a_directory(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    await make.account("Ada Elsewhere", login="ada")
    make_directory(slapd)
    slapd.halt()
    assert await sign_in("ada", "ada-secret") is None


async def test_the_sixth_try_is_stopped_before_the_directory_whatever_is_typed(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    make_directory(slapd)
    for typed in ("ada", "ada@ostrelle.example", "ADA", "ada", "Ada@ostrelle.example"):
        assert await sign_in(typed, "wrong") is None
    with pytest.raises(TooMany):
        await sign_in("ada@ostrelle.example", "ada-secret")


async def test_a_right_password_forgives_the_wrong_ones_before(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    make_directory(slapd)
    for _ in range(3):
        for _ in range(2):
            assert await sign_in("ada", "wrong") is None
        assert await sign_in("ada", "ada-secret") == "ada"


async def test_two_directories_are_asked_in_order_and_a_suffix_chooses(
    slapd: SlapdServer, start_slapd: StartSlapd, make_directory: MakeDirectory
) -> None:
    other = start_slapd(suffix="dc=brumelis,dc=example")
    other.add_person("ada", "Ada Other", "other-secret", mail="ada@brumelis.example")
    other.add_person("eva", "Eva Norrby", "eva-secret")
    make_directory(slapd, name="corp", login={"suffix": "corp"})
    make_directory(other, name="sub", login={"suffix": "sub"}, bind_dn=other.sync_dn)
    assert await sign_in("eva", "eva-secret") == "eva"
    assert (
        await sign_in("ada", "other-secret") is None
    )  # the first directory knows an ada: one bind, no second guess
    assert await sign_in("sub\\ada", "other-secret") == "ada"
    assert (
        await sign_in("corp\\ada", "ada-secret") is None
    )  # the login is taken by a person of another directory
    assert await sign_in("nowhere\\ada", "ada-secret") is None


async def test_through_the_door_every_failure_reads_and_lasts_the_same(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    await runs.sync(make_directory(slapd), "test")
    await ldap_jobs.start()
    assert (await check_password("ada", "ada-secret", "192.0.2.0/24")).login == "ada"
    slapd.disable(f"uid=bo,{slapd.people_dn}")
    times: dict[str, list[float]] = {"ada": [], "nobody": [], "bo": []}
    for _ in range(3):
        for login, taken in times.items():
            begun = time.monotonic()
            with pytest.raises(Invalid):
                await check_password(login, "wrong", "192.0.2.0/24")
            taken.append(time.monotonic() - begun)
    assert min(min(taken) for taken in times.values()) >= FLOOR_SECONDS - 0.02
    middles = [median(taken) for taken in times.values()]
    assert max(middles) - min(middles) < 0.15


async def test_a_form_with_the_directory_s_password_opens_a_session(
    slapd: SlapdServer, make_directory: MakeDirectory, browser: Browser
) -> None:
    make_directory(slapd)
    await ldap_jobs.start()
    refused = await browser.post("/sign-in", {"login": "ada", "password": "wrong"})
    assert refused.status_code == 422 and await Session.all().count() == 0
    right = await browser.post("/sign-in", {"login": "ada", "password": "ada-secret"})
    assert right.status_code == 303
    assert (await Session.get().select_related("account")).account.login == "ada"


AD_WORDS = "80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, %s, v4563"


def one_person(request: ber.Reply) -> list[bytes]:
    """What an Active Directory with a single person answers to any search."""
    found = entry(
        "CN=Ada,OU=Staff,DC=x", objectGUID=[bytes(range(16))], sAMAccountName=[b"Ada"],
        displayName=[b"Ada Lovell"], userAccountControl=[b"512"],
    )  # fmt: skip
    return [message(request.message_id, found), done(request.message_id)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [("data 532", NotAllowed),
     ("data 773", NotAllowed),
     ("data 52e", None),
     ("data 775", None)],
)  # fmt: skip
async def test_an_expired_password_is_told_only_where_the_directory_had_accepted_it(
    slapd: SlapdServer, make_directory: MakeDirectory, code: str, expected: type[Exception] | None
) -> None:
    def on_bind(request: ber.Reply) -> list[bytes]:
        is_ada = b"CN=Ada" in request.buffer
        answer = result(BIND_RESPONSE, 49, AD_WORDS % code) if is_ada else result(BIND_RESPONSE)
        return [message(request.message_id, answer)]

    with peer(one_person, None, on_bind) as server:
        plain = {"security": "plaintext", "insecure_plaintext": "I understand"}
        make_directory(slapd, profile="active-directory", servers=[server.url], **plain)
        if expected is None:
            assert await sign_in("ada", "ada-secret") is None
        else:
            with pytest.raises(expected):
                await sign_in("ada", "ada-secret")
        assert server.received.count(BIND_REQUEST) == 2
