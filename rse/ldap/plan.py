"""The words of a plan: what is known, what was found, what should change, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from json import dumps

from rse.ldap.groups import Membership
from rse.ldap.mapping import Candidate, Rejected

Facts = Mapping[str, str | int | None]


class Status(StrEnum):
    """Where one directory identity stands."""

    ACTIVE = "active"
    DISABLED = "disabled"
    MISSING = "missing"
    OUT_OF_SCOPE = "out_of_scope"
    REMOVED = "removed"
    CONFLICT = "conflict"
    IGNORED = "ignored"


class Kind(StrEnum):
    """What one change does.

    Their order is the order of applying: names are freed before they are taken.
    """

    RENAME = "rename"
    CREATE = "create"
    LINK = "link"
    UPDATE = "update"
    ENABLE = "enable"
    GRANT = "grant"
    ENTER = "enter"
    CONFLICT = "conflict"
    MISSING = "missing"
    OUT_OF_SCOPE = "out_of_scope"
    DISABLE = "disable"
    REMOVE = "remove"
    REVOKE = "revoke"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Known:
    """What we stored of one directory identity, with what its account is today."""

    external_id: str
    dn: str
    dn_key: str
    login: str
    display_name: str
    mail: str | None
    title: str
    digest: str
    status: Status
    reason: str = ""
    account_id: int | None = None
    person_id: int | None = None
    missing_since: datetime | None = None
    missing_runs: int = 0
    primary_group: int | None = None
    is_admin: bool = False
    admin_by_rule: bool = False
    is_blocked_here: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a login or mail address now; `external_id` if of the directory at hand."""

    account_id: int
    is_local: bool
    is_admin: bool = False
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """Everything a plan compares with."""

    known: Mapping[str, Known]
    logins: Mapping[str, Holder]
    mails: Mapping[str, Holder]
    admins: int
    # By external id, the spaces in which this directory keeps somebody.
    places: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grant:
    """A rule that makes a group's people administrators; `membership` None: no such group."""

    group: str
    membership: Membership | None
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A rule that makes a group's people members of a space."""

    group: str
    space: str
    membership: Membership | None
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Findings:
    """What one reading of a directory brought. `access` None means that no group is required."""

    candidates: Sequence[Candidate]
    unchanged: frozenset[str] = frozenset()
    rejected: Sequence[Rejected] = ()
    complete: bool = True
    access: Sequence[Membership] | None = None
    grants: Sequence[Grant] = ()
    places: Sequence[Place] = ()
    confirmed: Mapping[str, str] = field(
        default_factory=dict
    )  # unseen id → "" when gone, else where it is now


@dataclass(frozen=True, slots=True)
class Policy:
    """How a directory's plan is made."""

    now: datetime
    grace: timedelta = timedelta(hours=24)
    grace_runs: int = 2
    link: str = "none"
    group_loss: float = 0.3


@dataclass(frozen=True, slots=True)
class Change:
    """One step: the identity, what was, what shall be, and the reason in plain words."""

    kind: Kind
    external_id: str
    before: Facts
    after: Facts
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes in order, what was left out and why, and what should be known."""

    changes: Sequence[Change]
    skipped: Mapping[str, int]
    warnings: Sequence[str]
    found: int
    complete: bool
    unidentified: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return dict(sorted(Counter(str(change.kind) for change in self.changes).items()))

    @property
    def hash(self) -> str:
        """An approval holds for exactly this plan: any other change makes another hash."""
        steps = sorted(
            (change.kind, change.external_id, _stable(change.after)) for change in self.changes
        )
        return sha256(dumps(steps, sort_keys=True).encode()).hexdigest()[:16]


def ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    order = {kind: place for place, kind in enumerate(Kind)}
    return tuple(sorted(changes, key=lambda change: order[change.kind]))


def _stable(facts: Facts) -> list[tuple[str, str | int | None]]:
    return sorted((name, value) for name, value in facts.items() if not name.startswith("missing_"))
