"""Whole runs: a real directory on one side, the real database on the other."""

from datetime import timedelta

import pytest
from quart import Quart

from rse.identity import people
from rse.identity import privacy as identity_privacy
from rse.identity.models import Account, Person, Session
from rse.identity.sessions import open_session, session_for
from rse.kernel import clock
from rse.ldap import privacy, runs
from rse.ldap.models import DirectoryChange, DirectoryIdentity, DirectoryRun
from tests.ldap.conftest import MakeDirectory
from tests.ldap.story import account, statuses, sync
from tests.testenv.slapd import SlapdServer

pytestmark = [pytest.mark.ldap, pytest.mark.usefixtures("app")]


async def test_people_arrive_with_what_the_directory_knows_and_a_second_run_changes_nothing(
    app: Quart, slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd, title="The company's directory")
    run = await sync(directory)
    assert (run.state, run.counts, run.complete) == ("done", {"create": 2}, True)
    ada = await account("ada")
    assert (ada.source, ada.password_hash, ada.role) == ("ldap:corp", None, "member")
    assert (ada.person.display_name, ada.person.title, ada.person.email) == (
        "Ada Lovell",
        "Engineer",
        "ada@ostrelle.example",
    )
    assert ada.person.locked_fields["title"] == "The company's directory"
    again = await sync(directory)
    assert (again.state, again.counts, again.found) == ("done", {}, 2)
    assert await DirectoryChange.all().count() == 2


async def test_a_preview_writes_nothing(slapd: SlapdServer, make_directory: MakeDirectory) -> None:
    proposal = await runs.preview(make_directory(slapd))
    assert proposal.plan.counts == {"create": 2} and proposal.objections == ()
    assert (
        await Account.all().count()
        == await DirectoryRun.all().count()
        == await DirectoryIdentity.all().count()
        == 0
    )


async def test_a_rename_with_a_move_is_one_update_of_the_same_person(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd, users={"bases": [slapd.suffix]})
    await sync(directory)
    before = await account("ada")
    moved = slapd.rename(f"uid=ada,{slapd.people_dn}", "uid=ada.ferrant", slapd.suffix)
    slapd.replace(moved, "displayName", "Ada Ferrant")
    slapd.replace(moved, "mail", "ada.ferrant@ostrelle.example")
    run = await sync(directory)
    assert run.counts == {"rename": 1}
    after = await account("ada.ferrant")
    assert (after.id, after.person_id, after.person.handle) == (
        before.id,
        before.person_id,
        before.person.handle,
    )
    assert (after.person.display_name, after.person.email) == (
        "Ada Ferrant",
        "ada.ferrant@ostrelle.example",
    )
    assert (await DirectoryIdentity.get(person_id=after.person_id)).dn == moved


async def test_two_people_swap_their_logins_in_one_run(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd)
    await sync(directory)
    ada, bo = await account("ada"), await account("bo")
    people_dn = slapd.people_dn
    slapd.rename(f"uid=ada,{people_dn}", "uid=other")
    slapd.rename(f"uid=bo,{people_dn}", "uid=ada")
    slapd.rename(f"uid=other,{people_dn}", "uid=bo")
    assert (await sync(directory)).counts == {"rename": 2}
    assert ((await account("bo")).id, (await account("ada")).id) == (ada.id, bo.id)


async def test_a_person_created_again_is_a_conflict_and_never_takes_over_the_account(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd, guard={"grace": "24h, 2 runs"})
    await sync(directory)
    slapd.delete(f"uid=ada,{slapd.people_dn}")
    slapd.add_person("ada", "Ada Newcomer", "other-secret")
    run = await sync(directory)
    assert run.counts == {"conflict": 1, "missing": 1}
    assert (await account("ada")).person.display_name == "Ada Lovell"
    conflict = await DirectoryIdentity.get(status="conflict")
    assert conflict.person_id is None and conflict.reason == "login taken by a missing person"
    assert (await sync(directory)).counts == {"missing": 1}


async def test_disabled_in_the_directory_ends_sessions_and_enabled_gives_access_back(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd)
    await sync(directory)
    ada = await account("ada")
    cookie = await open_session(ada)
    assert await session_for(cookie) is not None
    slapd.disable(f"uid=ada,{slapd.people_dn}")
    assert (await sync(directory)).counts == {"disable": 1}
    assert await session_for(cookie) is None and await Session.all().count() == 0
    gone = await account("ada")
    assert (gone.person.status, gone.person.status_source) == ("deactivated", "ldap:corp")
    slapd.enable(f"uid=ada,{slapd.people_dn}")
    assert (await sync(directory)).counts == {"enable": 1}
    assert (await account("ada")).person.is_active


