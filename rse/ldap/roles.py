"""Groups that make administrators: a rule takes only roles it gave, and never the last one."""

from collections.abc import Mapping, Sequence

from rse.ldap.groups import Membership
from rse.ldap.plan import Change, Findings, Grant, Index, Kind, Status
from rse.ldap.values import login_key

Standing = tuple[str, str, int | None]
ENDING = frozenset({Kind.REMOVE, Kind.DISABLE, Kind.MISSING, Kind.OUT_OF_SCOPE})


def changes(
    index: Index, findings: Findings, planned: Sequence[Change]
) -> tuple[list[Change], list[str]]:
    """GRANT and REVOKE for everyone who stays or arrives, and what an administrator should know."""
    if not findings.grants:
        return [], []
    leaving = {change.external_id for change in planned if change.kind in ENDING}
    everybody = people(index, findings, planned)
    inside = [belonging(grant.membership, everybody) for grant in findings.grants]
    wanted = set[str]().union(*inside) - leaving
    held = {one for one, known in index.known.items() if known.is_admin}
    reason = "in " + " or ".join(grant.group for grant in findings.grants)
    granted = [
        Change(Kind.GRANT, one, {"role": "member"}, {"role": "admin"}, reason)
        for one in sorted(wanted - held)
    ]
    doubts = [
        words
        for grant, found in zip(findings.grants, inside, strict=True)
        if (words := _doubt(grant, found))
    ]
    losing = sorted(one for one in held - wanted - leaving if index.known[one].admin_by_rule)
    if doubts or not losing or not all(grant.strict for grant in findings.grants):
        return granted, doubts
    warnings = []
    if index.admins - len(losing) + len(granted) < 1:
        losing = losing[1:]
        warnings.append("the last administrator keeps the role although no group gives it")
    revoked = [
        Change(Kind.REVOKE, one, {"role": "admin"}, {"role": "member"}, "left the group")
        for one in losing
    ]
    return granted + revoked, warnings


def people(index: Index, findings: Findings, planned: Sequence[Change]) -> dict[str, Standing]:
    """Everybody a role may go to: who is active, and who arrives with this very plan."""
    found = {
        one: (known.dn_key, login_key(known.login), known.primary_group)
        for one, known in index.known.items()
        if known.account_id is not None and known.status is Status.ACTIVE
    }
    arriving = {
        change.external_id
        for change in planned
        if change.kind in (Kind.CREATE, Kind.LINK, Kind.ENABLE)
    }
    for one in findings.candidates:
        if one.external_id in arriving or one.external_id in found:
            found[one.external_id] = (one.dn_key, one.login_key, one.primary_group)
    return found


def belonging(membership: Membership | None, people: Mapping[str, Standing]) -> set[str]:
    """Those of the people who are in a group."""
    return {
        one for one, person in people.items() if membership is not None and membership.has(*person)
    }


def _doubt(grant: Grant, inside: set[str]) -> str:
    """Only a group that was found, read to its end and not suddenly empty may take roles away."""
    if grant.membership is None:
        return f"the administrators' group {grant.group!r} was not found; nobody loses the role"
    if not grant.membership.certain:
        return f"the group {grant.group!r} was not read to its end; nobody loses the role"
    return (
        "" if inside else f"nobody of ours is in the group {grant.group!r}; nobody loses the role"
    )
