"""Named workloads, measured in CPU time per operation and against a yardstick in the same run.

Wall time depends on what else a machine does, CPU time on what machine it is. The yardstick is a
fixed piece of ordinary Python work, timed between the workloads of the same run; a workload's ratio
to it holds from machine to machine well enough to compare two commits.
"""

import asyncio
import gc
import hashlib
import json
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

Operation = Callable[[], Awaitable[object]]
REPEATS = 5


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a workload's `prepare` returns: one operation, and how often to run it in a round.

    `cpu_seconds` is the clock: this process's, or `cpu_of(pid)` for a server that is asked. One
    operation may be several `requests`; what is told is the cost of one.
    """

    operation: Operation
    rounds_of: int = 100
    requests: int = 1
    cpu_seconds: Callable[[], float] = time.process_time
    counts: dict[str, int | float | str] = field(default_factory=dict)
    close: Operation | None = None


Prepare = Callable[[], Awaitable[Prepared]]


@dataclass(frozen=True, slots=True)
class Bar:
    """What a workload may cost at most, as a multiple of another of the same run.

    With `count`, what is compared is that count of both. A count without `of` is a limit by itself.
    """

    of: str
    most: float
    count: str = ""


@dataclass(frozen=True, slots=True)
class Workload:
    """A named thing to measure; `prepare` makes its data and is not measured.

    Those that take `turns` together are measured round by round, one after the other, so that what
    else the machine does falls on all of them alike.
    """

    name: str
    prepare: Prepare
    title: str
    turns: str = ""
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """One workload's numbers: CPU microseconds for one operation, and more."""

    name: str
    title: str
    cpu_microseconds: float
    spread_percent: float
    wall_microseconds: float
    yardsticks: float
    operations: int
    counts: dict[str, int | float | str]


_workloads: dict[str, Workload] = {}


def workload(title: str, *bars: Bar, turns: str = "") -> Callable[[Prepare], Prepare]:
    """Register a `prepare` function; its name with dashes is the workload's name."""

    def register(prepare: Prepare) -> Prepare:
        name = prepare.__name__.replace("_", "-")
        _workloads[name] = Workload(name, prepare, title, turns, bars)
        return prepare

    return register


def chosen(names: list[str]) -> list[Workload]:
    """The named workloads, or all; a name may be a prefix ("feed")."""
    if not names:
        return list(_workloads.values())
    found = [w for w in _workloads.values() if any(w.name.startswith(name) for name in names)]
    if not found:
        raise SystemExit(f"No such workload. There are: {', '.join(_workloads)}")
    return found


def cpu_of(pid: int) -> Callable[[], float]:
    """The clock of another process: all its threads, to the nanosecond where the kernel tells."""

    def read() -> float:
        try:
            spent = [path.read_text().split()[0] for path in Path(f"/proc/{pid}/task").glob(_RAN)]
            return sum(map(int, spent)) / 1e9
        except (OSError, IndexError):
            return float(sum(psutil.Process(pid).cpu_times()[:2]))

    return read


_RAN = "*/schedstat"


async def measure(item: Workload) -> Measured:
    """One workload by itself."""
    return (await measure_in_turns([item]))[0]


async def measure_in_turns(items: Sequence[Workload]) -> list[Measured]:
    """Prepare and warm up each, then take the middle of REPEATS rounds, all in turn."""
    async with AsyncExitStack() as stack:
        prepared = []
        for item in items:
            prepared.append(ready := await item.prepare())
            if ready.close:
                stack.push_async_callback(ready.close)
        for ready in prepared:
            await _round(ready, max(1, ready.rounds_of // 10))
        before = yardstick()
        rounds = [
            [await _round(ready, ready.rounds_of) for ready in prepared] for _ in range(REPEATS)
        ]
        unit = (before + yardstick()) / 2
    return [
        _measured(item, ready, [turn[n] for turn in rounds], unit)
        for n, (item, ready) in enumerate(zip(items, prepared, strict=True))
    ]


def _measured(
    item: Workload, prepared: Prepared, rounds: Sequence[tuple[float, float]], unit: float
) -> Measured:
    cpu = [one[0] for one in rounds]
    middle = statistics.median(cpu)
    return Measured(
        name=item.name,
        title=item.title,
        cpu_microseconds=round(middle, 1),
        spread_percent=round((max(cpu) - min(cpu)) / middle * 100 if middle else 0.0, 1),
        wall_microseconds=round(statistics.median(one[1] for one in rounds), 1),
        yardsticks=round(middle / unit, 4),
        operations=prepared.rounds_of * prepared.requests * REPEATS,
        counts=prepared.counts,
    )


async def _round(prepared: Prepared, times: int) -> tuple[float, float]:
    gc.collect()
    cpu, wall = prepared.cpu_seconds(), time.perf_counter()
    for _ in range(times):
        await prepared.operation()
    spent, passed = prepared.cpu_seconds() - cpu, time.perf_counter() - wall
    return spent / times / prepared.requests * 1e6, passed / times / prepared.requests * 1e6


def yardstick() -> float:
    """CPU microseconds of the fixed piece of work: about what a small page's bytes cost."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for number in range(20):
            _piece_of_work(number)
        best = min(best, (time.process_time() - start) / 20 * 1e6)
    return best


def _piece_of_work(number: int) -> str:
    rows = [{"id": n, "title": f"row {n}", "tags": ["a", "b", str(n % 7)]} for n in range(60)]
    text = json.dumps(sorted(rows, key=lambda row: str(row["title"]), reverse=bool(number % 2)))
    read = json.loads(text)
    joined = "".join(f"<li>{row['title']}</li>" for row in read)
    return hashlib.sha256(joined.encode()).hexdigest()


def run(
    items: list[Workload], say: Callable[[str], None] = lambda _line: None
) -> dict[str, object]:
    """Measure each, telling which; the result is what is written to bench/results."""
    yardsticks = [yardstick()]
    measured: list[Measured] = []
    for group in _groups(items):
        # A run takes minutes on a busy machine: it says that it goes on.
        say(", ".join(item.name for item in group))
        measured += asyncio.run(measure_in_turns(group))
        yardsticks.append(yardstick())
    return {
        "yardstick_microseconds": round(statistics.median(yardsticks), 1),
        "cpus": os.cpu_count(),
        "workloads": [asdict(one) for one in measured],
        "bars": _bars(items, {one.name: one for one in measured}),
    }


def _groups(items: list[Workload]) -> list[list[Workload]]:
    """What takes turns together, together; the others alone."""
    groups: dict[str, list[Workload]] = {}
    for item in items:
        groups.setdefault(item.turns or f"alone {item.name}", []).append(item)
    return list(groups.values())


def _bars(items: list[Workload], measured: dict[str, Measured]) -> list[dict[str, object]]:
    """Each bar whose two sides were measured in this run, and whether it holds."""
    return [
        {
            "workload": item.name,
            "of": bar.of,
            "count": bar.count,
            "times": round(_cost(measured[item.name], bar) / _base(measured, bar), 2),
            "most": bar.most,
        }
        for item in items
        for bar in item.bars
        if (not bar.of or bar.of in measured) and _base(measured, bar)
    ]


def _cost(one: Measured, bar: Bar) -> float:
    return float(one.counts[bar.count]) if bar.count else one.cpu_microseconds


def _base(measured: dict[str, Measured], bar: Bar) -> float:
    return _cost(measured[bar.of], bar) if bar.of else 1.0
