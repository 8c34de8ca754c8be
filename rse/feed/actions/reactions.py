"""Reactions: on and off, counted where they are shown."""

from tortoise.exceptions import IntegrityError

from rse.feed import queries
from rse.feed.drafts import ReactionDraft
from rse.feed.events import Reacted, ReactionWithdrawn
from rse.feed.models import Comment, Post, Reaction
from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.kernel.errors import NotAllowed
from rse.spaces import rules as space_rules
from rse.spaces.refusals import why_not_react


async def react(
    person: Person, target_id: int, draft: ReactionDraft, uri: str | None = None
) -> None:
    """Put one emoji on a post or comment; putting it twice changes nothing."""
    target, view = await queries.target_for(person, target_id)
    if not space_rules.may_take_part(person, view.space, view.membership):
        raise NotAllowed(why_not_react(view.space, view.membership))
    post_id = target.id if isinstance(target, Post) else target.post_id
    try:
        async with transaction() as change:
            made = await Reaction.create(
                target_id=target_id, post_id=post_id, person=person, emoji=draft.emoji, uri=uri
            )
            await _count(target, draft.emoji, 1)
            change.record(Reacted(made.id, target_id, post_id, person.id, draft.emoji))
    except IntegrityError:
        return


async def withdraw(person: Person, target_id: int, emoji: str) -> None:
    """Take one's own emoji back, whether or not the instance still offers it."""
    target, _view = await queries.target_for(person, target_id)
    mine = await Reaction.get_or_none(target_id=target_id, person_id=person.id, emoji=emoji)
    if mine is None:
        return
    async with transaction() as change:
        if await Reaction.filter(id=mine.id).delete():
            await _count(target, emoji, -1)
            change.record(ReactionWithdrawn(mine.id, target_id, mine.post_id, person.id, emoji))


async def _count(target: Post | Comment, emoji: str, by: int) -> None:
    """Keep the denormalised counts, inside the reaction's own transaction."""
    model = type(target)
    # Locked, so that two reactions at once on PostgreSQL are both counted.
    row = await model.filter(id=target.id).select_for_update().first()
    counts = dict(row.reaction_counts) if row else {}
    counts[emoji] = counts.get(emoji, 0) + by
    kept = {key: number for key, number in counts.items() if number > 0}
    await model.filter(id=target.id).update(reaction_counts=kept)
