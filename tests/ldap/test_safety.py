"""Runs that go wrong: nobody loses anything to a directory's bad day or to ours."""

import asyncio

import pytest

from rse.identity.models import Account
from rse.kernel.errors import Conflict, NotFound
from rse.ldap import apply
from rse.ldap.directory import Directory
from rse.ldap.lease import AlreadyRunning, held
from rse.ldap.models import DirectoryChange, DirectoryRun
from tests.ldap.conftest import MakeDirectory, StartSlapd
from tests.ldap.story import statuses, sync
from tests.testenv.slapd import SlapdServer

pytestmark = [pytest.mark.ldap, pytest.mark.usefixtures("app")]


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
