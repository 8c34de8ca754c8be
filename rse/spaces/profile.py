"""The tab of a profile that shows the spaces two people share."""

from collections.abc import Mapping

from rse.identity.models import Person
from rse.kernel.i18n import N_
from rse.people.tabs import ProfileTab

from . import queries


async def load(reader: Person, person: Person, _after: int | None) -> Mapping[str, object]:
    return {"spaces": await queries.spaces_in_common(reader.id, person.id)}


TAB = ProfileTab(
    name="spaces", title=N_("Spaces in common"), template="spaces/_in_common.html", load=load
)
