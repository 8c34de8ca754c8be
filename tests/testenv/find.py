"""Finds each service: named in the environment, installed, unpacked in the cache, or fetched."""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.testenv import chromium, packages
from tests.testenv.programs import Missing, Program, Services

ALL = ("slapd", "postgresql", "redis", "exim", "chromium")

# The program that stands for the service; the first that exists is taken.
_NAMES: dict[str, tuple[str, ...]] = {
    "slapd": ("slapd",),
    "postgresql": ("postgres",),
    "redis": ("redis-server", "valkey-server"),
    "exim": ("exim4", "exim"),
    "chromium": ("chromium", "chromium-browser", "google-chrome-stable"),
}
# Where Debian puts it, in the order of preference; seen from the root of the tree.
_PLACES: dict[str, tuple[str, ...]] = {
    "slapd": ("usr/sbin",),
    "postgresql": ("usr/lib/postgresql/*/bin",),
    "redis": ("usr/bin",),
    "exim": ("usr/sbin",),
    "chromium": ("usr/lib/chromium", "usr/bin"),
}


def find(names: Iterable[str] = ALL) -> Services:
    """The named services, each found or fetched; raises Missing with the command that mends it."""
    return Services(**{name: _one(name) for name in names})


def wanted(text: str) -> list[str]:
    """The names in "slapd,redis"; "none" names none, nothing means all."""
    if text.strip() == "none":
        return []
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in ALL:
            raise Missing("slapd", f"There is no service {name!r}; there are {', '.join(ALL)}.")
    return names or list(ALL)


def export(services: Services) -> dict[str, str]:
    """RSE_TEST_<SERVICE> for a child, which then finds the same programs without looking."""
    found = {name: getattr(services, name) for name in ALL}
    return {
        f"RSE_TEST_{name.upper()}": program.url or str(program.path)
        for name, program in found.items()
        if program is not None
    }


def _one(name: str) -> Program:
    if os.environ.get("RSE_TEST_SERVICES") == "none":
        raise Missing(name, "This run was told to use no services (RSE_TEST_SERVICES=none).")
    named = os.environ.get(f"RSE_TEST_{name.upper()}")
    if named:
        return _named(name, named)
    if not os.environ.get("RSE_TEST_IGNORE_INSTALLED"):
        path = _installed(name)
        if path:
            return Program(path)
    return _fetched(name)


def _named(name: str, value: str) -> Program:
    if "://" in value:
        return Program(Path(), url=value)
    path = Path(value)
    if not path.is_file() or not os.access(path, os.X_OK):
        raise Missing(name, f"RSE_TEST_{name.upper()}={value} is not a program.")
    root = _root_of(path)
    return Program(path, root, extra=_environment(name, root) if root else {})


def _installed(name: str) -> Path | None:
    """In Debian's places first: a wrapper on PATH may stand for a program it does not belong to."""
    if name == "chromium" and not chromium.driver_runs():
        return None
    path = _below(Path("/"), name)
    if path:
        return path
    places = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
    for program in _NAMES[name]:
        found = shutil.which(program, path=places)
        if found:
            return Path(found).resolve()
    return None


def _below(root: Path, name: str) -> Path | None:
    for place in _PLACES[name]:
        for folder in sorted(root.glob(place), key=_version, reverse=True):
            for program in _NAMES[name]:
                if (folder / program).exists():
                    return folder / program
    return None


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", str(folder)))


def _fetched(name: str) -> Program:
    try:
        root = packages.unpacked(name)
    except (packages.NotFetched, OSError) as error:
        return _installed_now(name, str(error))
    path = _below(root, name)
    if path is None:
        raise Missing(name, f"Its packages were unpacked in {root}, but hold no program.")
    return Program(path, root, extra=_environment(name, root))


def _installed_now(name: str, because: str) -> Program:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Missing(name, because)
    try:
        packages.install(name)
    except packages.NotFetched as error:
        raise Missing(name, f"{because} {error}") from error
    path = _installed(name)
    if path is None:
        raise Missing(name, because)
    return Program(path)


def _root_of(path: Path) -> Path | None:
    """The unpacked tree that a program lies in, so that its path alone is enough to run it."""
    for parent in path.parents:
        if (parent / "fonts.conf").exists() and (parent / "passwd").exists():
            return parent
    return None


def _environment(name: str, root: Path) -> dict[str, str]:
    folders = [str(folder) for folder in packages.library_folders(root)]
    env = {"LD_LIBRARY_PATH": ":".join(folders)}
    if name == "chromium":
        env["FONTCONFIG_FILE"] = str(root / "fonts.conf")
    if name == "exim":
        env |= _names_for_exim(root)
    return env


def _names_for_exim(root: Path) -> dict[str, str]:
    """Exim asks for a user by the name built into it, which only an installed package creates."""
    wrapper = next(root.glob("usr/lib/*/libnss_wrapper.so*"))
    return {
        "LD_PRELOAD": str(wrapper),
        "NSS_WRAPPER_PASSWD": str(root / "passwd"),
        "NSS_WRAPPER_GROUP": str(root / "group"),
    }
