"""Settings of the directories people come from."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from rse.config_section import Section

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_SPAN = re.compile(r"(\d{1,5})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def span(text: str) -> timedelta:
    """ "24h", "15m", "0s" or "7d" as a duration."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'"{text}" is not a duration; write 30s, 15m, 24h or 7d')
    return timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})


def share(text: str) -> float:
    """ "3%" as a part of one."""
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*%", text.strip())
    if match is None or float(match.group(1)) > 100:
        raise ValueError(f'"{text}" is not a share; write 3%')
    return float(match.group(1)) / 100


class TimeoutSettings(Section):
    connect: int = Field(3, ge=1, le=60, description="Seconds to reach a server.")
    receive: int = Field(10, ge=1, le=300, description="Seconds to wait for the next bytes.")
    run: int = Field(900, ge=5, le=86400, description="Seconds a whole reading may take.")
    sign_in: int = Field(8, ge=1, le=60, description="Seconds a sign-in may take.")


class GuardSettings(Section):
    missing: str = Field("3%", description="Share of the people who may vanish in one run.")
    missing_min: int = Field(10, ge=0, description="Up to so many are always let through.")
    identity_changes: str = Field("10%", description="Share whose login or mail may change.")
    group_loss: str = Field(
        "30%", description="Share of a space that its group may lose in one run."
    )
    grace: str = Field(
        "24h, 2 runs", description="How long, and in how many whole runs, somebody must be gone."
    )

    @field_validator("missing", "identity_changes", "group_loss")
    @classmethod
    def _is_share(cls, value: str) -> str:
        share(value)
        return value

    @field_validator("grace")
    @classmethod
    def _is_grace(cls, value: str) -> str:
        _grace(value)
        return value

    @property
    def grace_time(self) -> timedelta:
        return _grace(self.grace)[0]

    @property
    def grace_runs(self) -> int:
        return _grace(self.grace)[1]


def _grace(text: str) -> tuple[timedelta, int]:
    time, _, runs = text.partition(",")
    match = re.fullmatch(r"\s*([1-9]\d?)\s*runs?\s*", runs)
    if match is None:
        raise ValueError(f'"{text}" is not a grace; write "24h, 2 runs"')
    return span(time), int(match.group(1))


class SignInSettings(Section):
    by: list[Literal["login", "mail", "upn"]] = Field(
        ["login", "mail"], min_length=1, description="What people may type as their name."
    )
    jit: bool = Field(True, description="Whether a first sign-in may come before the first run.")
    suffix: str = Field("", description='A short name that people may put before: "corp\\name".')


class UserSettings(Section):
    bases: list[str] = Field(min_length=1, description="Where people are searched.")
    exclude: list[str] = Field([], description="Parts of the tree that are left out.")
    filter: str = Field("", description="A filter beside the profile's own.")
    require_groups: list[str] = Field(
        [], description="Only the people of these groups have access; nested groups count."
    )
    id_attribute: str = Field("", description="Another immutable id than the profile's.")


class GroupSettings(Section):
    bases: list[str] = Field([], description="Where groups are searched.")
    nested: bool = Field(True, description="Whether groups inside groups count.")


class MapSettings(Section):
    login: str = Field("", description="Template of the login; empty: the profile's.")
    display_name: str = Field("", description="Template of the name.")
    mail: str = Field("", description="Template of the mail address.")
    title: str = Field("", description="Template of the job title.")
    phone: str = Field("", description="Template of the phone; empty: each person's own.")
    mobile: str = Field("", description="Template of the mobile phone; empty: each person's own.")
    site: str = Field("", description="Template of the office or site; empty: each person's own.")
    manager: str = Field("{manager}", description="Attribute with the manager's DN; empty: none.")
    fields: dict[str, str] = Field(
        {}, description="Templates of your company's own profile fields, by their keys."
    )


class SyncSettings(Section):
    every: str = Field("15m", description='How often the directory is read; "off" for never.')

    @field_validator("every")
    @classmethod
    def _is_span(cls, value: str) -> str:
        if value != "off" and span(value) < timedelta(minutes=1):
            raise ValueError("a minute is the least")
        return value

    @property
    def interval(self) -> timedelta | None:
        return None if self.every == "off" else span(self.every)


