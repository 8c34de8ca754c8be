"""Making the environment: only when needed, wheels at hand first, mistakes that say what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.testenv import venv
from tests.testenv.programs import REPOSITORY


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was run; nothing is, and a run without the index finds nothing."""
    seen: list[list[str]] = []

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        seen.append(command)
        return subprocess.CompletedProcess(command, 1 if "--no-index" in command else 0)

    monkeypatch.setattr("subprocess.run", run)
    return seen


def _made(folder: Path) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    return folder


def test_an_environment_at_the_locks_state_is_left_alone(
    tmp_path: Path, calls: list[list[str]]
) -> None:
    folder = _made(tmp_path / "venv")
    venv.make(folder, tmp_path / "wheelhouse")
    venv.make(folder, tmp_path / "wheelhouse")
    assert len(calls) == 1
    assert "--require-hashes" in calls[0]


def test_another_lock_is_installed(
    tmp_path: Path, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, lock = _made(tmp_path / "venv"), REPOSITORY / "requirements" / "rse.lock"
    venv.make(folder, tmp_path / "wheelhouse")
    monkeypatch.setattr(venv, "LOCK", lock)
    venv.make(folder, tmp_path / "wheelhouse")
    assert len(calls) == 2


def test_wheels_at_hand_are_tried_before_the_index(tmp_path: Path, calls: list[list[str]]) -> None:
    (tmp_path / "wheelhouse").mkdir()
    venv.make(_made(tmp_path / "venv"), tmp_path / "wheelhouse")
    assert ["--no-index" in command for command in calls] == [True, False]


def test_a_python_without_ensurepip_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        venv.make(tmp_path / "venv", tmp_path / "wheelhouse")


def test_a_command_runs_with_what_was_found_and_its_own_exit_status(tmp_path: Path) -> None:
    program = tmp_path / "slapd"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    command = [sys.executable, "-m", "tests.testenv", "run", "--services", "slapd", "--"]
    done = subprocess.run(
        [*command, "sh", "-c", "echo $RSE_TEST_SLAPD; exit 7"],
        env={"PATH": "/usr/bin:/bin", "RSE_TEST_SLAPD": str(program)},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == (str(program), 7)
