"""From a directory entry to a person: the same for run, preview and first sign-in."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rse.ldap import names, values
from rse.ldap.entries import Entry
from rse.ldap.profiles import Profile
from rse.ldap.templates import Template

FIELDS = ("login", "display_name", "mail", "title")
# Mapped only where the settings say so, save the manager; a company's own fields come beside.
EXTRAS = ("phone", "mobile", "site", "manager")
OWN = "details."
LOGIN_LENGTH, NAME_LENGTH, TITLE_LENGTH = 120, 120, 160  # as wide as the columns they go to
EXTRA_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person as the directory describes them; `inactive` is why they may not be active."""

    external_id: str
    dn: str
    dn_key: str
    login: str
    display_name: str
    mail: str | None
    title: str
    inactive: str | None
    primary_group: int | None
    digest: str
    warnings: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def login_key(self) -> str:
        return values.login_key(self.login)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that cannot become a person, and why."""

    dn: str
    reason: str
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Mapper:
    """Profile and templates of a directory; `salt` and so the digests change with them."""

    profile: Profile
    templates: Mapping[str, Template]
    salt: bytes

    @property
    def attributes(self) -> tuple[str, ...]:
        """Everything a search for people must ask for, and nothing more."""
        wanted = {name for template in self.templates.values() for name in template.attributes}
        wanted |= {self.profile.id_attribute, *self.profile.status_attributes}
        if self.profile.has_primary_group:
            wanted.add("primarygroupid")
        return tuple(sorted(wanted))

    def digest(self, entry: Entry) -> str:
        """Equal digests mean: nothing that we read of this entry has changed."""
        whole = hashlib.blake2b(
            entry.dn.encode("utf-8", "surrogatepass"), digest_size=16, key=self.salt
        )
        for name in sorted(entry.attributes):
            found = entry.attributes[name]
            whole.update(b"%b %d " % (name.encode(), len(found)))
            for value in sorted(found):
                whole.update(b"%d " % len(value) + value)
        return whole.hexdigest()

    def read(self, entry: Entry, now: datetime) -> Candidate | Rejected:
        external_id = self.profile.external_id(entry)
        if external_id is None:
            return Rejected(entry.dn, _id_problem(self.profile, entry))
        login = self.templates["login"].render(entry)[:LOGIN_LENGTH].strip()
        if not login:
            return Rejected(entry.dn, "no login: the mapping found no value", external_id)
        mail, warnings = self._mail(entry)
        shown = (name for one in FIELDS for name in self.templates[one].attributes)
        if any(values.is_damaged(value) for name in shown for value in entry.values(name)):
            warnings += ("some text is not UTF-8",)
        primary = (
            values.number(entry.first("primarygroupid")) if self.profile.has_primary_group else None
        )
        return Candidate(
            external_id=external_id,
            dn=entry.dn,
            dn_key=names.key(entry.dn),
            login=login,
            display_name=self.templates["display_name"].render(entry)[:NAME_LENGTH].strip()
            or login,
            mail=mail,
            title=self.templates["title"].render(entry)[:TITLE_LENGTH].strip(),
            inactive=self.profile.status(entry, now),
            primary_group=primary,
            digest=self.digest(entry),
            warnings=warnings,
            extra={
                name: template.render(entry)[:EXTRA_LENGTH].strip()
                for name, template in self.templates.items()
                if name not in FIELDS
            },
        )

    def _mail(self, entry: Entry) -> tuple[str | None, tuple[str, ...]]:
        options = [option for option in self.templates["mail"].options(entry) if option]
        valid = next((address for option in options if (address := values.mail(option))), None)
        return valid, ("no valid mail address",) if options and valid is None else ()


def _id_problem(profile: Profile, entry: Entry) -> str:
    count = len(entry.values(profile.id_attribute))
    if count == 0:
        return f"no {profile.id_attribute}: may the service account read it?"
    return (
        f"{profile.id_attribute} has {count} values"
        if count > 1
        else f"{profile.id_attribute} is malformed"
    )
