"""The frame: CPU for one operation, a ratio in the same run, and results that name their commit."""

import json
from pathlib import Path

import pytest

from bench import frame, report
from bench.frame import Bar, Prepared, Workload, _piece_of_work


async def _prepare(pieces: int, times: int = 20) -> Prepared:
    async def work() -> None:
        for number in range(pieces):
            _piece_of_work(number)

    return Prepared(work, rounds_of=times, counts={"pieces": pieces})


async def test_ten_pieces_cost_about_ten_yardsticks() -> None:
    one = await frame.measure(Workload("ten", lambda: _prepare(10), "ten pieces"))
    assert 6 < one.yardsticks < 16
    assert one.counts == {"pieces": 10}


async def test_what_a_workload_opened_is_closed() -> None:
    closed = []

    async def close() -> None:
        closed.append(True)

    async def prepare() -> Prepared:
        return Prepared((await _prepare(1)).operation, rounds_of=1, close=close)

    await frame.measure(Workload("one", prepare, ""))
    assert closed == [True]


def test_a_name_nobody_knows_is_refused() -> None:
    with pytest.raises(SystemExit, match="No such workload"):
        frame.chosen(["nothing-of-the-kind"])


def test_results_name_commit_and_machine(tmp_path: Path) -> None:
    item = Workload("one", lambda: _prepare(1, 2), "one piece")
    path, text = report.write(frame.run([item]), tmp_path)
    kept = json.loads(path.read_text())
    assert kept["workloads"][0]["name"] == "one"
    assert kept["commit"]
    assert kept["processor"]
    assert "| one |" in text
    assert (tmp_path / "latest-sqlite.md").read_text() == text


def test_a_bar_says_how_many_times_another_of_the_same_run_something_costs(tmp_path: Path) -> None:
    one = Workload("one", lambda: _prepare(1), "one piece", turns="both")
    four = Workload("four", lambda: _prepare(4), "four pieces", "both", (Bar("one", 1.5),))
    run = frame.run([one, four])
    bars = run["bars"]
    assert isinstance(bars, list)
    [bar] = bars
    assert (bar["workload"], bar["of"]) == ("four", "one")
    assert 2.5 < bar["times"] < 6
    _path, text = report.write(run, tmp_path)
    assert "× one; at most 1.5: **not met**" in text


async def test_what_an_operation_costs_is_told_for_one_request() -> None:
    async def ten() -> None:
        for number in range(10):
            _piece_of_work(number)

    async def prepare() -> Prepared:
        return Prepared(ten, rounds_of=10, requests=10)

    measured = await frame.measure(Workload("ten", prepare, "ten at once"))
    assert 0.6 < measured.yardsticks < 1.6
    assert measured.operations == 500


def test_a_bar_may_be_upon_a_count_and_a_limit_by_itself(tmp_path: Path) -> None:
    bars = (Bar("small", 1.5, count="pieces"), Bar("", 3, count="pieces"))
    small = Workload("small", lambda: _prepare(2, 1), "two pieces")
    large = Workload("large", lambda: _prepare(4, 1), "four pieces", bars=bars)
    _path, text = report.write(frame.run([small, large]), tmp_path)
    assert "- large pieces: 2.0 × small; at most 1.5: **not met**" in text
    assert "- large pieces: 4.0; at most 3: **not met**" in text
