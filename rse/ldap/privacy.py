"""Directory data in a person's own export and erasure."""

from collections.abc import Mapping
from typing import Any

from rse.ldap.models import DirectoryChange, DirectoryIdentity, DirectoryPlace
from rse.ldap.plan import Status


async def export(person_id: int) -> Mapping[str, Any]:
    known = await DirectoryIdentity.filter(person_id=person_id)
    ids = [one.external_id for one in known]
    return {
        "identities": await DirectoryIdentity.filter(person_id=person_id).values(
            "directory",
            "external_id",
            "dn",
            "login",
            "display_name",
            "mail",
            "title",
            "extra",
            "status",
        ),
        "changes": await DirectoryChange.filter(external_id__in=ids).values(
            "kind", "before", "after", "reason", "applied_at"
        ),
        "places": await DirectoryPlace.filter(external_id__in=ids).values("space", "group"),
    }


async def erase(person_id: int) -> None:
    """Keep only the immutable id, set aside, so that no run brings the person back."""
    known = await DirectoryIdentity.filter(person_id=person_id)
    ids = [one.external_id for one in known]
    await DirectoryChange.filter(external_id__in=ids).delete()
    await DirectoryPlace.filter(external_id__in=ids).delete()
    await DirectoryIdentity.filter(person_id=person_id).update(
        person_id=None, dn="", login="", display_name="", mail=None, title="", extra={}, digest="",
        status=Status.IGNORED, reason="erased at the person's wish",
    )  # fmt: skip
