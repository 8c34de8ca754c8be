"""Who comes in through which group, and whose account is whose."""

import pytest

from rse.identity.models import ADMIN, Person
from tests import make
from tests.ldap.conftest import MakeDirectory
from tests.ldap.story import account, statuses, sync
from tests.testenv.slapd import SlapdServer

pytestmark = [pytest.mark.ldap, pytest.mark.usefixtures("app")]


async def test_groups_give_access_with_nesting_and_the_role_of_administrator(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    ada, bo = f"uid=ada,{slapd.people_dn}", f"uid=bo,{slapd.people_dn}"
    eva = slapd.add_person("eva", "Eva Norrby")
    inner = slapd.add_group("RSE-Admins", [ada])
    outer = slapd.add_group("RSE-Users", [inner, bo])
    slapd.extend(inner, "member", outer)  # a circle
    await make.account("Local Boss", admin=True)
    directory = make_directory(
        slapd,
        users={"bases": [slapd.people_dn], "require_groups": ["rse-users"]},
        grants=[{"group": "RSE-Admins", "role": "admin"}],
    )
    slapd.drop(inner, "member", outer)
    run = await sync(directory)
    assert run.counts == {"create": 2, "grant": 1}
    assert (await account("ada")).role == ADMIN and (await account("bo")).role == "member"
    slapd.drop(outer, "member", bo)
    slapd.extend(outer, "member", eva, ada)
    slapd.drop(inner, "member", ada)
    run = await sync(directory)
    assert run.counts == {"create": 1, "remove": 1} and "nobody of ours" in run.warnings[0]
    slapd.extend(inner, "member", eva)
    assert (await sync(directory)).counts == {"grant": 1, "revoke": 1}
    assert (await account("ada")).role == "member" and (await account("eva")).role == ADMIN


async def test_a_missing_group_that_gives_access_fails_the_run(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    await sync(make_directory(slapd))
    strict = make_directory(
        slapd, users={"bases": [slapd.people_dn], "require_groups": ["RSE-Users"]}
    )
    run = await sync(strict)
    assert run.state == "failed" and "RSE-Users" in run.error
    assert set((await statuses()).values()) == {"active"}


async def test_a_local_account_with_the_login_is_never_taken_over(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    local = await make.account("Ada Elsewhere", login="ada")
    run = await sync(make_directory(slapd))
    assert run.counts == {"conflict": 1, "create": 1}
    unchanged = await account("ada")
    assert (unchanged.id, unchanged.source, unchanged.person.display_name) == (
        local.id,
        "local",
        "Ada Elsewhere",
    )


async def test_an_explicit_rule_links_by_mail_and_keeps_the_account(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    local = await make.account("A. Lovell", login="al")
    await Person.filter(id=local.person_id).update(email="ada@ostrelle.example")
    run = await sync(make_directory(slapd, link="mail"))
    assert run.counts == {"create": 1, "link": 1}
    linked = await account("ada")
    assert (linked.id, linked.source, linked.person.display_name) == (
        local.id,
        "ldap:corp",
        "Ada Lovell",
    )
    assert linked.password_hash is None
