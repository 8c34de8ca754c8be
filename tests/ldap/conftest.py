"""A fresh directory server for each test, and an instance that is configured to read it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rse import config
from rse.config_ldap import DirectorySettings, LdapSettings
from rse.ldap import transport
from rse.ldap.directory import Directory, build
from tests.testenv.programs import Program
from tests.testenv.slapd import SlapdServer

StartSlapd = Callable[..., SlapdServer]
MakeDirectory = Callable[..., Directory]


@pytest.fixture
def start_slapd(slapd_program: Program) -> Iterator[StartSlapd]:
    """Starts servers with options; all are gone after the test."""
    running: list[SlapdServer] = []

    def start(**options: Any) -> SlapdServer:
        running.append(SlapdServer(slapd_program, **options))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def slapd(start_slapd: StartSlapd) -> SlapdServer:
    """A server with two people, Ada and Bo, whose passwords are their names and the word secret."""
    server = start_slapd()
    server.add_person("ada", "Ada Lovell", "ada-secret", title="Engineer")
    server.add_person("bo", "Bo Ferrant", "bo-secret")
    return server


def options_for(server: SlapdServer, folder: Path, **more: Any) -> dict[str, Any]:
    """The settings of a directory that reads this server."""
    password = folder / "directory-password"
    password.write_text(server.sync_password + "\n")
    standard: dict[str, Any] = {
        "name": "corp",
        "profile": "openldap",
        "servers": [server.ldaps_url],
        "ca_file": str(server.ca_file),
        "bind_dn": server.sync_dn,
        "bind_password_file": str(password),
        "timeouts": {"connect": 1, "receive": 2, "run": 20, "sign_in": 4},
        "guard": {"grace": "0s, 1 run"},
        "users": {"bases": [server.people_dn]},
        "groups": {"bases": [server.groups_dn]},
        "sync": {"every": "off"},
    }
    return {**standard, **more}


@pytest.fixture
def make_directory(tmp_path: Path) -> Iterator[MakeDirectory]:
    """Configures directories of the instance; the same name again configures it anew."""
    before = config.settings()
    made: dict[str, DirectorySettings] = {}

    def make(server: SlapdServer, **more: Any) -> Directory:
        chosen = DirectorySettings.model_validate(options_for(server, tmp_path, **more))
        made[chosen.name] = chosen
        ldap = LdapSettings(directories=list(made.values()))
        config.use(config.settings().model_copy(update={"ldap": ldap}))
        return build(chosen)

    yield make
    config.use(before)


@pytest.fixture(autouse=True)
def no_server_is_avoided() -> Iterator[None]:
    """What one test learnt of dead servers is nothing to the next."""
    yield
    transport.forget_failures()