class GrantSettings(Section):
    group: str = Field(min_length=1, description="Name or DN of a group.")
    role: Literal["admin"] = Field(description="The role that its people have.")
    strict: bool = Field(True, description="Whether leaving the group takes the role away.")


class PlaceSettings(Section):
    group: str = Field(min_length=1, description="Name or DN of a group.")
    space: str = Field(
        min_length=1,
        max_length=80,
        description="The name of a space of ours, or the id in its address.",
    )
    strict: bool = Field(True, description="Whether leaving the group ends the membership.")


class DirectorySettings(Section):
    """One directory; its name is permanent, accounts remember it."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="Permanent short name.")
    title: str = Field("", description="What people read; the name when empty.")
    profile: Literal["openldap", "active-directory", "389ds", "generic"] = Field(
        description="The kind of server."
    )
    servers: list[str] = Field(min_length=1, description="ldap:// or ldaps://, tried in order.")
    security: Literal["ldaps", "starttls", "plaintext"] = Field(
        "ldaps", description="How the connection is encrypted."
    )
    insecure_plaintext: Literal["", "I understand"] = Field(
        "", description="Needed for plaintext, which works on loopback only."
    )
    ca_file: Path | None = Field(None, description="The CA's certificate; empty: the system's.")
    tls_name: str = Field("", description="The name in the certificate, if not the server's.")
    bind: Literal["simple", "anonymous"] = Field("simple", description="How we sign in to read.")
    bind_dn: str = Field("", description="The service account.")
    bind_password_file: Path | None = Field(None, description="A file with its password.")
    timeouts: TimeoutSettings = TimeoutSettings()
    page_size: int = Field(1000, ge=1, le=10000, description="Entries asked for at a time.")
    guard: GuardSettings = GuardSettings()
    login: SignInSettings = SignInSettings()
    link: Literal["none", "mail", "login"] = Field(
        "none", description="What joins a person to a local account that exists already."
    )
    users: UserSettings
    groups: GroupSettings = GroupSettings()
    map: MapSettings = MapSettings()
    sync: SyncSettings = SyncSettings()
    grants: list[GrantSettings] = Field([], description="Roles that groups give.")
    spaces: list[PlaceSettings] = Field([], description="Spaces whose members groups are.")

    @property
    def label(self) -> str:
        return self.title or self.name

    @property
    def reads_groups(self) -> bool:
        return bool(self.users.require_groups or self.grants or self.spaces)

    @field_validator("servers")
    @classmethod
    def _addresses(cls, value: list[str]) -> list[str]:
        for text in value:
            parts = urlsplit(text)
            if parts.scheme not in {"ldap", "ldaps"} or not parts.hostname or parts.path.strip("/"):
                raise ValueError(f'"{text}" is not an address such as ldaps://dc1.company.example')
        return value

    @model_validator(mode="after")
    def _encrypted(self) -> "DirectorySettings":
        wanted = "ldaps" if self.security == "ldaps" else "ldap"
        if any(urlsplit(text).scheme != wanted for text in self.servers):
            raise ValueError(
                f'security "{self.security}" needs addresses that begin with {wanted}://'
            )
        if self.security == "plaintext":
            local = all(urlsplit(text).hostname in LOOPBACK for text in self.servers)
            if not local or self.insecure_plaintext != "I understand":
                raise ValueError("plaintext works on loopback only, with insecure_plaintext set")
        return self

    @model_validator(mode="after")
    def _complete(self) -> "DirectorySettings":
        if self.bind == "simple" and not (self.bind_dn and self.bind_password_file):
            raise ValueError("a simple bind needs bind_dn and bind_password_file")
        if self.reads_groups and not self.groups.bases:
            raise ValueError("require_groups, grants and spaces need [groups] bases")
        return self


class LdapSettings(Section):
    directories: list[DirectorySettings] = Field([], description="In the order of sign-in.")

    @field_validator("directories")
    @classmethod
    def _distinct(cls, value: list[DirectorySettings]) -> list[DirectorySettings]:
        names = [directory.name for directory in value]
        if len(set(names)) != len(names):
            raise ValueError("two directories have one name")
        return value
