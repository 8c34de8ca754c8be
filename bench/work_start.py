"""start: from the command to the first answer, and what an idle instance holds."""

import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path

import aiohttp
import psutil

from bench.frame import Prepared, workload


@workload("import everything and answer the first request, database migrated")
async def start() -> Prepared:
    folder = Path(tempfile.mkdtemp(prefix="rse-bench-"))
    await _once(folder)  # the first start migrates and is not measured
    spent: list[float] = []
    held: list[float] = []

    async def run() -> None:
        cpu, memory = await _once(folder)
        spent.append(cpu)
        held.append(memory)

    await run()
    counts: dict[str, int | float | str] = {"idle PSS in MiB": round(held[0], 1)}

    async def close() -> None:
        shutil.rmtree(folder, ignore_errors=True)

    return Prepared(run, rounds_of=1, cpu_seconds=lambda: sum(spent), counts=counts, close=close)


async def _once(folder: Path) -> tuple[float, float]:
    """CPU seconds until the first answer, and the memory then held, in MiB."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rse", "serve", env=_environment(folder, port)
    )
    try:
        await _answers(f"http://127.0.0.1:{port}/sign-in")
        watched = psutil.Process(process.pid)
        times = watched.cpu_times()
        return times.user + times.system, watched.memory_full_info().pss / (1 << 20)
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


def _environment(folder: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "RSE_SERVER__DATA_DIR": str(folder),
        "RSE_SERVER__BIND": f"127.0.0.1:{port}",
        "RSE_SERVER__PUBLIC_URL": f"http://127.0.0.1:{port}",
        "RSE_DATABASE__URL": os.environ.get("RSE_BENCH_DATABASE", ""),
        "RSE_LOG__LEVEL": "error",
    }


async def _answers(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _attempt in range(600):
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.02)
    raise TimeoutError("the instance does not answer")
