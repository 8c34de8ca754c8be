"""What differs between kinds of servers: ids, filters, who is disabled, group members."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rse.ldap import filters, values
from rse.ldap.entries import Entry

DISABLED, EXPIRED = "disabled in the directory", "expired in the directory"
StatusRule = Callable[[Entry, datetime], str | None]


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of server. `status` gives the reason why an entry may not be active, or None."""

    name: str
    id_attribute: str
    read_id: Callable[[bytes], str | None]
    id_value: Callable[[str], bytes]
    user_filter: bytes
    group_filter: bytes
    status: StatusRule
    status_attributes: tuple[str, ...]
    member_attributes: tuple[str, ...]
    mapping: Mapping[str, str]
    login_attribute: str
    has_primary_group: bool = False

    def external_id(self, entry: Entry) -> str | None:
        """The immutable id, or None when it is absent, doubled or malformed."""
        found = entry.values(self.id_attribute)
        return self.read_id(found[0]) if len(found) == 1 else None

    def id_filter(self, external_id: str) -> bytes:
        return filters.eq(self.id_attribute, self.id_value(external_id))


def _active_directory_status(entry: Entry, now: datetime) -> str | None:
    if (values.number(entry.first("useraccountcontrol")) or 0) & values.UAC_DISABLED:
        return DISABLED
    expires = values.filetime(entry.first("accountexpires"))
    return EXPIRED if expires is not None and expires <= now else None


def _openldap_status(entry: Entry, now: datetime) -> str | None:
    """OpenLDAP disables by "locked for ever"; a lock with a date passes by itself."""
    if entry.first("pwdaccountlockedtime") == b"000001010000Z":
        return DISABLED
    return _shadow_status(entry, now)


def _ns_lock_status(entry: Entry, now: datetime) -> str | None:
    if (entry.first("nsaccountlock") or b"").lower() == b"true":
        return DISABLED
    return _shadow_status(entry, now)


def _shadow_status(entry: Entry, now: datetime) -> str | None:
    days = values.number(entry.first("shadowexpire"))
    if days is None or days < 0:
        return None
    return EXPIRED if days * 86400 <= now.timestamp() else None


def _class(name: str) -> bytes:
    return filters.eq("objectClass", name)


_POSIX_GROUPS = filters.or_(*map(_class, ("groupOfNames", "groupOfUniqueNames", "posixGroup")))
_PERSON_MAP = {
    "login": "{uid|lower}",
    "display_name": "{displayName|cn|givenName sn}",
    "mail": "{mail}",
    "title": "{title}",
}
_POSIX_MEMBERS = ("member", "uniquemember", "memberuid")

OPENLDAP = Profile(
    name="openldap",
    id_attribute="entryuuid",
    read_id=values.uuid_text,
    id_value=str.encode,
    user_filter=_class("inetOrgPerson"),
    group_filter=_POSIX_GROUPS,
    status=_openldap_status,
    status_attributes=("pwdaccountlockedtime", "shadowexpire"),
    member_attributes=_POSIX_MEMBERS,
    mapping=_PERSON_MAP,
    login_attribute="uid",
)
NETSCAPE = Profile(
    name="389ds",
    id_attribute="nsuniqueid",
    read_id=values.ns_unique_id,
    id_value=str.encode,
    user_filter=_class("inetOrgPerson"),
    group_filter=_POSIX_GROUPS,
    status=_ns_lock_status,
    status_attributes=("nsaccountlock", "shadowexpire"),
    member_attributes=_POSIX_MEMBERS,
    mapping=_PERSON_MAP,
    login_attribute="uid",
)
GENERIC = Profile(
    name="generic",
    id_attribute="entryuuid",
    read_id=values.opaque,
    id_value=str.encode,
    user_filter=filters.or_(*map(_class, ("inetOrgPerson", "person"))),
    group_filter=_POSIX_GROUPS,
    status=_shadow_status,
    status_attributes=("shadowexpire",),
    member_attributes=_POSIX_MEMBERS,
    mapping=_PERSON_MAP,
    login_attribute="uid",
)
ACTIVE_DIRECTORY = Profile(
    name="active-directory",
    id_attribute="objectguid",
    read_id=values.guid,
    id_value=values.guid_bytes,
    user_filter=filters.and_(filters.eq("objectCategory", "person"), _class("user")),
    group_filter=_class("group"),
    status=_active_directory_status,
    status_attributes=("useraccountcontrol", "accountexpires"),
    member_attributes=("member",),
    mapping={
        "login": "{sAMAccountName|lower}",
        "display_name": "{displayName|givenName sn|cn}",
        "mail": "{mail|userPrincipalName}",
        "title": "{title}",
    },
    login_attribute="samaccountname",
    has_primary_group=True,
)
PROFILES = {profile.name: profile for profile in (OPENLDAP, ACTIVE_DIRECTORY, NETSCAPE, GENERIC)}


def detect(root: Entry) -> str:
    """The profile a server's root entry suggests; "generic" when it says nothing we know."""
    if root.values("domainfunctionality") or b"1.2.840.113556.1.4.800" in root.values(
        "supportedcapabilities"
    ):
        return "active-directory"
    vendor = b" ".join(root.values("vendorname") + root.values("vendorversion")).lower()
    if b"389" in vendor:
        return "389ds"
    if b"OpenLDAProotDSE" in root.values("objectclass") or b"openldap" in vendor:
        return "openldap"
    return "generic"
