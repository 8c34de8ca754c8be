"""Templates of spaces: those that come with the product, and those people made here."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rse.identity.models import Account, Person
from rse.kernel.errors import NotAllowed, NotFound, RseError
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public

from .drafts import TemplateDraft
from .models import SpaceTemplate
from .offers import offers
from .shipped import SHIPPED

MOST = 100
# The feed writes the first post of a space: set at start-up.
welcome_writers: list[Callable[[Person, int, str, str], Awaitable[None]]] = []


@dataclass(frozen=True, slots=True)
class Choice:
    """A template as one chooses it. `id` is 0 for those that come with the product."""

    key: str
    name: str
    summary: str
    settings: Mapping[str, Any]
    id: int = 0
    creator_id: int | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new space has from its template, beside what its creator typed."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    welcome_title: str = ""
    welcome_body: str = ""


async def choices() -> list[Choice]:
    """All templates, the shipped ones first, in the reader's language."""
    ours = [
        Choice(one.key, _(one.name), _(one.summary), one.settings_in_words()) for one in SHIPPED
    ]
    made = await SpaceTemplate.all().order_by("name").limit(MOST)
    return [*ours, *(_choice(row) for row in made)]


def _choice(row: SpaceTemplate) -> Choice:
    return Choice(to_public(row.id), row.name, row.summary, row.settings, row.id, row.creator_id)


async def chosen(key: str) -> Choice:
    """One template by its key."""
    for one in SHIPPED:
        if one.key == key:
            return Choice(one.key, _(one.name), _(one.summary), one.settings_in_words())
    try:
        row = await SpaceTemplate.get_or_none(id=parse_public(key))
    except RseError:
        row = None
    if row is None:
        raise NotFound(_("This template does not exist any more. Choose another one."))
    return _choice(row)


async def beginning(key: str) -> Beginning:
    if not key:
        return Beginning()
    draft = draft_of(await chosen(key))
    return Beginning(columns(draft), draft.welcome_title, draft.welcome_body)


def draft_of(choice: Choice) -> TemplateDraft:
    """What is stored of a template, as its form shows it; what the product forgot is left out."""
    stored = {
        key: choice.settings[key] for key in TemplateDraft.model_fields if key in choice.settings
    }
    switched_off = choice.settings.get("switched_off", [])
    offered = [name for name in offers if name not in switched_off]
    return TemplateDraft.model_validate(
        {**stored, "name": choice.name, "summary": choice.summary, "offered": offered}
    )


def columns(draft: TemplateDraft) -> dict[str, Any]:
    """The settings of a space that follow a template."""
    return {
        "rules_text": draft.rules_text,
        "questions": draft.asked,
        "entry_role": draft.entry_role,
        "posting": draft.posting,
        "members_comment": draft.members_comment,
        "switched_off": [name for name in offers if name not in draft.offered],
    }


async def editable(person: Person, template_id: int) -> SpaceTemplate:
    """A template made here, for its maker and for administrators."""
    row = await SpaceTemplate.get_or_none(id=template_id)
    if row is None:
        raise NotFound(_("This template does not exist any more. Choose another one."))
    if row.creator_id != person.id and not await is_admin(person):
        raise NotAllowed(_("Only its maker and administrators can change a template."))
    return row


async def is_admin(person: Person) -> bool:
    account = await Account.get_or_none(person_id=person.id)
    return account is not None and account.is_admin
