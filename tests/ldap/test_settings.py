"""Settings of directories: what is refused, in words."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from rse.config import ConfigError, load
from rse.config_ldap import DirectorySettings, LdapSettings
from rse.ldap.directory import build

STANDARD: dict[str, Any] = {
    "name": "corp",
    "profile": "openldap",
    "servers": ["ldaps://dc1.ostrelle.example"],
    "bind_dn": "cn=sync",
    "bind_password_file": "secrets/directory",
    "users": {"bases": ["dc=ostrelle,dc=example"]},
}


def settings(**more: Any) -> DirectorySettings:
    return DirectorySettings.model_validate({**STANDARD, **more})


def test_the_standard_is_safe() -> None:
    made = settings()
    assert (made.security, made.link, made.login.jit) == ("ldaps", "none", True)
    assert (made.guard.grace_time, made.guard.grace_runs) == (timedelta(hours=24), 2)
    assert made.sync.interval == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"servers": ["ldap://dc1.ostrelle.example"]}, "needs addresses that begin with ldaps"),
        ({"security": "starttls"}, "needs addresses that begin with ldap"),
        ({"servers": ["http://dc1"]}, "not an address"),
        ({"servers": []}, "at least 1"),
        ({"security": "plaintext", "servers": ["ldap://127.0.0.1"]}, "loopback only"),
        (
            {
                "security": "plaintext",
                "servers": ["ldap://dc1.ostrelle.example"],
                "insecure_plaintext": "I understand",
            },
            "loopback only",
        ),
        ({"ignore_certificate": True}, "ignore_certificate"),
        ({"name": "Corp!"}, "name"),
        ({"guard": {"grace": "soon"}}, "is not a grace"),
        ({"guard": {"grace": "24h, 0 runs"}}, "is not a grace"),
        ({"guard": {"missing": "200%"}}, "is not a share"),
        ({"sync": {"every": "1s"}}, "a minute is the least"),
        ({"bind_dn": ""}, "needs bind_dn"),
        ({"users": {"bases": ["dc=x"], "require_groups": ["a"]}}, "bases"),
        ({"grants": [{"group": "a", "role": "admin"}]}, "bases"),
        ({"grants": [{"group": "a", "role": "owner"}]}, "role"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(more: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        settings(**more)


def test_two_directories_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="one name"):
        LdapSettings.model_validate({"directories": [STANDARD, STANDARD]})


@pytest.mark.parametrize(
    "more",
    [
        {"users": {"bases": ["dc=x"], "filter": "(uid=ada"}},
        {"users": {"bases": ["dc=x"], "exclude": ["nonsense"]}},
        {"map": {"login": "{uid"}},
    ],
)
def test_a_filter_name_or_template_with_a_mistake_names_its_directory(more: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="corp"):
        build(settings(**more))


def test_a_directory_is_read_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "rse.toml"
    file.write_text(
        """
[[ldap.directories]]
name = "corp"
profile = "active-directory"
servers = ["ldaps://dc1.ostrelle.example", "ldaps://dc2.ostrelle.example"]
bind_dn = "CN=svc,DC=ostrelle,DC=example"
bind_password_file = "secrets/directory"
guard = { missing = "3%", grace = "0s, 1 run" }
login = { by = ["login", "mail", "upn"], suffix = "corp" }
[ldap.directories.users]
bases = ["OU=Staff,DC=ostrelle,DC=example"]
filter = "(!(employeeType=robot))"
require_groups = ["Network-Users"]
[ldap.directories.groups]
bases = ["OU=Groups,DC=ostrelle,DC=example"]
[ldap.directories.map]
display_name = "{displayName|givenName sn|cn}"
[[ldap.directories.grants]]
group = "Network-Admins"
role = "admin"
"""
    )
    (made,) = load(file, {}).ldap.directories
    directory = build(made)
    assert [str(one) for one in directory.route.endpoints][1] == "ldaps://dc2.ostrelle.example:636"
    assert directory.reads_groups and made.grants[0].strict
    file.write_text(file.read_text().replace("nested", "").replace("suffix", "sufix"))
    with pytest.raises(ConfigError, match='Did you mean "suffix"'):
        load(file, {})
