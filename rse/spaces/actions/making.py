"""Spaces are made, described, placed under another, archived and opened again."""

from typing import Any

from rse.identity.models import Person
from rse.identity.people import our_organisation
from rse.kernel import clock
from rse.kernel.db import Change, transaction
from rse.kernel.errors import Invalid, NotAllowed, RseError
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public
from rse.kernel.text import clean_text, fold
from rse.realtime.hub import recheck_after
from rse.realtime.topics import topic_of
from rse.spaces import queries, rules, templates
from rse.spaces.drafts import DoorDraft, SpaceDraft, WritingDraft
from rse.spaces.events import SpaceChanged, SpaceCreated
from rse.spaces.models import OWNER, Membership, Space
from rse.spaces.offers import offers
from rse.spaces.templates import welcome_writers


async def create(creator: Person, draft: SpaceDraft) -> Space:
    """Open a space; its creator owns it. From a template, it begins with its settings."""
    if not rules.may_create(creator):
        raise NotAllowed(_("You cannot create spaces."))
    parent = await _place(creator, draft.parent) if draft.parent else None
    begins = await templates.beginning(draft.template)
    async with transaction() as change:
        space = await Space.create(
            organisation=await our_organisation(), member_count=1, parent=parent,
            **{**begins.columns, **_columns(draft)},
        )  # fmt: skip
        await Membership.create(space=space, person=creator, role=OWNER)
        change.record(SpaceCreated(space.id))
        if begins.welcome_body:
            for write in welcome_writers:
                await write(creator, space.id, begins.welcome_title, begins.welcome_body)
    return await Space.get(id=space.id)


async def _place(owner: Person, parent: str) -> Space:
    """The space under which another is put, for one of its owners."""
    try:
        view = await queries.space_for(owner, parse_public(parent))
    except RseError as error:
        raise Invalid(error.message, {"parent": error.message}) from error
    if not view.may_manage:
        raise _misplaced(_("Only owners of a space can put another one under it."))
    if not rules.may_have_parts(view.space):
        raise _misplaced(_("This space can have no sub-spaces: it is one itself, or archived."))
    return view.space


def _misplaced(sentence: str) -> Invalid:
    return Invalid(sentence, {"parent": sentence})


async def change_space(editor: Person, space_id: int, draft: SpaceDraft) -> Space:
    """Rename, describe, open or close a space, or put it somewhere else."""
    await managed(editor, space_id)
    columns = _columns(draft)
    if draft.parent is not None:
        columns["parent_id"] = await _new_parent(editor, space_id, draft.parent)
    await _save(space_id, columns)
    return (await queries.space_for(editor, space_id)).space


async def _new_parent(owner: Person, space_id: int, parent: str) -> int | None:
    present = await Space.get(id=space_id)
    if not parent:
        return None
    if present.parent_id is not None and parent == to_public(present.parent_id):
        return present.parent_id  # left alone: its owner need not own the one above
    place = await _place(owner, parent)
    if not rules.may_be_part(present) or place.id == space_id:
        raise _misplaced(_("This space cannot be a sub-space."))
    if await Space.exists(parent_id=space_id):
        raise _misplaced(_("A space with sub-spaces cannot be a sub-space itself."))
    return place.id


async def change_door(owner: Person, space_id: int, draft: DoorDraft) -> None:
    """The rules shown to who comes, the questions asked, the role given."""
    await managed(owner, space_id)
    await _save(
        space_id,
        {
            "rules_text": draft.rules_text,
            "questions": draft.asked,
            "entry_role": draft.entry_role,
        },
    )


async def change_writing(owner: Person, space_id: int, draft: WritingDraft) -> None:
    """Who posts and comments, and what the space offers for it."""
    if (await managed(owner, space_id)).space.uri is not None:
        raise NotAllowed(_("The company that hosts this space decides who writes in it."))
    await _save(
        space_id,
        {
            "posting": draft.posting,
            "members_comment": draft.members_comment,
            "switched_off": [name for name in offers if name not in draft.offered],
        },
    )


async def archive(owner: Person, space_id: int, *, archived: bool) -> None:
    """Close a space and its parts for writing, or open them again; all stays readable."""
    view = await managed(owner, space_id)
    if view.space.is_company:
        raise NotAllowed(_("The space of everybody cannot be archived."))
    if not archived and await Space.exists(id=view.space.parent_id, archived_at__isnull=False):
        raise NotAllowed(
            _("This is a sub-space of an archived space: open that one again, or move this.")
        )
    async with transaction() as change:
        moment = clock.now() if archived else None
        await Space.filter(id=space_id).update(archived_at=moment, archived_with_parent=False)
        _tell(change, space_id)
        # Parts that were archived before stay so when the space above is opened again.
        parts = Space.filter(parent_id=space_id, archived_with_parent=not archived)
        for part in await (parts.filter(archived_at=None) if archived else parts):
            await Space.filter(id=part.id).update(archived_at=moment, archived_with_parent=archived)
            _tell(change, part.id)


async def managed(owner: Person, space_id: int) -> queries.SpaceView:
    """The space, for one of its owners."""
    view = await queries.space_for(owner, space_id)
    if not view.may_manage:
        raise NotAllowed(_("Only owners of the space can change it."))
    return view


async def _save(space_id: int, columns: dict[str, Any]) -> None:
    async with transaction() as change:
        await Space.filter(id=space_id).update(**columns)
        _tell(change, space_id)


def _tell(change: Change, space_id: int) -> None:
    change.record(SpaceChanged(space_id))
    recheck_after(change, topic_of("space", space_id))


def _columns(draft: SpaceDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "search_name": fold(draft.name)[:160],
        "description": clean_text(draft.description),
        "access": draft.access,
        "category": draft.category,
    }
