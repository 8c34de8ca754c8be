"""Whole runs: a real directory on one side, the real database on the other."""

import asyncio
from datetime import timedelta

import pytest
from quart import Quart

from rse.identity import people
from rse.identity import privacy as identity_privacy
from rse.identity.models import ADMIN, Account, Person, Session
from rse.identity.sessions import open_session, session_for
from rse.kernel import clock
from rse.kernel.errors import Conflict, NotFound
from rse.ldap import apply, privacy, runs
from rse.ldap.directory import Directory
from rse.ldap.lease import AlreadyRunning, held
from rse.ldap.models import DirectoryChange, DirectoryIdentity, DirectoryRun
from tests import make
from tests.ldap.conftest import MakeDirectory, StartSlapd
from tests.testenv.slapd import SlapdServer

pytestmark = [pytest.mark.ldap, pytest.mark.usefixtures("app")]


async def sync(directory: Directory, approve: int | None = None) -> DirectoryRun:
    return await runs.sync(directory, "test", approve)


async def account(login: str) -> Account:
    return await Account.get(login=login).select_related("person")


async def statuses() -> dict[str, str]:
    return {
        account.login: account.person.status
        for account in await Account.all().select_related("person")
    }


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


async def test_a_size_limit_makes_the_run_partial_and_removes_nobody(
    start_slapd: StartSlapd, make_directory: MakeDirectory
) -> None:
    full = start_slapd()
    for number in range(6):
        full.add_person(f"p{number}", f"Person {number}")
    await sync(make_directory(full))
    limited = start_slapd(size_limit=3)
    for number in range(4):
        limited.add_person(f"new{number}", f"New {number}")
    run = await sync(make_directory(limited))
    assert (run.state, run.complete) == ("partial", False)
    assert "sizeLimitExceeded" in run.error and "service account" in run.error
    assert set(run.counts) <= {"create"}
    assert set((await statuses()).values()) == {"active"}


async def test_a_directory_that_is_down_changes_nothing(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd)
    await sync(directory)
    slapd.halt()
    run = await sync(directory)
    assert run.state == "failed" and str(slapd.tls_port) in run.error
    assert set((await statuses()).values()) == {"active"}
    slapd.again()
    assert (await sync(directory)).state == "done"


async def test_a_base_that_is_not_there_fails_the_run_as_a_whole(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    directory = make_directory(slapd, users={"bases": [slapd.people_dn, f"ou=lost,{slapd.suffix}"]})
    run = await sync(directory)
    assert run.state == "failed" and "ou=lost" in run.error and await Account.all().count() == 0


async def test_the_guard_blocks_a_mass_removal_until_somebody_approves_that_very_plan(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    for number in range(12):
        slapd.add_person(f"p{number}", f"Person {number}")
    directory = make_directory(slapd)
    await sync(directory)
    for number in range(11):
        slapd.delete(f"uid=p{number},{slapd.people_dn}")
    blocked = await sync(directory)
    assert blocked.state == "blocked" and "11 of 14 people" in blocked.objections[0]
    assert set((await statuses()).values()) == {"active"}
    with pytest.raises(NotFound):
        await sync(directory, approve=1)
    slapd.delete(f"uid=p11,{slapd.people_dn}")
    with pytest.raises(Conflict):
        await sync(directory, approve=blocked.id)
    newer = await sync(directory)
    assert newer.state == "blocked"
    approved = await sync(directory, approve=newer.id)
    assert (approved.state, approved.approved_run) == ("done", newer.id)
    assert sorted((await statuses()).values()) == ["active"] * 2 + ["deactivated"] * 12


async def test_an_empty_answer_is_blocked_however_small_the_company(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    await sync(make_directory(slapd))
    narrow = make_directory(slapd, users={"bases": [slapd.people_dn], "filter": "(uid=nobody)"})
    run = await sync(narrow)
    assert run.state == "blocked" and run.objections == [
        "0 people found, 2 known: wrong base, filter or rights?"
    ]


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
    local = await make.account("A. Lovell", login="al", email="Ada@ostrelle.example")
    run = await sync(make_directory(slapd, link="mail"))
    assert run.counts == {"create": 1, "link": 1}
    linked = await account("ada")
    assert (linked.id, linked.source, linked.person.display_name) == (
        local.id,
        "ldap:corp",
        "Ada Lovell",
    )
    assert linked.password_hash is None


async def test_a_crash_in_the_middle_is_finished_by_the_next_run_and_nothing_happens_twice(
    slapd: SlapdServer, make_directory: MakeDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        slapd.add_person(f"p{number}", f"Person {number}")
    directory = make_directory(slapd)
    monkeypatch.setattr(apply, "BATCH", 3)
    together, calls = apply._together, []

    async def crash_at_the_second(directory: Directory, steps: list[DirectoryChange]) -> None:
        await together(directory, steps)
        calls.append(len(steps))
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(apply, "_together", crash_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        await sync(directory)
    assert await Account.all().count() == 3  # the second transaction left no trace
    monkeypatch.setattr(apply, "_together", together)
    run = await sync(directory)
    assert run.counts == {} and await Account.all().count() == 8
    assert [one.state for one in await DirectoryRun.all().order_by("id")] == ["done", "done"]


async def test_two_runs_never_overlap(slapd: SlapdServer, make_directory: MakeDirectory) -> None:
    directory = make_directory(slapd)
    async with held(directory.name):
        with pytest.raises(AlreadyRunning):
            await sync(directory)
    outcomes = await asyncio.gather(sync(directory), sync(directory), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyRunning", "DirectoryRun"]


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
