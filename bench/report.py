"""A run's numbers as JSON and as a table, with the commit and the machine they belong to."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
_HEAD = (
    "| Workload | CPU µs | ± % | Wall µs | Yardsticks | What else |\n|---|--:|--:|--:|--:|---|\n"
)


def write(run: dict[str, object], folder: Path = RESULTS) -> tuple[Path, str]:
    """Write the JSON and latest-<engine>.md; returns the JSON's path and the table."""
    folder.mkdir(parents=True, exist_ok=True)
    full = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **origin(), **run}
    commit = str(full["commit"])[:10]
    path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{commit}-{full['engine']}.json"
    path.write_text(json.dumps(full, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    text = table(full)
    (folder / f"latest-{full['engine']}.md").write_text(text, encoding="utf-8")
    return path, text


def origin() -> dict[str, object]:
    return {
        "commit": _git("rev-parse", "HEAD") or "unknown",
        "changed": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "engine": os.environ.get("RSE_BENCH_ENGINE", "sqlite"),
        "python": platform.python_version(),
        "processor": _processor(),
        "cpus": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
    }


def table(run: dict[str, object]) -> str:
    head = (
        f"# Benches at {str(run['commit'])[:10]}{' (changed)' if run['changed'] else ''}\n\n"
        f"{run['at']}, {run['engine']}, Python {run['python']}, "
        f"{run['cpus']} × {run['processor']}. "
        f"One yardstick was {run['yardstick_microseconds']} µs of CPU.\n\n"
    )
    rows = run["workloads"]
    assert isinstance(rows, list)
    bars = run.get("bars") or []
    assert isinstance(bars, list)
    return head + _HEAD + "".join(map(_row, rows)) + "".join(["\n", *map(_bar, bars)])


def _bar(bar: dict[str, object]) -> str:
    holds = float(str(bar["times"])) <= float(str(bar["most"]))
    count = str(bar.get("count") or "")
    times_of = f" × {bar['of']}" if bar["of"] else ""
    words = f"{bar['times']}{times_of}; at most {bar['most']}"
    name = f"{bar['workload']} {count}".strip()
    return f"- {name}: {words}{'' if holds else ': **not met**'}\n"


def _row(row: dict[str, object]) -> str:
    counts = row["counts"]
    assert isinstance(counts, dict)
    extra = ", ".join(f"{name} {value}" for name, value in counts.items())
    return (
        f"| {row['name']} | {row['cpu_microseconds']} | {row['spread_percent']} "
        f"| {row['wall_microseconds']} | {row['yardsticks']} | {extra} |\n"
    )


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, check=False, cwd=RESULTS.parent
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
