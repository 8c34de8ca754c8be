"""Makes `.venv` from the hashed lock, and computes that lock."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

from tests.testenv.programs import REPOSITORY

REQUIREMENTS = REPOSITORY / "requirements"
LOCK = REQUIREMENTS / "dev.lock"
_QUIET = ["-q", "--disable-pip-version-check", "--no-input"]


def make(folder: Path, wheelhouse: Path) -> None:
    """Bring `folder` to the lock's state; does nothing when it is there already."""
    stamp, state = folder / "lock.sha256", hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == state:
        return
    if not (folder / "bin" / "python").exists():
        _create(folder)
    print(f"setup: installing {LOCK.relative_to(REPOSITORY)} into {folder} …", flush=True)
    _install(folder / "bin" / "python", wheelhouse)
    stamp.write_text(state)


def lock() -> None:
    """Compute the locks anew: everything for developers, and the product's own part of it."""
    _compile(LOCK, "--extra=test", "--extra=dev")
    _compile(REQUIREMENTS / "rse.lock", f"--constraint={LOCK}")


def _create(folder: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "setup: this Python cannot make virtual environments: its ensurepip is missing.\n"
            "  On Debian and Ubuntu: apt-get install python3-venv"
        )
    try:
        venv.create(folder, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit(
            f"setup: `{sys.executable} -m venv` failed.\n"
            "  On Debian and Ubuntu: apt-get install python3-venv"
        )


def _install(python: Path, wheelhouse: Path) -> None:
    command = [str(python), "-m", "pip", "install", *_QUIET, "--require-hashes", "-r", str(LOCK)]
    if wheelhouse.is_dir():
        offline = [*command, "--no-index", f"--find-links={wheelhouse}"]
        if subprocess.run(offline, check=False).returncode == 0:
            return
        print(f"setup: {wheelhouse} is not complete; asking the package index", flush=True)
    done = subprocess.run(command, check=False)
    if done.returncode:
        sys.exit(f"setup: pip could not install {LOCK.relative_to(REPOSITORY)}")


def _compile(target: Path, *options: str) -> None:
    command = [sys.executable, "-m", "piptools", "compile", "-q", "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links"]
    command += ["--no-header", "--no-annotate", "--strip-extras", "--allow-unsafe"]
    command += [*options, "-o", str(target), "pyproject.toml"]
    done = subprocess.run(command, cwd=REPOSITORY, check=False, env=os.environ)
    if done.returncode:
        sys.exit("lock: pip-compile failed")
    text = target.read_text()
    # pip-compile may repeat the constraint's place; a lock holds names, versions and hashes alone.
    target.write_text("".join(line for line in text.splitlines(True) if not line.startswith("-c")))
