"""Groups that fill spaces: a rule takes only the places it gave, and not many at once."""

from collections.abc import Mapping, Sequence

from rse.ldap.plan import Change, Findings, Index, Kind, Place
from rse.ldap.roles import ENDING, Standing, belonging, people

# A group may always lose so many people in one run.
LEAST = 50


def changes(
    index: Index, findings: Findings, planned: Sequence[Change], loss: float
) -> tuple[list[Change], list[str]]:
    """ENTER and LEAVE for everyone who stays or arrives, and what an administrator should know."""
    made: list[Change] = []
    warnings: list[str] = []
    if not findings.places and not index.places:
        return made, warnings
    everybody = people(index, findings, planned)
    gone = {change.external_id for change in planned if change.kind in ENDING}
    ruled = {place.space for place in findings.places}
    for space in sorted(ruled):
        rules = [place for place in findings.places if place.space == space]
        wanted = _wanted(rules, everybody, gone)
        held = _held(index, space)
        made += [_enter(one, space, wanted[one]) for one in sorted(wanted.keys() - held)]
        losing = sorted(held - wanted.keys() - gone)
        doubts = _doubts(rules, losing, held, loss)
        warnings += doubts
        if not doubts and all(rule.strict for rule in rules):
            made += [_leave(one, space, "left the group") for one in losing]
    for space in sorted(set[str]().union(*index.places.values()) - ruled):
        reason = "no rule fills this space any more"
        made += [_leave(one, space, reason) for one in sorted(_held(index, space))]
    return made, warnings


def _wanted(
    rules: Sequence[Place], everybody: Mapping[str, Standing], gone: set[str]
) -> dict[str, str]:
    """Who belongs in a space, by the first group that says so."""
    wanted: dict[str, str] = {}
    for rule in rules:
        for one in belonging(rule.membership, everybody) - gone:
            wanted.setdefault(one, rule.group)
    return wanted


def _held(index: Index, space: str) -> set[str]:
    return {one for one, spaces in index.places.items() if space in spaces}


def _doubts(
    rules: Sequence[Place], losing: Sequence[str], held: set[str], loss: float
) -> list[str]:
    """Why nobody leaves a space although its groups do not name them."""
    if not losing:
        return []
    space = rules[0].space
    doubts = [
        f"the group {rule.group!r} was not found, or not read to its end; nobody leaves {space!r}"
        for rule in rules
        if rule.membership is None or not rule.membership.certain
    ]
    if len(losing) > max(LEAST, loss * len(held)):
        doubts.append(
            f"{len(losing)} of {len(held)} people would leave {space!r}; the limit is {loss:.0%}, "
            "so nobody does"
        )
    return doubts


def _enter(one: str, space: str, group: str) -> Change:
    return Change(Kind.ENTER, one, {}, {"space": space, "group": group}, f"in {group}")


def _leave(one: str, space: str, reason: str) -> Change:
    return Change(Kind.LEAVE, one, {"space": space}, {"space": space}, reason)
