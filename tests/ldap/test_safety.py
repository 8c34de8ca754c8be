"""Runs that go wrong: nobody loses anything to a directory's bad day or to ours."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from rse.identity.models import Account
from rse.kernel import clock
from rse.kernel.errors import Conflict, NotFound
from rse.kernel.models import Lease
from rse.ldap import apply, ber, jobs, runs
from rse.ldap.directory import Directory
from rse.ldap.lease import AlreadyRunning, LeaseLost, held
from rse.ldap.models import DirectoryChange, DirectoryRun
from tests.ldap.conftest import MakeDirectory, StartSlapd
from tests.ldap.peer import done, entry, message, peer
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


async def test_a_server_that_dies_between_two_pages_makes_the_run_partial(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    await sync(make_directory(slapd))

    def one_page_then_nothing(request: ber.Reply) -> list[bytes]:
        found = entry(
            "uid=eva,dc=x",
            entryUUID=[b"a1ac332e-7c5b-1041-9fe9-39728c2c715c"],
            uid=[b"eva"],
            cn=[b"Eva Norrby"],
        )
        return [message(request.message_id, found), done(request.message_id, page=b"next"), b""]

    with peer(one_page_then_nothing) as server:
        plain = {"security": "plaintext", "insecure_plaintext": "I understand"}
        run = await sync(make_directory(slapd, servers=[server.url], **plain))
    assert (run.state, run.counts, run.complete) == ("partial", {"create": 1}, False)
    assert "the connection broke" in run.error
    assert await statuses() == {"ada": "active", "bo": "active", "eva": "active"}


async def test_while_a_server_stalls_everybody_else_goes_on(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    with peer(lambda _: []) as server:
        plain = {"security": "plaintext", "insecure_plaintext": "I understand"}
        directory = make_directory(slapd, servers=[server.url], **plain)
        running = asyncio.create_task(sync(directory))
        longest = 0.0
        while not running.done():
            before = asyncio.get_running_loop().time()
            await asyncio.sleep(0.01)
            longest = max(longest, asyncio.get_running_loop().time() - before)
        run = await running
    assert run.state == "partial" and "no answer in time" in run.error
    assert longest < 0.5


async def test_a_process_that_lost_its_hold_applies_nothing_more(
    slapd: SlapdServer, make_directory: MakeDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = make_directory(slapd)
    propose = runs._propose

    async def slow(*arguments: Any) -> Any:
        proposal = await propose(*arguments)
        await Lease.filter(name="ldap:corp").update(holder="another process")
        return proposal

    monkeypatch.setattr(runs, "_propose", slow)
    with pytest.raises(LeaseLost):
        await sync(directory)
    assert await Account.all().count() == 0


async def test_a_directory_is_read_when_its_interval_has_passed(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    make_directory(slapd, sync={"every": "10m"})
    await jobs.sync_due()
    await jobs.sync_due()
    assert await DirectoryRun.all().count() == 1
    clock.shift(timedelta(minutes=11))
    await jobs.sync_due()
    assert await DirectoryRun.all().count() == 2
    make_directory(slapd, sync={"every": "off"})
    clock.shift(timedelta(days=1))
    await jobs.sync_due()
    assert await DirectoryRun.all().count() == 2


async def test_an_account_that_expires_is_noticed_although_its_entry_did_not_change(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    ends = int((clock.now() + timedelta(days=2)).timestamp() // 86400)
    slapd.extend(f"uid=ada,{slapd.people_dn}", "objectClass", "shadowAccount")
    slapd.replace(f"uid=ada,{slapd.people_dn}", "shadowExpire", str(ends))
    directory = make_directory(slapd)
    await sync(directory)
    assert (await statuses())["ada"] == "active"
    clock.shift(timedelta(days=3))
    assert (await sync(directory)).counts == {"disable": 1}


async def test_old_changes_are_forgotten_and_the_counts_stay(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    await sync(make_directory(slapd))
    clock.shift(timedelta(days=401))
    await runs.forget_old()
    assert await DirectoryChange.all().count() == 0
    assert (await DirectoryRun.get()).counts == {"create": 2}
