"""mixed and soak: reading and writing at once, for seconds and for as long as one likes."""

import os
import time
from pathlib import Path

import psutil

from bench.frame import Bar, Prepared, cpu_of, workload
from bench.traffic import Traffic

FEEDS = float(os.environ.get("RSE_BENCH_FEEDS", "500"))
WRITES = float(os.environ.get("RSE_BENCH_WRITES", "50"))
SECONDS = float(os.environ.get("RSE_BENCH_SECONDS", "10"))
# What an instance is asked when it has nothing to do.
IDLE_FEEDS, IDLE_SECONDS = 20, 10
SOAK_MINUTES = float(os.environ.get("RSE_BENCH_SOAK_MINUTES", "0"))
LOOK_SECONDS, MIB = 10, 1 << 20


@workload(
    f"{FEEDS:g} home feeds and {WRITES:g} posts a second through the served instance",
    Bar("", 3, count="p99_times_idle"),
)
async def mixed() -> Prepared:
    traffic = await Traffic.start()
    await traffic.both(IDLE_FEEDS, 1, 2)
    idle, _none = await traffic.both(IDLE_FEEDS, 0, IDLE_SECONDS)
    alone, _none = await traffic.both(FEEDS, 0, SECONDS / 2)
    read, written = await traffic.both(FEEDS, WRITES, SECONDS)
    counts: dict[str, int | float | str] = {
        "idle_p50_ms": idle.milliseconds(50), "idle_p99_ms": idle.milliseconds(99),
        "feeds_alone_p99_ms": alone.milliseconds(99), "feeds_alone_a_second": alone.rate,
        "p50_ms": read.milliseconds(50), "p99_ms": read.milliseconds(99),
        "post_p99_ms": written.milliseconds(99), "feeds_a_second": read.rate,
        "posts_a_second": written.rate,
        "p99_times_idle": round(read.milliseconds(99) / idle.milliseconds(99), 1),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    return _a_second(traffic, counts)


def _a_second(traffic: Traffic, counts: dict[str, int | float | str]) -> Prepared:
    return Prepared(
        lambda: traffic.both(FEEDS, WRITES, 1),
        rounds_of=1,
        requests=int(FEEDS + WRITES),
        cpu_seconds=cpu_of(traffic.server.pid),
        counts=counts,
        close=traffic.stop,
    )


class Watch:
    """What a process holds, looked at again and again."""

    def __init__(self, pid: int, log: Path) -> None:
        self._process, self._log = psutil.Process(pid), log
        self.hours: list[float] = []
        self.memory: list[float] = []
        self.files: list[int] = []
        self.wal: list[float] = []

    def look(self) -> None:
        self.hours.append(time.monotonic() / 3600)
        self.memory.append(self._process.memory_info().rss / MIB)
        self.files.append(self._process.num_fds())
        self.wal.append(self._log.stat().st_size / MIB if self._log.exists() else 0.0)

    def slope(self) -> float:
        """MiB an hour after the first third, in which caches fill: least squares."""
        first = len(self.hours) // 3
        hours, held = self.hours[first:], self.memory[first:]
        middle, mean = sum(hours) / len(hours), sum(held) / len(held)
        above = sum((h - middle) * (m - mean) for h, m in zip(hours, held, strict=True))
        return round(above / sum((h - middle) ** 2 for h in hours), 1)


if SOAK_MINUTES:

    @workload(f"the mixed load for {SOAK_MINUTES:g} minutes: memory, write-ahead log, open files")
    async def soak() -> Prepared:
        traffic = await Traffic.start()
        watch = Watch(traffic.server.pid, traffic.folder / "rse.sqlite3-wal")
        until = time.monotonic() + SOAK_MINUTES * 60
        read = written = 0
        while time.monotonic() < until:
            feeds, posts = await traffic.both(FEEDS, WRITES, LOOK_SECONDS)
            read, written = read + len(feeds.waits), written + len(posts.waits)
            watch.look()
        return _a_second(
            traffic,
            {
                "feeds": read, "posts": written, "rss_first_MiB": round(watch.memory[0], 1),
                "rss_last_MiB": round(watch.memory[-1], 1), "rss_MiB_an_hour": watch.slope(),
                "wal_most_MiB": round(max(watch.wal), 1), "files_first": watch.files[0],
                "files_last": watch.files[-1], "load": round(os.getloadavg()[0], 1),
            },
        )  # fmt: skip
