"""Who may have which login when many change at once: swaps work, collisions are refused."""

from collections.abc import Mapping

from rse.ldap.plan import Holder


def settle(
    wants: Mapping[str, str], holders: Mapping[str, Holder], seen: frozenset[str]
) -> dict[str, str]:
    """From {external id: login key} return those that can't have it, with the reason.

    A login is free when nobody holds it, or when its holder takes another one in this very run. A
    refusal can undo what others count on, so it is repeated until nothing changes.
    """
    own = {
        holder.external_id: key for key, holder in holders.items() if holder.external_id is not None
    }
    refused: dict[str, str] = {}
    while True:
        taken: set[str] = set()
        fresh: dict[str, str] = {}
        for external_id in sorted(wants, key=lambda one: own.get(one) != wants[one]):
            if external_id in refused:
                continue
            key = wants[external_id]
            reason = _obstacle(external_id, holders.get(key), wants, refused, seen)
            if key in taken:
                reason = "login wanted by two people of the directory"
            if reason:
                fresh[external_id] = reason
            else:
                taken.add(key)
        if not fresh:
            return refused
        refused.update(fresh)


def _obstacle(
    external_id: str,
    holder: Holder | None,
    wants: Mapping[str, str],
    refused: Mapping[str, str],
    seen: frozenset[str],
) -> str:
    if holder is None or holder.external_id == external_id:
        return ""
    if holder.external_id is None:
        return (
            "login taken by a local account"
            if holder.is_local
            else "login taken by a person of another directory"
        )
    if holder.external_id in wants and holder.external_id not in refused:
        return (
            ""
            if wants[holder.external_id] != wants[external_id]
            else "login taken by another person"
        )
    return (
        "login taken by another person"
        if holder.external_id in seen
        else "login taken by a missing person"
    )
