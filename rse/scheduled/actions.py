"""Changes to scheduled posts: scheduled, changed, cancelled, published."""

from tortoise.exceptions import IntegrityError

from rse.drafts.actions import forget
from rse.feed import actions as feed
from rse.feed.drafts import PostDraft
from rse.identity.models import Person
from rse.kernel import clock, i18n
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid, RseError
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.notifications import withdraw
from rse.spaces import queries as spaces

from . import queries
from .drafts import ScheduleDraft
from .events import ScheduledRefused
from .models import ScheduledPost


async def schedule(author: Person, draft: ScheduleDraft) -> ScheduledPost:
    """Keep a post for later, where the author may write now. The same form sent twice makes one."""
    await _check(author, draft)
    if await ScheduledPost.filter(author_id=author.id).count() >= queries.MOST:
        raise Invalid(_("You can have at most %(n)s scheduled posts.", n=queries.MOST))
    try:
        async with transaction():
            await forget(author.id, draft.key)
            return await ScheduledPost.create(
                author=author, space_id=draft.space_id, title=draft.title, source=draft.body,
                files=draft.files, send_at=draft.send_at, sent_key=draft.key or None,
            )  # fmt: skip
    except IntegrityError:
        return await ScheduledPost.get(author_id=author.id, sent_key=draft.key)


async def change(author: Person, scheduled_id: int, draft: ScheduleDraft) -> None:
    """Give it other words, another place or moment; one that was refused waits again."""
    found = await queries.scheduled_for(author, scheduled_id)
    await _check(author, draft)
    async with transaction():
        await ScheduledPost.filter(id=found.id).update(
            space_id=draft.space_id, title=draft.title, source=draft.body, files=draft.files,
            send_at=draft.send_at, refusal="",
        )  # fmt: skip
        await withdraw(found.id)


async def _check(author: Person, draft: ScheduleDraft) -> None:
    await spaces.writable_space(author, draft.space_id)
    if not (draft.body.strip() or draft.title or draft.files):
        sentence = _("Write something first.")
        raise Invalid(sentence, {"body": sentence})


async def cancel(author: Person, scheduled_id: int) -> None:
    """Let it never be published."""
    found = await queries.scheduled_for(author, scheduled_id)
    async with transaction():
        await ScheduledPost.filter(id=found.id).delete()
        await withdraw(found.id)


async def publish_due() -> None:
    """Publish what is due, each for itself: one that is refused holds up no other."""
    for found in await queries.due(clock.now()):
        author = found.author
        with i18n.using(author.language, author.timezone):
            try:
                await _publish(found)
            except RseError as error:
                await _refuse(found, error.message)


async def _publish(found: ScheduledPost) -> None:
    """Remove it and publish it, or neither; what was changed or taken meanwhile is let be."""
    draft = PostDraft.model_construct(
        space=to_public(found.space_id), title=found.title, body=found.source,
        files=found.files, key=f"scheduled:{found.id}",
    )  # fmt: skip
    async with transaction():
        if await ScheduledPost.filter(id=found.id, send_at=found.send_at, refusal="").delete():
            await feed.publish(found.author, draft)


async def _refuse(found: ScheduledPost, reason: str) -> None:
    async with transaction() as change_:
        refused = await ScheduledPost.filter(id=found.id, send_at=found.send_at, refusal="").update(
            refusal=reason[:300]
        )
        if refused:
            change_.record(ScheduledRefused(found.id))
