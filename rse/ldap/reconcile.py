"""The pure heart of a run: what is known and what was found become a plan."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rse.ldap import logins, places, roles
from rse.ldap.mails import MailClaims
from rse.ldap.mapping import Candidate
from rse.ldap.plan import (
    Change,
    Facts,
    Findings,
    Holder,
    Index,
    Kind,
    Known,
    Plan,
    Policy,
    Status,
    ordered,
)
from rse.ldap.values import login_key

LEFT = frozenset({Status.REMOVED, Status.IGNORED})
HIDDEN = frozenset(
    {Status.MISSING, Status.OUT_OF_SCOPE, Status.REMOVED, Status.DISABLED, Status.CONFLICT}
)


def plan(index: Index, findings: Findings, policy: Policy) -> Plan:
    """Compute every change of one run."""
    return _Planner(index, findings, policy).plan()


def unseen(index: Index, findings: Findings) -> list[str]:
    """Whom a complete reading did not bring; each is looked up by id before being missing."""
    seen = {candidate.external_id for candidate in findings.candidates} | findings.unchanged
    seen |= {rejected.external_id for rejected in findings.rejected if rejected.external_id}
    return [
        one for one, known in index.known.items() if one not in seen and known.status not in LEFT
    ]


@dataclass(slots=True)
class _Planner:
    index: Index
    findings: Findings
    policy: Policy
    changes: list[Change] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    mails: MailClaims = field(init=False)

    def plan(self) -> Plan:
        findings, people = self.findings, self._distinct()
        seen = frozenset(people) | findings.unchanged
        wants = {
            one: candidate.login_key
            for one, candidate in people.items()
            if self._wants_login(candidate)
        }
        self.refused |= logins.settle(wants, self.index.logins, seen)
        self.mails = MailClaims(self.index.mails, list(people.values()))
        for candidate in people.values():
            self.changes += self._person(candidate)
        for external_id in findings.unchanged:
            self.changes += self._scope(self.index.known[external_id])
        if findings.complete:
            for external_id in unseen(self.index, findings):
                self.changes += self._unseen(self.index.known[external_id])
        for rejected in findings.rejected:
            self.skipped[rejected.reason] += 1
        granted, warnings = roles.changes(self.index, findings, self.changes)
        placed, doubts = places.changes(self.index, findings, self.changes, self.policy.group_loss)
        self.warnings += [*warnings, *doubts]
        return Plan(
            changes=ordered([*self.changes, *granted, *placed]),
            skipped=dict(self.skipped),
            warnings=self.warnings,
            found=len(seen),
            complete=findings.complete,
            unidentified=sum(rejected.external_id is None for rejected in findings.rejected),
        )

    def _distinct(self) -> dict[str, Candidate]:
        """One candidate for each id: bases overlap, and a proxy may bring two under one id."""
        people: dict[str, Candidate] = {}
        for candidate in self.findings.candidates:
            other = people.setdefault(candidate.external_id, candidate)
            if other.dn_key != candidate.dn_key:
                self.refused[candidate.external_id] = (
                    f"one id, two entries: {other.dn} and {candidate.dn}"
                )
        return people

    def _wants_login(self, candidate: Candidate) -> bool:
        known = self.index.known.get(candidate.external_id)
        if known is not None and known.status is Status.IGNORED:
            return False
        if known is not None and known.account_id is not None:
            return True
        return (
            candidate.inactive is None
            and self._in_scope(candidate) is True
            and self._link(candidate) is None
        )

    def _person(self, candidate: Candidate) -> Iterator[Change]:
        known = self.index.known.get(candidate.external_id)
        scope = self._in_scope(candidate)
        if known is not None and known.status is Status.IGNORED:
            self.skipped["set aside by an administrator"] += 1
        elif candidate.external_id in self.refused and (known is None or known.account_id is None):
            yield from self._conflict(candidate, known)
        elif known is None or known.account_id is None:
            yield from self._arrival(candidate, known, scope)
        else:
            fields = list(self._fields(candidate, known))
            yield from _folded(fields, list(self._status(known, candidate.inactive, scope)))

    def _arrival(
        self, candidate: Candidate, known: Known | None, scope: bool | None
    ) -> Iterator[Change]:
        """Somebody who has no account here yet."""
        if scope is None:
            self.skipped["the groups that give access could not be read completely"] += 1
        elif not scope:
            self.skipped["in none of the groups that give access"] += 1
        elif candidate.inactive:
            self.skipped[candidate.inactive] += 1
        else:
            link = self._link(candidate)
            facts = self._facts(candidate, None)
            kind = Kind.LINK if link else Kind.CREATE
            reason = f"linked by {self.policy.link}" if link else ""
            account = {"account_id": link.account_id} if link else {}
            yield Change(
                kind,
                candidate.external_id,
                {},
                {**facts, **account, "status": Status.ACTIVE},
                reason,
            )

    def _conflict(self, candidate: Candidate, known: Known | None) -> Iterator[Change]:
        reason = self.refused[candidate.external_id]
        if known is None or (known.status, known.reason) != (Status.CONFLICT, reason):
            facts = {**self._facts(candidate, known), "status": Status.CONFLICT}
            yield Change(Kind.CONFLICT, candidate.external_id, {}, facts, reason)

    def _fields(self, candidate: Candidate, known: Known) -> Iterator[Change]:
        """What the directory says about a person we know."""
        after = self._facts(candidate, known)
        problem = self.refused.get(candidate.external_id)
        if problem:
            after = {**after, "login": known.login, "digest": ""}
            self.warnings.append(f"{candidate.dn}: {problem}; the old login stays")
        before = stored_facts(known)
        changed = [name for name in after if after[name] != before.get(name, "")]
        if changed:
            kind = Kind.RENAME if "login" in changed else Kind.UPDATE
            yield Change(
                kind,
                known.external_id,
                _only(before, changed),
                _only(after, changed),
                problem or "",
            )

    def _facts(self, candidate: Candidate, known: Known | None) -> dict[str, str | int | None]:
        mail, digest = candidate.mail, candidate.digest
        link = self._link(candidate)
        own = {person.account_id for person in (known, link) if person is not None}
        if mail and not self.mails.claim(candidate, own):
            # without its digest it is looked at again next time, when the address may be free
            mail, digest = None, ""
            self.warnings.append(
                f"{candidate.dn}: the mail address belongs to another person and is left empty"
            )
        return {
            "dn": candidate.dn,
            "login": candidate.login,
            "display_name": candidate.display_name,
            "mail": mail,
            "title": candidate.title,
            "primary_group": candidate.primary_group,
            "digest": digest,
            # What is mapped no more is emptied, so that its lock goes with it.
            **dict.fromkeys(known.extra if known else (), ""),
            **candidate.extra,
        }

    def _link(self, candidate: Candidate) -> Holder | None:
        """The local account an explicit rule of the configuration joins to this person."""
        if self.policy.link == "mail" and candidate.mail:
            holder = self.index.mails.get(candidate.mail.casefold())
        elif self.policy.link == "login":
            holder = self.index.logins.get(candidate.login_key)
        else:
            return None
        if holder is None or not holder.is_local or holder.external_id is not None:
            return None
        return (
            None if holder.is_admin else holder
        )  # a local administrator must never depend on a directory

    def _in_scope(self, candidate: Candidate) -> bool | None:
        return self._has_access(candidate.dn_key, candidate.login_key, candidate.primary_group)

    def _has_access(self, dn_key: str, login: str, primary_group: int | None) -> bool | None:
        """Whether a required group holds the person; None when that is not known."""
        access = self.findings.access
        if access is None or any(one.has(dn_key, login, primary_group) for one in access):
            return True
        return False if all(one.certain for one in access) else None

    def _scope(self, known: Known) -> Iterator[Change]:
        """An unchanged person may still have entered or left a group that gives access."""
        inactive = known.reason if known.status is Status.DISABLED else None
        scope = self._has_access(known.dn_key, login_key(known.login), known.primary_group)
        yield from self._status(known, inactive, scope)

    def _status(self, known: Known, inactive: str | None, scope: bool | None) -> Iterator[Change]:
        if inactive:
            if known.status not in (Status.DISABLED, Status.REMOVED):
                yield _status_change(Kind.DISABLE, known, Status.DISABLED, inactive)
        elif scope is False:
            yield from self._leaving(
                known, Status.OUT_OF_SCOPE, "in none of the groups that give access"
            )
        elif known.status in HIDDEN and scope:
            reason = (
                "stays blocked by an administrator"
                if known.is_blocked_here
                else "active in the directory"
            )
            yield _status_change(Kind.ENABLE, known, Status.ACTIVE, reason)

    def _unseen(self, known: Known) -> Iterator[Change]:
        if known.account_id is None:
            yield _status_change(Kind.REMOVE, known, Status.REMOVED, "no longer in the directory")
            return
        where = self.findings.confirmed.get(known.external_id)
        if where is None:
            self.warnings.append(
                f"{known.dn}: not found, and the look-up by id gave no answer; nothing changes"
            )
        elif where:
            yield from self._leaving(known, Status.OUT_OF_SCOPE, where)
        else:
            yield from self._leaving(known, Status.MISSING, "no longer in the directory")

    def _leaving(self, known: Known, status: Status, reason: str) -> Iterator[Change]:
        """Somebody is gone: say so at once, end their access when the grace is over."""
        if known.status is Status.REMOVED:
            return
        since = known.missing_since or self.policy.now
        runs = known.missing_runs + 1
        facts: Facts = {"missing_since": since.isoformat(), "missing_runs": runs}
        if runs >= self.policy.grace_runs and self.policy.now - since >= self.policy.grace:
            yield _status_change(Kind.REMOVE, known, Status.REMOVED, reason, facts)
        else:
            kind = Kind.MISSING if status is Status.MISSING else Kind.OUT_OF_SCOPE
            yield _status_change(kind, known, status, reason, facts)


def _folded(fields: list[Change], status: list[Change]) -> list[Change]:
    """When only the digest is new, it travels with the change of status."""
    if not fields or not status or set(fields[0].after) != {"digest"}:
        return fields + status
    return [replace(status[0], after={**status[0].after, **fields[0].after})]


def stored_facts(known: Known) -> dict[str, str | int | None]:
    return {
        "dn": known.dn,
        "login": known.login,
        "display_name": known.display_name,
        "mail": known.mail,
        "title": known.title,
        "primary_group": known.primary_group,
        "digest": known.digest,
        **known.extra,
    }


def _status_change(
    kind: Kind, known: Known, status: Status, reason: str, facts: Facts | None = None
) -> Change:
    after: dict[str, str | int | None] = {
        "status": status,
        "missing_since": None,
        "missing_runs": 0,
        **(facts or {}),
    }
    return Change(kind, known.external_id, {"status": known.status}, after, reason)


def _only(facts: Facts, fields: list[str]) -> dict[str, str | int | None]:
    return {name: facts.get(name) for name in fields}
