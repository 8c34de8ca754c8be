"""Distribution packages as test services: downloaded and unpacked, without root, not installed."""

import fcntl
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.testenv.processes import traversable
from tests.testenv.programs import PACKAGES, REPOSITORY

LISTS_FRESH_SECONDS = 24 * 3600
# With an empty package status apt names these too; the system's own are used, they fit its loader.
OF_THE_SYSTEM = {"libc6", "libc-bin", "gcc-12-base", "libgcc-s1", "libstdc++6"}


class NotFetched(Exception):
    """The packages could not be downloaded or unpacked."""


def cache_folder() -> Path:
    """`.cache/testenv`, or a folder that servers without root's rights can reach."""
    named = os.environ.get("RSE_TEST_CACHE")
    folder = Path(named) if named else REPOSITORY / ".cache" / "testenv"
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() or traversable(folder):
        return folder
    shared = Path("/var/tmp/rse-testenv")  # the owner is checked below
    shared.mkdir(mode=0o755, exist_ok=True)
    if shared.stat().st_uid != os.geteuid():
        raise NotFetched(f"{shared} belongs to somebody else")
    return shared


def unpacked(service: str) -> Path:
    """The folder the service's packages are unpacked in, fetched now when it is not there."""
    base = cache_folder() / service
    root, done = base / "root", base / "done"
    wanted = " ".join(PACKAGES[service])
    if _says(done, wanted):
        return root
    with _locked(cache_folder() / "lock"):
        if not _says(done, wanted):
            _fetch(service, base)
            done.write_text(wanted)
    return root


def _says(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


def install(service: str) -> None:
    """The last way, as root only: install, with the start of its daemon denied."""
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        _run(["apt-get", "-qq", "update"], env=quiet)
        names = PACKAGES[service]
        _run(["apt-get", "-qq", "-y", "install", "--no-install-recommends", *names], env=quiet)
    finally:
        if ours:
            policy.unlink()


def library_folders(root: Path) -> list[Path]:
    """Every folder of the unpacked tree that the loader must look into."""
    found = [root / "usr/lib", root / "lib"]
    for lib in (root / "usr/lib", root / "lib"):
        found += [entry for entry in lib.glob("*-linux-gnu*") if entry.is_dir()]
        found += [entry for entry in lib.glob("*-linux-gnu*/*") if _has_libraries(entry)]
    return [folder for folder in found if _has_libraries(folder)]


def _has_libraries(folder: Path) -> bool:
    return folder.is_dir() and any(folder.glob("lib*.so*"))


def _fetch(service: str, base: Path) -> None:
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise NotFetched("this machine has no apt-get")
    print(f"testenv: fetching {service} (unpacked, not installed) …", flush=True)
    shutil.rmtree(base, ignore_errors=True)
    debs, root = base / "debs", base / "root"
    debs.mkdir(parents=True)
    options = _apt_options()
    _run(["apt-get", "-qq", *options, "download", *_wanted(service, options)], cwd=debs)
    for package in sorted(debs.glob("*.deb")):
        _run(["dpkg-deb", "-x", str(package), str(root)])
    shutil.rmtree(debs)
    _drop_rights(root)
    _write_names(root)
    _write_fonts(root, base)


def _apt_options() -> list[str]:
    """Private package lists and caches: any user can use apt, and the system's stay as they are."""
    private = cache_folder() / "apt"
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (private / folder).mkdir(parents=True, exist_ok=True)
    options = [f"Dir::State={private}/state", f"Dir::State::status={_status(private)}"]
    options += [f"Dir::Cache={private}/cache", "Debug::NoLocking=1", "APT::Sandbox::User="]
    flags = [part for option in options for part in ("-o", option)]
    stamp = private / "updated"
    if not stamp.exists() or time.time() - stamp.stat().st_mtime > LISTS_FRESH_SECONDS:
        _run(["apt-get", "-qq", *flags, "update"])
        stamp.touch()
    return flags


def _status(private: Path) -> str:
    """What apt takes for installed: the truth, or nothing when the fetching itself is tested."""
    if not os.environ.get("RSE_TEST_IGNORE_INSTALLED"):
        return "/var/lib/dpkg/status"
    empty = private / "status"
    empty.touch()
    return str(empty)


def _wanted(service: str, options: list[str]) -> list[str]:
    install = ["apt-get", *options, "install", "-s", "--no-install-recommends", *PACKAGES[service]]
    lines = _run(install).splitlines()
    names = {line.split()[1] for line in lines if line.startswith("Inst ")}
    # An installed package is fetched all the same: the whole service then lies in one tree.
    return sorted((names | set(PACKAGES[service])) - OF_THE_SYSTEM)


def _drop_rights(root: Path) -> None:
    """No set-user-id: the loader would hide LD_LIBRARY_PATH, and nobody asked for it."""
    for path in root.rglob("*"):
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID):
            path.chmod(stat.S_IMODE(mode) & 0o777)


def _write_names(root: Path) -> None:
    """A user and group list with Exim's built-in user in it, for libnss_wrapper."""
    users, groups = Path("/etc/passwd").read_text(), Path("/etc/group").read_text()
    users += "Debian-exim:x:65534:65534::/nonexistent:/usr/sbin/nologin\n"
    groups += "Debian-exim:x:65534:\n"
    (root / "passwd").write_text(users)
    (root / "group").write_text(groups)


def _write_fonts(root: Path, base: Path) -> None:
    (root / "fonts.conf").write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"  <dir>{root}/usr/share/fonts</dir>\n  <dir>/usr/share/fonts</dir>\n"
        f"  <cachedir>{base}/fontcache</cachedir>\n</fontconfig>\n"
    )


def _run(command: list[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()[-4:]
        raise NotFetched(f"`{command[0]} … {command[-1]}` failed: {' '.join(lines)}")
    return done.stdout


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process fetches, the others wait for it."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
