"""A service's program on this machine: where it is, and the environment it needs to run."""

import os
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Program:
    """A program that is installed, or unpacked below `root`, or somebody's server at `url`."""

    path: Path
    root: Path | None = None
    url: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def file(self, below_root: str) -> Path:
        """Where a file of the program's package lies: file("etc/ldap/schema")."""
        return (self.root or Path("/")) / below_root

    def env(self) -> dict[str, str]:
        """The environment to start the program in."""
        return {**os.environ, **self.extra}

    def beside(self, name: str) -> Path:
        """Another program of the same package: beside("initdb")."""
        return self.path.parent / name


@dataclass(frozen=True, slots=True)
class Services:
    """What was found; a service that was not asked for is None."""

    slapd: Program | None = None
    postgresql: Program | None = None
    redis: Program | None = None
    exim: Program | None = None
    chromium: Program | None = None

    def need(self, name: str) -> Program:
        program = getattr(self, name)
        if not isinstance(program, Program):
            raise Missing(name)
        return program


class Missing(Exception):
    """A service is not there, and the sentence says what mends it."""

    def __init__(self, service: str, because: str = "") -> None:
        self.service = service
        super().__init__(
            f"{service} is needed and was not found.{' ' + because if because else ''}\n"
            f"  Mend it: {command_for(service)}\n"
            f"  or name one: export RSE_TEST_{service.upper()}=/path/to/it"
        )


PACKAGES: dict[str, tuple[str, ...]] = {
    "slapd": ("slapd", "ldap-utils"),
    "postgresql": ("postgresql",),
    "redis": ("redis-server",),
    "exim": ("exim4-daemon-light", "libnss-wrapper"),
    "chromium": ("chromium", "fonts-dejavu-core", "libatomic1"),
}


def command_for(service: str) -> str:
    names = " ".join(PACKAGES[service])
    return f"apt-get install --no-install-recommends {names}"
