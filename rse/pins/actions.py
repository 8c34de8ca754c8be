"""Changes to pins."""

from rse.feed import queries as feed
from rse.feed.events import PostMoved
from rse.feed.last_day import LastDay
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid, NotAllowed
from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import ngettext
from rse.spaces import offers
from rse.spaces.models import Space

from . import queries, rules
from .models import Pin


async def pin(person: Person, post_id: int, draft: LastDay) -> None:
    """Put a post above the others of its space, or give its pin another last day."""
    post, view = await feed.post_for(person, post_id)
    offers.require(view.space, "pins")
    if not rules.may_pin(person, view.space, view.membership):
        raise NotAllowed(_("Only owners and moderators of the space can pin posts."))
    async with transaction():
        # Locked, so that two pins at once cannot both be the last one allowed.
        await Space.filter(id=post.space_id).select_for_update().first()
        others = [number for number in await queries.of_space(post.space_id) if number != post_id]
        if len(others) >= rules.MOST:
            raise Invalid(
                ngettext(
                    "At most %(n)s post can be pinned. Unpin another one first.",
                    "At most %(n)s posts can be pinned. Unpin another one first.",
                    rules.MOST,
                )
            )
        await Pin.filter(post_id=post_id).delete()
        await Pin.create(post_id=post_id, pinned_by=person, ends_at=draft.closes_at)


async def unpin(person: Person, post_id: int) -> None:
    """Let a post go back to its place."""
    _post, view = await feed.post_for(person, post_id)
    if not rules.may_unpin(person, view.space, view.membership):
        raise NotAllowed(_("Only owners and moderators of the space can pin posts."))
    await Pin.filter(post_id=post_id).delete()


async def forget_ended() -> None:
    """Remove pins whose last day has passed."""
    await Pin.filter(ends_at__lte=clock.now()).delete()


async def forget_moved(event: PostMoved) -> None:
    """A pin was made for a space, and does not follow the post into another."""
    await Pin.filter(post_id=event.post_id).delete()
