"""Changes to fields by an administrator, and to one's own values by their owner."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rse.identity.events import PersonChanged
from rse.identity.models import Organisation, Person
from rse.identity.people import keep_details
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, Invalid, NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public
from rse.kernel.text import fold

from . import queries, rules
from .circles import joined_among
from .drafts import FieldDraft
from .events import FieldsChanged
from .models import COMPANY, NOBODY, PARTNER, SPACE, FieldAudience, ProfileField
from .rules import Audience
from .values import cleaned


async def create_field(admin: Person, draft: FieldDraft) -> ProfileField:
    """Define a field; its key is made of its English name and stays."""
    values = await _columns(admin, draft, None)
    async with transaction() as change:
        keys = [field.key for field in await ProfileField.all()]
        if len(keys) >= rules.MOST_FIELDS:
            raise Conflict(_("There can be at most %(n)s fields.", n=rules.MOST_FIELDS))
        made = await ProfileField.create(
            key=_free_key(draft.name_en, keys), position=len(keys), **values
        )
        change.record(FieldsChanged(made.id))
    return made


async def change_field(admin: Person, field_id: int, draft: FieldDraft) -> ProfileField:
    """Change a field. What people wrote stays, and is shown as well as it can be."""
    field = await queries.field_for(field_id)
    values = await _columns(admin, draft, field)
    async with transaction() as change:
        await ProfileField.filter(id=field.id).update(**values)
        change.record(FieldsChanged(field.id))
    return field


async def remove_field(field_id: int) -> ProfileField:
    """Remove a field. Its values are not shown any more, and come back with a field of its key."""
    field = await queries.field_for(field_id)
    async with transaction() as change:
        await ProfileField.filter(id=field.id).delete()
        change.record(FieldsChanged(field.id))
    return field


async def move_field(field_id: int, steps: int) -> None:
    """Earlier or later in the list."""
    async with transaction():
        ordered = [field.id for field in await queries.fields()]
        if field_id not in ordered:
            raise NotFound(_("This field does not exist, or not any more."))
        place = ordered.index(field_id)
        ordered.insert(max(0, min(place + steps, len(ordered) - 1)), ordered.pop(place))
        for position, number in enumerate(ordered):
            await ProfileField.filter(id=number).update(position=position)


async def _columns(admin: Person, draft: FieldDraft, before: ProfileField | None) -> dict[str, Any]:
    fault = draft.options_fault()
    if fault:
        raise Invalid(_("Please check the marked fields."), {"options": fault})
    audience = await _audience(admin, draft.audience, before)
    return {
        "name_en": draft.name_en, "name_fr": draft.name_fr, "name_de": draft.name_de,
        "kind": draft.kind, "options": draft.choices, "source": draft.source,
        "audience": audience.kind, "space_id": audience.space_id,
        "organisation_id": audience.organisation_id, "may_narrow": draft.may_narrow,
    }  # fmt: skip


async def _audience(admin: Person, text: str, before: ProfileField | None) -> Audience:
    """Read "space:…" or "partner:…"; a space is one of the administrator's, or the one it was."""
    kind, _colon, public = text.partition(":")
    if kind in {COMPANY, NOBODY} and not public:
        return Audience(kind)
    number = _number(public)
    if kind == SPACE and number:
        stays = before is not None and before.space_id == number
        if stays or await joined_among(admin.id, [number]):
            return Audience(SPACE, space_id=number)
    if kind == PARTNER and number and await Organisation.exists(id=number, is_ours=False):
        return Audience(PARTNER, organisation_id=number)
    raise _no_option("audience")


def _number(public: str) -> int | None:
    try:
        return parse_public(public)
    except NotFound:
        return None


def _no_option(name: str) -> Invalid:
    sentence = _("Choose one of the options.")
    return Invalid(_("Please check the marked fields."), {name: sentence})


def _free_key(name: str, taken: Sequence[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:30] or "field"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    return key


async def keep_own(person: Person, sent: Mapping[str, str], audiences: Mapping[str, str]) -> None:
    """Keep what somebody wrote and chose of their fields, both by key; all of it or nothing."""
    defined = {field.key: field for field in await queries.fields()}
    values = _values(person, defined, sent)
    async with transaction() as change:
        await keep_details(person.id, values)
        for key, wanted in audiences.items():
            if key in defined and await _narrow(person, defined[key], wanted):
                change.record(PersonChanged(person.id))


def _values(
    person: Person, defined: Mapping[str, ProfileField], sent: Mapping[str, str]
) -> dict[str, str]:
    """What is to be kept; a locked field is refused with its reason, save unchanged."""
    values, faults = {}, {}
    for key, text in sent.items():
        field = defined.get(key)
        if field is None or text == person.details.get(key, ""):
            continue
        try:
            value = cleaned(field, text)
        except ValueError as error:
            faults[f"field_{key}"] = str(error)
            continue
        if value == person.details.get(key, ""):
            continue
        if rules.is_locked(field, person):
            faults[f"field_{key}"] = _("Kept by your company's directory. Have it changed there.")
        values[key] = value
    if faults:
        raise Invalid(_("Please check the marked fields."), faults)
    return values


async def _narrow(person: Person, field: ProfileField, wanted: str) -> bool:
    """Show a field to fewer, or to its own audience again; whether that changed anything."""
    kind, _colon, public = wanted.partition(":")
    rows = FieldAudience.filter(person_id=person.id, field_id=field.id)
    if not kind:
        return bool(await rows.delete())
    chosen = Audience(kind, _number(public) if kind == SPACE else None)
    if await rows.filter(audience=chosen.kind, space_id=chosen.space_id).exists():
        return False
    known = kind != SPACE or await joined_among(person.id, [chosen.space_id or 0])
    if not known or not rules.is_narrower(field, chosen):
        raise _no_option(f"audience_{field.key}")
    await FieldAudience.update_or_create(
        {"audience": chosen.kind, "space_id": chosen.space_id},
        person_id=person.id, field_id=field.id,
    )  # fmt: skip
    return True
