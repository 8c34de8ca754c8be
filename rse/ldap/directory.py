"""One configured directory, ready to be used: route, credentials, filters, templates and limits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from rse.config import ConfigError, settings
from rse.config_ldap import DirectorySettings, share
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.ldap import filters, names, templates
from rse.ldap.errors import DirectoryError
from rse.ldap.filters import FilterSyntax
from rse.ldap.guard import Limits
from rse.ldap.mapping import EXTRAS, FIELDS, OWN, Mapper
from rse.ldap.names import DnSyntax
from rse.ldap.profiles import PROFILES, Profile
from rse.ldap.templates import Template, TemplateSyntax
from rse.ldap.transport import Credentials, Endpoint, Route


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything about one directory that does not change while the process runs."""

    settings: DirectorySettings
    profile: Profile
    mapper: Mapper
    route: Route
    user_filter: bytes
    exclude: tuple[str, ...]
    limits: Limits

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def source(self) -> str:
        """How accounts and statuses name this directory as their origin."""
        return f"ldap:{self.settings.name}"

    @property
    def reads_groups(self) -> bool:
        return self.settings.reads_groups

    def excludes(self, dn_key: str) -> bool:
        return any(names.is_under(dn_key, base) for base in self.exclude)

    def credentials(self) -> Credentials | None:
        """Whom we read as; the password file is read anew each time, so that it can be changed."""
        path = self.settings.bind_password_file
        if self.settings.bind == "anonymous" or path is None:
            return None
        try:
            password = _in_data(path).read_bytes().rstrip(b"\r\n")
        except OSError as error:
            raise DirectoryError(
                f"{path}: the password cannot be read: {error.strerror}"
            ) from error
        return Credentials(self.settings.bind_dn, password)


def directories() -> list[Directory]:
    """All configured directories, in their order."""
    return [build(one) for one in settings().ldap.directories]


def named(name: str | None) -> Directory:
    """The directory of this name, or the only one."""
    found = [one for one in settings().ldap.directories if name in (None, one.name)]
    if len(found) != 1:
        known = ", ".join(one.name for one in settings().ldap.directories) or "–"
        raise NotFound(_("Name one directory; configured: %(names)s.", names=known))
    return build(found[0])


def build(chosen: DirectorySettings) -> Directory:
    """Prepare a directory; ConfigError names what its settings get wrong."""
    profile = PROFILES[chosen.profile]
    if chosen.users.id_attribute:
        profile = replace(profile, id_attribute=chosen.users.id_attribute.lower())
    where = f"[[ldap.directories]] {chosen.name}"
    try:
        user_filter = profile.user_filter
        if chosen.users.filter:
            user_filter = filters.and_(user_filter, filters.parse(chosen.users.filter))
        exclude = tuple(names.normal(base) for base in chosen.users.exclude)
        mapped = _templates(chosen, profile)
    except (FilterSyntax, DnSyntax, TemplateSyntax) as error:
        raise ConfigError(f"{where}: {error}") from None
    return Directory(
        settings=chosen,
        profile=profile,
        mapper=Mapper(profile, mapped, _salt(chosen)),
        route=_route(chosen),
        user_filter=user_filter,
        exclude=exclude,
        limits=Limits(
            missing=share(chosen.guard.missing),
            least=chosen.guard.missing_min,
            identity_changes=share(chosen.guard.identity_changes),
        ),
    )


def _templates(chosen: DirectorySettings, profile: Profile) -> Mapping[str, Template]:
    written = {name: getattr(chosen.map, name) or profile.mapping[name] for name in FIELDS}
    written |= {name: getattr(chosen.map, name) for name in EXTRAS}
    written |= {f"{OWN}{key}": text for key, text in chosen.map.fields.items()}
    return {name: templates.parse(text) for name, text in written.items() if text}


def _salt(chosen: DirectorySettings) -> bytes:
    """Other templates or another id make other digests, so every entry is looked at again."""
    told = f"{chosen.profile}\n{chosen.users.id_attribute}\n{chosen.map.model_dump_json()}"
    return blake2b(told.encode(), digest_size=16).digest()


def _route(chosen: DirectorySettings) -> Route:
    return Route(
        endpoints=[Endpoint.parse(url) for url in chosen.servers],
        start_tls=chosen.security == "starttls",
        plaintext=chosen.security == "plaintext",
        ca_file=str(_in_data(chosen.ca_file)) if chosen.ca_file else None,
        tls_name=chosen.tls_name or None,
        connect_seconds=chosen.timeouts.connect,
        receive_seconds=chosen.timeouts.receive,
    )


def _in_data(path: Path) -> Path:
    """A relative path of the settings lies in the data directory."""
    return settings().server.data_dir / path
