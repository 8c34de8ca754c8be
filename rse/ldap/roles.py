"""Groups that make administrators: a rule owns only the roles it gave, and the last administrator stays one."""

from collections.abc import Sequence

from rse.ldap.plan import Change, Findings, Grant, Index, Kind, Status
from rse.ldap.values import login_key

_ENDING = frozenset({Kind.REMOVE, Kind.DISABLE, Kind.MISSING, Kind.OUT_OF_SCOPE})


def changes(index: Index, findings: Findings, planned: Sequence[Change]) -> tuple[list[Change], list[str]]:
    """GRANT and REVOKE for everyone who stays or arrives, and what an administrator should know."""
    if not findings.grants:
        return [], []
    warnings = [words for grant in findings.grants if (words := _trouble(grant))]
    leaving = {change.external_id for change in planned if change.kind in _ENDING}
    wanted = _wanted(index, findings, planned) - leaving
    held = {one for one, known in index.known.items() if known.is_admin}
    granted = [Change(Kind.GRANT, one, {"role": "member"}, {"role": "admin"}, _by(findings)) for one in sorted(wanted - held)]
    if any(not _is_sure(grant) for grant in findings.grants):
        return granted, warnings
    losing = sorted(one for one in held - wanted - leaving if index.known[one].admin_by_rule)
    if losing and index.admins - len(losing) + len(granted) < 1:
        losing = losing[1:]
        warnings.append("the last administrator keeps the role although no group gives it")
    revoked = [Change(Kind.REVOKE, one, {"role": "admin"}, {"role": "member"}, "left the group") for one in losing]
    return granted + revoked, warnings


def _wanted(index: Index, findings: Findings, planned: Sequence[Change]) -> set[str]:
    people = {one: (known.dn_key, login_key(known.login), known.primary_group) for one, known in index.known.items()
              if known.account_id is not None and known.status is Status.ACTIVE}  # fmt: skip
    arriving = {change.external_id for change in planned if change.kind in (Kind.CREATE, Kind.LINK, Kind.ENABLE)}
    for one in findings.candidates:
        if one.external_id in arriving or one.external_id in people:
            people[one.external_id] = (one.dn_key, one.login_key, one.primary_group)
    memberships = [grant.membership for grant in findings.grants if grant.membership is not None]
    return {one for one, person in people.items() if any(membership.has(*person) for membership in memberships)}


def _is_sure(grant: Grant) -> bool:
    """Only a group that was found, read to its end and not suddenly empty may take roles away."""
    membership = grant.membership
    return grant.strict and membership is not None and membership.certain and not membership.is_empty


def _trouble(grant: Grant) -> str:
    if grant.membership is None:
        return f"the administrators' group {grant.group!r} was not found; nobody's role changes"
    if grant.membership.is_empty:
        return f"the administrators' group {grant.group!r} is empty; nobody loses the role"
    return "" if grant.membership.certain else f"the group {grant.group!r} was not read to its end; nobody loses the role"


def _by(findings: Findings) -> str:
    return "in " + " or ".join(grant.group for grant in findings.grants)