async def test_a_block_by_an_administrator_outlives_what_the_directory_says(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd)
    await sync(directory)
    ada = await account("ada")
    await people.deactivate(ada.person_id, "admin")
    slapd.disable(f"uid=ada,{slapd.people_dn}")
    await sync(directory)
    slapd.enable(f"uid=ada,{slapd.people_dn}")
    await sync(directory)
    blocked = await Person.get(id=ada.person_id)
    assert (blocked.status, blocked.status_source) == ("deactivated", "admin")


async def test_somebody_removed_loses_access_after_the_grace_and_is_never_deleted(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd, guard={"grace": "24h, 2 runs"})
    await sync(directory)
    cookie = await open_session(await account("ada"))
    slapd.delete(f"uid=ada,{slapd.people_dn}")
    for _ in range(3):
        assert (await sync(directory)).counts == {"missing": 1}
    assert await session_for(cookie) is not None
    clock.shift(timedelta(hours=25))
    assert (await sync(directory)).counts == {"remove": 1}
    assert await session_for(cookie) is None
    assert await statuses() == {"ada": "deactivated", "bo": "active"}
    assert (await sync(directory)).counts == {}


async def test_with_no_grace_one_run_is_enough(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd)
    await sync(directory)
    slapd.delete(f"uid=ada,{slapd.people_dn}")
    assert (await sync(directory)).counts == {"remove": 1}


async def test_somebody_who_moved_out_of_the_base_is_told_from_somebody_gone(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(
        slapd,
        guard={"grace": "24h, 2 runs"},
        users={"bases": [slapd.people_dn], "filter": "(!(title=left))"},
    )
    await sync(directory)
    slapd.rename(f"uid=ada,{slapd.people_dn}", "uid=ada", slapd.suffix)
    slapd.replace(f"uid=bo,{slapd.people_dn}", "title", "left")
    assert (await sync(directory)).state == "blocked"  # nobody at all was found
    slapd.add_person("eva", "Eva Norrby")
    run = await sync(directory)
    reasons = {
        change.reason for change in await DirectoryChange.filter(run_id=run.id, kind="out_of_scope")
    }
    assert reasons == {
        f"moved to uid=ada,{slapd.suffix}, outside of the configured bases",
        f"uid=bo,{slapd.people_dn} no longer matches the filter",
    }


async def test_a_person_who_was_erased_is_not_brought_back(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd)
    await sync(directory)
    person_id = (await account("ada")).person_id
    assert (await privacy.export(person_id))["identities"][0]["login"] == "ada"
    await privacy.erase(person_id)
    await identity_privacy.erase(person_id)
    run = await sync(directory)
    assert run.counts == {} and not await Account.exists(login="ada")
    left = str(await DirectoryIdentity.all().values()) + str(await DirectoryChange.all().values())
    assert "Ada" not in left and "uid=ada" not in left


async def test_a_run_works_over_start_tls_as_well(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    run = await sync(make_directory(slapd, servers=[slapd.url], security="starttls"))
    assert (run.state, run.server, run.found) == ("done", slapd.url, 2)


async def test_what_a_person_wrote_about_themselves_survives_a_run(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd)
    await sync(directory)
    ada = await account("ada")
    await Person.filter(id=ada.person_id).update(about="Bridges.", phone="+33 1")
    slapd.replace(f"uid=ada,{slapd.people_dn}", "title", "Chief engineer")
    await sync(directory)
    person = await Person.get(id=ada.person_id)
    assert (person.title, person.about, person.phone) == ("Chief engineer", "Bridges.", "+33 1")


async def test_an_excluded_part_of_the_tree_is_left_out(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    users = {"bases": [slapd.suffix], "exclude": [slapd.people_dn.upper()]}
    slapd.add(f"uid=eva,{slapd.suffix}", {
        "objectClass": "inetOrgPerson", "cn": "Eva Norrby", "sn": "Norrby", "uid": "eva",
    })  # fmt: skip
    run = await sync(make_directory(slapd, users=users))
    assert (run.counts, run.found) == ({"create": 1}, 1)
