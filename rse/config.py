"""The settings: one typed schema, read once from a TOML file and the environment.

Precedence: defaults, then the file, then RSE_SECTION__KEY. A mistake is answered with the file,
the line and the key that was probably meant.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError, field_validator

from rse.config_brand import BrandSettings
from rse.config_federation import FederationSettings
from rse.config_files import FilesSettings
from rse.config_ldap import LdapSettings
from rse.config_mail import MailSettings
from rse.config_previews import PreviewSettings
from rse.config_section import Section

PREFIX = "RSE_"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ConfigError(Exception):
    """The settings cannot be used; the message says where and what to do."""


class ServerSettings(Section):
    public_url: str = Field(
        "http://127.0.0.1:8800",
        description="The address people type. Permanent: partners know this instance by it.",
    )
    bind: str = Field("127.0.0.1:8800", description="Address and port to listen on.")
    data_dir: Path = Field(Path("data"), description="Database, files, keys and mail spool.")
    node: int | None = Field(
        None, ge=0, le=1023,
        description="Number of this process in ids: give each of several a number of its own.",
    )  # fmt: skip
    trusted_proxies: list[str] = Field(
        [], description="Networks of reverse proxies whose forwarded addresses are believed."
    )
    max_upload_mb: int = Field(16, ge=1, le=64, description="Largest request body, in MB.")

    @field_validator("public_url")
    @classmethod
    def _https_or_loopback(cls, value: str) -> str:
        parts = urlsplit(value)
        host = parts.hostname or ""
        local = host in LOOPBACK or host.endswith(".localhost")
        if parts.scheme not in {"https", "http"} or not host or parts.path not in {"", "/"}:
            raise ValueError("write an address such as https://social.company.example")
        if parts.scheme == "http" and not local:
            raise ValueError("must begin with https:// unless it is this machine's own address")
        return value.rstrip("/")


class DatabaseSettings(Section):
    url: str = Field(
        "", description="Empty for SQLite in the data directory, or postgres://user@host/name."
    )
    pool: int = Field(8, ge=2, le=64, description="PostgreSQL connections of one process.")


class RedisSettings(Section):
    url: str = Field(
        "", description="redis://host:port/number; needed for more than one web process."
    )


class NetworkSettings(Section):
    allowed_private: list[str] = Field(
        [], description="Private networks this instance may connect to, such as a partner's VPN."
    )

    @field_validator("allowed_private")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for text in value:
            ip_network(text)
        return value


class CommunitySettings(Section):
    language: Literal["en", "fr", "de"] = Field("fr", description="Language before sign-in.")
    timezone: str = Field("Europe/Paris", description="Time zone until a person chooses one.")
    reactions: list[str] = Field(
        ["👍", "👏", "❤️", "🎉", "💡", "🤔"], min_length=1, max_length=12,
        description="The reactions people may choose from.",
    )  # fmt: skip


class LogSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level.")
    json_lines: bool = Field(True, description="One JSON object a line; false for people.")


class Settings(Section):
    """Everything that can be set. Sections are tables of the file."""

    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    network: NetworkSettings = NetworkSettings()
    community: CommunitySettings = CommunitySettings()
    files: FilesSettings = FilesSettings()
    previews: PreviewSettings = PreviewSettings()
    brand: BrandSettings = BrandSettings()
    mail: MailSettings = MailSettings()
    ldap: LdapSettings = LdapSettings()
    federation: FederationSettings = FederationSettings()
    log: LogSettings = LogSettings()

    @property
    def database_url(self) -> str:
        return self.database.url or f"sqlite://{self.server.data_dir / 'rse.sqlite3'}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: this instance's name among its partners."""
        return self.server.public_url

    @property
    def host(self) -> str:
        return urlsplit(self.server.public_url).netloc

    @property
    def secure(self) -> bool:
        return self.server.public_url.startswith("https://")


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; ConfigError names file, line and likely key."""
    text = ""
    if path is not None:
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None
    _overlay(raw, os.environ if environment is None else environment)
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(path, text, e) for e in error.errors())) from None


def _overlay(raw: dict[str, Any], environment: Mapping[str, str]) -> None:
    """Lay RSE_SECTION__KEY over the file; a value that reads as TOML is one, else it is text."""
    for name, value in environment.items():
        if not name.startswith(PREFIX) or "__" not in name or name.startswith("RSE_TEST_"):
            continue
        *sections, key = name.removeprefix(PREFIX).lower().split("__")
        table = raw
        for section in sections:
            table = table.setdefault(section, {})
        table[key] = _value(value)


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        return text


def _explain(path: Path | None, text: str, error: Any) -> str:
    where = [str(part) for part in error["loc"]]
    place = f"{path or 'environment'}"
    if line := _line_of(text, where):
        place += f":{line}"
    table = f"[{'.'.join(where[:-1])}]"
    if error["type"] == "extra_forbidden":
        known = list(_model_at(where[:-1]).model_fields)
        close = difflib.get_close_matches(where[-1], known, n=1)
        hint = f' Did you mean "{close[0]}"?' if close else ""
        return f"{place} {table} {where[-1]}: unknown key.{hint} Allowed: {', '.join(known)}."
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{place} {table} {where[-1]}: {message}"


def _model_at(where: list[str]) -> type[BaseModel]:
    model: type[BaseModel] = Settings
    for name in where:
        if name.isdigit() or name not in model.model_fields:
            continue
        annotation: Any = model.model_fields[name].annotation
        inner = getattr(annotation, "__args__", (annotation,))[-1]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return model


def _line_of(text: str, where: list[str]) -> int | None:
    """The line a key stands on: the first line of its name below its table's heading."""
    tables = {name for name in where[:-1] if not name.isdigit()}
    inside = not tables
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            inside = set(stripped.strip("[] ").split(".")) >= tables or not tables
            if stripped.strip("[] ").split(".")[-1] == where[-1]:
                return number
        elif inside and stripped.partition("=")[0].strip() == where[-1]:
            return number
    return None


_settings: Settings | None = None


def use(chosen: Settings) -> None:
    """Make these the process's settings."""
    global _settings  # noqa: PLW0603 - one instance per process
    _settings = chosen


def settings() -> Settings:
    """The settings in force; the defaults until some were loaded."""
    global _settings  # noqa: PLW0603
    if _settings is None:
        _settings = Settings()
    return _settings
