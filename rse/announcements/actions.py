"""Changes to announcements: published, edited, acknowledged, reminded of."""

from datetime import timedelta

from rse.feed import actions as feed
from rse.feed.actions.words import changed_meanwhile
from rse.feed.models import Post
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import NotAllowed
from rse.kernel.i18n import gettext as _
from rse.kernel.reads import ids
from rse.notifications import mark_read
from rse.notifications.models import Notification
from rse.spaces import offers
from rse.spaces import queries as spaces

from . import queries, rules
from .drafts import AnnouncementDraft, AnnouncementEdit
from .events import ReminderDue, RoundBegun
from .models import Announcement, Exclusion, Receipt

AT_ONCE = 500
# Notices that were read are forgotten after 90 days; until then what they say is written down.
WATCHED = timedelta(days=89)


async def publish(author: Person, draft: AnnouncementDraft) -> Post:
    """Publish a post that everybody in its space is asked to acknowledge."""
    view = await spaces.writable_space(author, draft.space_id)
    offers.require(view.space, "announcements")
    if not await queries.may_announce(author, view):
        raise NotAllowed(_("Only owners and moderators of the space can publish announcements."))
    excluded = await queries.excluded_by(author, draft)
    async with transaction() as change:
        post = await feed.publish(author, draft, kind=queries.KIND)
        made, is_new = await Announcement.get_or_create(
            post_id=post.id,
            defaults={
                "closes_at": draft.closes_at,
                "for_newcomers": draft.newcomers,
                "is_urgent": draft.urgent,
                "remind_days": draft.remind_days,
                "reminders_sent": _sent_by_now(draft),
            },
        )
        if is_new:
            await _leave_out(made, excluded)
            change.record(RoundBegun(made.id, made.round))
    return post


def _sent_by_now(draft: AnnouncementDraft | AnnouncementEdit) -> int:
    """Reminders whose morning has passed already are not sent any more."""
    return rules.reminders_due(draft.closes_at, clock.now(), draft.remind_days)


async def _leave_out(made: Announcement, excluded: queries.Excluded) -> None:
    people = [Exclusion(announcement_id=made.id, person_id=n) for n in excluded.person_ids]
    places = [Exclusion(announcement_id=made.id, space_id=n) for n in excluded.space_ids]
    await Exclusion.bulk_create([*people, *places])


async def edit(editor: Person, post_id: int, draft: AnnouncementEdit) -> Announcement:
    """Give an announcement new words or another last day; a major edit asks everybody again."""
    found, post, _view = await queries.announcement_for(editor, post_id)
    asks_the_same = (found.closes_at, found.remind_days) == (draft.closes_at, draft.remind_days)
    async with transaction() as change:
        saved = await feed.edit(editor, post_id, draft)
        if saved.version == post.version:
            # The words are those of before: the form is an old one, or it was sent twice.
            if draft.version and draft.version != post.version:
                if asks_the_same:
                    return found
                raise changed_meanwhile()
            await _count_as_edit(post)
        columns: dict[str, object] = {
            "closes_at": draft.closes_at,
            "remind_days": draft.remind_days,
            "reminders_sent": _sent_by_now(draft),
        }
        if draft.size == "major":
            columns |= {"round": found.round + 1, "begun_at": clock.now()}
            change.record(RoundBegun(found.id, found.round + 1))
        await Announcement.filter(id=found.id).update(**columns)
    return await Announcement.get(id=found.id)


async def _count_as_edit(post: Post) -> None:
    """Another last day is another version, too: a form opened before is not the present one."""
    if not await Post.filter(id=post.id, version=post.version).update(version=post.version + 1):
        raise changed_meanwhile()


async def acknowledge(person: Person, post_id: int) -> None:
    """« I have read it ». Saying it twice changes nothing; after the last day it still counts."""
    found, post, view = await queries.announcement_for(person, post_id)
    since = None if found.for_newcomers else found.begun_at
    is_asked = rules.is_asked(person, post.author_id, view.membership, since)
    if not is_asked or await queries.is_excluded(found, person.id):
        raise NotAllowed(_("This announcement does not ask for your confirmation."))
    async with transaction():
        await note_told(found, found.round, [person.id])
        await Receipt.filter(
            announcement_id=found.id, round=found.round, person_id=person.id, acknowledged_at=None
        ).update(is_seen=True, acknowledged_at=clock.now())
        await mark_read(person.id, thread_id=post_id)


async def note_told(announcement: Announcement, round_: int, person_ids: list[int]) -> None:
    """Remember who was told in a round; repeatable."""
    for start in range(0, len(person_ids), AT_ONCE):
        await Receipt.bulk_create(
            (
                Receipt(announcement_id=announcement.id, round=round_, person_id=number)
                for number in person_ids[start : start + AT_ONCE]
            ),
            ignore_conflicts=True,
        )


async def remind() -> None:
    """Have those reminded who have not answered: once the day before the last, once on it."""
    now = clock.now()
    for found in await queries.closing_soon(now):
        number = rules.reminders_due(found.closes_at, now, found.remind_days)
        async with transaction() as change:
            if await Announcement.filter(id=found.id, reminders_sent=found.reminders_sent).update(
                reminders_sent=number
            ):
                change.record(ReminderDue(found.id, found.round, number))


async def keep_seen() -> None:
    """Write down who has read their notice, before notices are forgotten."""
    for found in await queries.open_rounds(clock.now() - WATCHED):
        key = queries.event_key(found)
        read = await ids(
            Notification.filter(object_id=found.post_id, event_key=key, in_app=True).exclude(
                read_at=None
            ),
            "person_id",
        )
        for start in range(0, len(read), AT_ONCE):
            await Receipt.filter(
                announcement_id=found.id, round=found.round, is_seen=False,
                person_id__in=read[start : start + AT_ONCE],
            ).update(is_seen=True)  # fmt: skip
