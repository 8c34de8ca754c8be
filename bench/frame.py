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
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field

import psutil

Operation = Callable[[], Awaitable[object]]
REPEATS = 5


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a workload's `prepare` returns: one operation, and how often to run it in a round.

    `cpu_seconds` is the clock: this process's, or `cpu_of(pid)` for a server that is asked.
    """

    operation: Operation
    rounds_of: int = 100
    cpu_seconds: Callable[[], float] = time.process_time
    counts: dict[str, int | float | str] = field(default_factory=dict)
    close: Operation | None = None


Prepare = Callable[[], Awaitable[Prepared]]


@dataclass(frozen=True, slots=True)
class Workload:
    """A named thing to measure; `prepare` makes its data and is not measured."""

    name: str
    prepare: Prepare
    title: str
    needs: tuple[str, ...] = ()


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


def workload(title: str, *needs: str) -> Callable[[Prepare], Prepare]:
    """Register a `prepare` function; its name with dashes is the workload's name."""

    def register(prepare: Prepare) -> Prepare:
        name = prepare.__name__.replace("_", "-")
        _workloads[name] = Workload(name, prepare, title, needs)
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
    """The clock of another process, its living children included."""

    def read() -> float:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        return float(sum(sum(part.cpu_times()[:2]) for part in family))

    return read


async def measure(item: Workload) -> Measured:
    """Prepare, warm up, then take the middle of REPEATS rounds."""
    prepared = await item.prepare()
    try:
        await _round(prepared, max(1, prepared.rounds_of // 10))
        before = yardstick()
        rounds = [await _round(prepared, prepared.rounds_of) for _ in range(REPEATS)]
        unit = (before + yardstick()) / 2
    finally:
        if prepared.close:
            await prepared.close()
    cpu = [one[0] for one in rounds]
    middle = statistics.median(cpu)
    return Measured(
        name=item.name,
        title=item.title,
        cpu_microseconds=round(middle, 1),
        spread_percent=round((max(cpu) - min(cpu)) / middle * 100 if middle else 0.0, 1),
        wall_microseconds=round(statistics.median(one[1] for one in rounds), 1),
        yardsticks=round(middle / unit, 4),
        operations=prepared.rounds_of * REPEATS,
        counts=prepared.counts,
    )


async def _round(prepared: Prepared, times: int) -> tuple[float, float]:
    gc.collect()
    cpu, wall = prepared.cpu_seconds(), time.perf_counter()
    for _ in range(times):
        await prepared.operation()
    spent, passed = prepared.cpu_seconds() - cpu, time.perf_counter() - wall
    return spent / times * 1e6, passed / times * 1e6


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


def run(items: list[Workload]) -> dict[str, object]:
    """Measure each; the result is what is written to bench/results."""
    yardsticks = [yardstick()]
    measured = []
    for item in items:
        measured.append(asyncio.run(measure(item)))
        yardsticks.append(yardstick())
    return {
        "yardstick_microseconds": round(statistics.median(yardsticks), 1),
        "cpus": os.cpu_count(),
        "workloads": [asdict(one) for one in measured],
    }
