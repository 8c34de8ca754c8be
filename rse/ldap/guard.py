"""The guard: a plan that would hit too many people waits for an administrator."""

from dataclasses import dataclass

from rse.ldap.plan import Change, Index, Kind, Plan, Status

MAX_LOOKUPS = 500
_LEAVING = frozenset({Kind.MISSING, Kind.OUT_OF_SCOPE, Kind.REMOVE, Kind.DISABLE})


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares are of the people known and active; up to `least` people are always let through."""

    missing: float = 0.03
    least: int = 10
    identity_changes: float = 0.10
    rejected: float = 0.01


def judge(plan: Plan, index: Index, limits: Limits) -> tuple[str, ...]:
    """The reasons against applying the plan; none means go."""
    active = sum(known.status is Status.ACTIVE for known in index.known.values())
    leaving = [
        change for change in plan.changes if change.kind in _LEAVING and _was_active(index, change)
    ]
    renamed = [change for change in plan.changes if _changes_identity(index, change)]
    reasons = [
        _share(
            "would vanish or be switched off", len(leaving), active, limits.missing, limits.least
        ),
        _share(
            "would change login or mail",
            len(renamed),
            active,
            limits.identity_changes,
            limits.least,
        ),
    ]
    if plan.complete and plan.found == 0 and active:
        reasons.append(f"0 people found, {active} known: wrong base, filter or rights?")
    if len(leaving) > MAX_LOOKUPS:
        reasons.append(f"{len(leaving)} missing people are too many to confirm one by one")
    if _loses_last_administrator(index, leaving):
        reasons.append("the last administrator would be switched off")
    if plan.unidentified > max(limits.least, (plan.found + plan.unidentified) * limits.rejected):
        reasons.append(
            f"{plan.unidentified} entries have no usable id: may the service account read it?"
        )
    return tuple(reason for reason in reasons if reason)


def _was_active(index: Index, change: Change) -> bool:
    known = index.known.get(change.external_id)
    if known is None or known.account_id is None:
        return False
    return known.status is Status.ACTIVE or change.kind is Kind.REMOVE


def _changes_identity(index: Index, change: Change) -> bool:
    known = index.known.get(change.external_id)
    if known is None or change.kind not in (Kind.RENAME, Kind.UPDATE):
        return False
    return "login" in change.after or ("mail" in change.after and known.mail is not None)


def _loses_last_administrator(index: Index, leaving: list[Change]) -> bool:
    ending = (Kind.REMOVE, Kind.DISABLE)
    lost = sum(
        index.known[change.external_id].is_admin for change in leaving if change.kind in ending
    )
    return lost > 0 and lost >= index.admins


def _share(words: str, count: int, total: int, share: float, least: int) -> str:
    if count <= least or count <= total * share:
        return ""
    return f"{count} of {total} people {words}; the limit is {share:.0%}"
