"""One real instance in its own process, obeying commands that come as JSON lines on stdin.

The product is served as `rse serve` does it: web, outbox, schedule, its own SQLite file. Commands
call the same actions the pages call. Run as `python -m tests.federation.instance`.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop
from hypercorn.asyncio import serve

from rse.app import create_app
from rse.cli_server import hypercorn
from rse.config import load
from rse.federation import admin
from rse.federation.io import audit
from rse.federation.io.models import FedIn, Lane, Partner
from rse.federation.queries import shares_of
from rse.feed import actions as feed
from rse.feed.drafts import CommentDraft, EditDraft, PostDraft, ReactionDraft
from rse.feed.models import Comment, Post, Reaction
from rse.identity import people
from rse.identity.models import ADMIN, Account, Person
from rse.identity.people import Card
from rse.kernel.errors import RseError
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from rse.spaces.models import Membership, Space


async def boss() -> Person:
    """The instance's administrator."""
    account = await Account.filter(role=ADMIN).order_by("id").first().select_related("person")
    assert account is not None
    return account.person


async def only_partner() -> Partner:
    return await Partner.all().get()


async def invite() -> str:
    return await admin.create_invite((await boss()).id)


async def join(link: str) -> str:
    status = await admin.accept_invite(link, (await boss()).id)
    return await admin.code(status.card.id)


async def code() -> str:
    return await admin.code((await only_partner()).id)


async def confirm(heard: str) -> None:
    await admin.confirm_code((await only_partner()).id, heard, (await boss()).id)


async def partner() -> dict[str, Any]:
    status = await admin.partner((await only_partner()).id)
    return {
        "state": status.card.state, "name": status.card.name, "host": status.card.host,
        "waiting_out": status.waiting_out, "waiting_in": status.waiting_in,
        "rejected_in": status.rejected_in, "said_of_us": status.said_of_us,
        "agreement": (await only_partner()).agreement,
    }  # fmt: skip


async def suspend() -> None:
    await admin.suspend((await only_partner()).id, (await boss()).id)


async def resume() -> None:
    await admin.resume((await only_partner()).id, (await boss()).id)


async def terminate() -> None:
    await admin.terminate((await only_partner()).id, (await boss()).id)


async def make_space(name: str) -> int:
    return (await spaces.create(await boss(), spaces.SpaceDraft(name=name, access="open"))).id


async def share(space: int) -> None:
    await admin.share_space((await only_partner()).id, space, (await boss()).id)


async def offered() -> list[str]:
    cards = await shares_of((await only_partner()).id)
    return [card.group_name for card in cards if card.state == "invited"]


async def accept() -> None:
    for card in await shares_of((await only_partner()).id):
        if card.role == "guest" and card.state == "invited":
            await admin.accept_share(card.id, (await boss()).id)


async def share_states() -> list[str]:
    return [card.state for card in await shares_of((await only_partner()).id)]


async def unshare() -> None:
    for card in await shares_of((await only_partner()).id):
        if card.state == "active":
            await admin.unshare_space(card.id, (await boss()).id)


async def find_space(name: str) -> int | None:
    space = await Space.get_or_none(name=name)
    return space.id if space else None


async def members(space: int) -> list[str]:
    rows = await Membership.filter(space_id=space, status="joined").select_related("person")
    return sorted(row.person.display_name for row in rows)


async def post(space: int, body: str) -> int:
    return (await feed.publish(await boss(), PostDraft(space=to_public(space), body=body))).id


async def posts(space: int, bodies: list[str]) -> None:
    for body in bodies:
        await post(space, body)


async def comment(post: int, body: str, parent: int = 0) -> int:
    draft = CommentDraft(body=body, parent=to_public(parent) if parent else "")
    return (await feed.comment(await boss(), post, draft)).id


async def react(target: int, emoji: str) -> None:
    await feed.react(await boss(), target, ReactionDraft(emoji=emoji))


async def withdraw(target: int, emoji: str) -> None:
    await feed.withdraw(await boss(), target, emoji)


async def edit(post: int, body: str) -> None:
    await feed.edit(await boss(), post, EditDraft(body=body))


async def delete(post: int) -> None:
    await feed.delete(await boss(), post)


async def restore(post: int) -> None:
    await feed.restore(await boss(), post)


async def move(post: int, space: int) -> None:
    await feed.move(await boss(), post, space)


async def rename(name: str) -> None:
    person = await boss()
    await people.change_card(person, Card(display_name=name, title="Director"))


async def thread(space: int) -> list[dict[str, Any]]:
    """Everything that lives in a space, oldest first."""
    found = []
    for row in (
        await Post.filter(space_id=space, deleted_at=None)
        .order_by("id")
        .select_related("author__organisation")
    ):
        comments = await Comment.filter(post_id=row.id, deleted_at=None).order_by("id")
        liked = await Reaction.filter(target_id__in=[c.id for c in comments]).count()
        reactions = await Reaction.filter(target_id=row.id)
        found.append(
            {
                "id": row.id,
                "uri": row.uri,
                "html": row.html,
                "author": row.author.display_name,
                "organisation": row.author.organisation.name,
                "comments": [[c.id, c.html] for c in comments],
                "answers": sum(c.parent_id is not None for c in comments),
                "liked_comments": liked,
                "reactions": sorted(r.emoji for r in reactions),
            }
        )
    return found


async def received() -> dict[str, int]:
    rows = await FedIn.all().values_list("state", flat=True)
    return {str(state): list(rows).count(state) for state in set(rows)}


async def lanes() -> list[list[int]]:
    return [[lane.number, lane.head, lane.acked] for lane in await Lane.filter(outgoing=True)]


async def audit_is_whole() -> bool:
    return await audit.broken_at() is None


COMMANDS: dict[str, Callable[..., Awaitable[Any]]] = {
    command.__name__: command
    for command in (
        invite, join, code, confirm, partner, suspend, resume, terminate, make_space, share,
        offered, accept, share_states, unshare, find_space, members, post, posts, comment, react,
        withdraw, edit, delete, restore, move, rename, thread, received, lanes, audit_is_whole,
    )
}  # fmt: skip


async def obey(stop: asyncio.Event) -> None:
    """Read commands until stdin ends; answer each with one line."""
    reader = asyncio.StreamReader(limit=1 << 24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        asked = json.loads(line)
        try:
            answer = {"ok": await COMMANDS[asked["do"]](*asked["with"])}
        except RseError as error:
            answer = {"error": error.message, "status": error.status}
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()
    stop.set()


async def main() -> None:
    settings = load()
    app = create_app(settings)
    stop = asyncio.Event()

    @app.before_serving
    async def ready() -> None:
        if not await Account.exists(role=ADMIN):
            await people.our_organisation(os.environ["COMPANY"])
            card = Card(display_name=os.environ["BOSS"], title="Director")
            await people.ensure_local("boss", card, role=ADMIN)

    server = asyncio.create_task(serve(app, hypercorn(settings), shutdown_trigger=stop.wait))
    await obey(stop)
    await server


if __name__ == "__main__":
    uvloop.run(main())
