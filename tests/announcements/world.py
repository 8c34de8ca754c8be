"""What the tests of announcements begin with."""

from datetime import timedelta
from typing import Literal

from rse.announcements import actions
from rse.announcements.drafts import AnnouncementDraft, AnnouncementEdit
from rse.feed.last_day import today
from rse.feed.models import Post
from rse.identity.models import Person
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.spaces.models import Space


async def announce(
    author: Person, space: Space, *, days: int | None = None, newcomers: bool = True, body: str = ""
) -> Post:
    """An announcement whose notices have gone out; `days` from now is the last day."""
    draft = AnnouncementDraft(
        space=to_public(space.id),
        title="Nouvelles règles du chantier",
        body=body or "Le casque est obligatoire.",
        last_day=day_after(days) if days is not None else "",
        newcomers=newcomers,
    )
    post = await actions.publish(author, draft)
    await drain()
    return post


async def change(
    author: Person, post: Post, size: Literal["minor", "major"], body: str = "Casque et gilet."
) -> None:
    draft = AnnouncementEdit(body=body, title=post.title, version=post.version, size=size)
    await actions.edit(author, post.id, draft)
    await drain()


def day_after(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()
