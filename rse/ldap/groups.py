"""Groups: who belongs through any nesting, read from the groups, never from memberOf."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rse.ldap import names, values
from rse.ldap.entries import Entry
from rse.ldap.profiles import Profile


@dataclass(frozen=True, slots=True)
class Group:
    """One group's own edges; `partial` means that some of its members could not be read."""

    dn_key: str
    name: str
    members: frozenset[str]
    logins: frozenset[str] = frozenset()
    rid: int | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """A group's people with those of its sub-groups; `certain` when all was read."""

    people: frozenset[str]
    logins: frozenset[str]
    rids: frozenset[int]
    certain: bool
    circular: bool = False

    def has(self, dn_key: str, login_key: str, primary_group: int | None) -> bool:
        return dn_key in self.people or login_key in self.logins or primary_group in self.rids

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.logins or self.rids)


@dataclass(frozen=True, slots=True)
class GroupGraph:
    """All groups of one directory, and whether the search that found them was complete."""

    by_dn: Mapping[str, Group]
    complete: bool
    _by_name: Mapping[str, list[Group]] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Iterable[Group], *, complete: bool) -> "GroupGraph":
        by_dn = {group.dn_key: group for group in groups}
        by_name: dict[str, list[Group]] = {}
        for group in by_dn.values():
            by_name.setdefault(names.fold(group.name), []).append(group)
        return cls(by_dn, complete, by_name)

    def find(self, wanted: str) -> Group | None:
        """A group by DN or name; two of one name are none: guessing gives rights away."""
        if "=" in wanted:
            return self.by_dn.get(names.key(wanted))
        found = self._by_name.get(names.fold(wanted), [])
        return found[0] if len(found) == 1 else None

    def membership(self, wanted: str, *, nested: bool = True) -> Membership | None:
        """The closure of a group, safe against circles; None when there is no such group."""
        start = self.find(wanted)
        if start is None:
            return None
        reached, circular = self._closure(start) if nested else ([start], False)
        members = {member for group in reached for member in group.members}
        return Membership(
            people=frozenset(member for member in members if member not in self.by_dn),
            logins=frozenset(login for group in reached for login in group.logins),
            rids=frozenset(group.rid for group in reached if group.rid is not None),
            certain=self.complete and not any(group.partial for group in reached),
            circular=circular,
        )

    def _closure(self, start: Group) -> tuple[list[Group], bool]:
        """A group and all its sub-groups, and whether one of them leads back to it."""
        reached, seen, circular = [start], {start.dn_key}, False
        for group in reached:  # grows while it is walked
            for member in group.members:
                circular = circular or member == start.dn_key
                if member in self.by_dn and member not in seen:
                    seen.add(member)
                    reached.append(self.by_dn[member])
        return reached, circular


def read(profile: Profile, entry: Entry, *, partial: bool = False) -> Group:
    """One group entry; `partial` when the reader could not follow its ranges to the end."""
    members: set[str] = set()
    logins: set[str] = set()
    for attribute in profile.member_attributes:
        for value in entry.values(attribute):
            member = value.decode("utf-8", "replace")
            if attribute == "memberuid":
                logins.add(values.login_key(member))
            else:
                members.add(
                    names.key(_without_bits(member) if attribute == "uniquemember" else member)
                )
    sid = entry.first("objectsid")
    name = values.text(entry.first("cn") or b"") or entry.dn
    own_rid = values.rid(sid) if sid and profile.has_primary_group else None
    return Group(names.key(entry.dn), name, frozenset(members), frozenset(logins), own_rid, partial)


def attributes(profile: Profile) -> tuple[str, ...]:
    return (
        "cn",
        *profile.member_attributes,
        *(("objectsid",) if profile.has_primary_group else ()),
    )


def _without_bits(member: str) -> str:
    """uniqueMember may end in `#'0101'B`, a unique identifier that is no part of the DN."""
    head, mark, bits = member.rpartition("#'")
    return head if mark and bits.endswith("'B") and set(bits[:-2]) <= {"0", "1"} else member
