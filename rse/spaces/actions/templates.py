"""Templates of spaces: made from a space or from nothing, changed, thrown away."""

from typing import Any

from rse.identity.models import Person
from rse.kernel.errors import Conflict, NotAllowed
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_text
from rse.spaces import queries, templates
from rse.spaces.drafts import TemplateDraft
from rse.spaces.models import SpaceTemplate


async def make_template(maker: Person, draft: TemplateDraft) -> SpaceTemplate:
    """Keep settings for spaces to come. Administrators do, and whoever owns a space."""
    if not await queries.owns_some(maker) and not await templates.is_admin(maker):
        raise NotAllowed(_("Owners of a space and administrators make templates."))
    if await SpaceTemplate.all().count() >= templates.MOST:
        raise Conflict(_("There are too many templates. Delete one that nobody uses."))
    return await SpaceTemplate.create(creator=maker, **_columns(draft))


async def change_template(editor: Person, template_id: int, draft: TemplateDraft) -> None:
    """Change what spaces will begin with; spaces that were made from it stay as they are."""
    row = await templates.editable(editor, template_id)
    await SpaceTemplate.filter(id=row.id).update(**_columns(draft))


async def delete_template(editor: Person, template_id: int) -> None:
    row = await templates.editable(editor, template_id)
    await SpaceTemplate.filter(id=row.id).delete()


def _columns(draft: TemplateDraft) -> dict[str, Any]:
    kept = draft.model_dump(exclude={"name", "summary", "offered"})
    kept["description"] = clean_text(draft.description)
    kept["welcome_body"] = clean_text(draft.welcome_body)
    kept["switched_off"] = templates.columns(draft)["switched_off"]
    return {"name": draft.name, "summary": draft.summary, "settings": kept}
