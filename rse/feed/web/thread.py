"""The page of one post: its comments, a page at a time, around the one a link names."""

from urllib.parse import urlencode

from quart import request
from quart.typing import ResponseReturnValue

from rse.feed import conversation, groups, queries
from rse.feed.audience import choice
from rse.feed.cards import CommentView, threads
from rse.feed.conversation import Conversation, Place
from rse.feed.models import Comment
from rse.feed.rules import comment_url
from rse.files.queries import files_of
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.ids import parse_public, to_public
from rse.kernel.pages import NEWEST, Page
from rse.kernel.text import to_plain
from rse.notifications import mark_read
from rse.notifications.queries import thread_of
from rse.spaces import rules as space_rules
from rse.spaces.refusals import why_not_comment
from rse.web.render import go, only_prefetched, respond

from .blueprint import blueprint, list_of_cards

MOST_QUOTED = 600


@blueprint.get("/posts/<id:post_id>")
async def show(post_id: int) -> ResponseReturnValue:
    """The post with its comments: the newest, or those around the one that was asked for."""
    reader = current_person()
    context = await thread(reader, post_id, await _asked_place(reader, post_id))
    context |= await _quotation(reader, post_id)
    told = await thread_of(reader.id, post_id)
    if told.unread and not only_prefetched():
        await mark_read(reader.id, thread_id=post_id)
    return await respond(
        page="feed/post.html", fragment="feed/_thread.html", level=told.level or "", **context
    )


@blueprint.get("/p/<id:number>")
async def permanent(number: int) -> ResponseReturnValue:
    """The address of a post or comment that holds wherever it moves."""
    target, _view = await queries.target_for(current_person(), number)
    if isinstance(target, Comment):
        return go(comment_url(target.post_id, target.id))
    return go(f"/posts/{to_public(number)}")


async def thread(reader: Person, post_id: int, place: Place) -> dict[str, object]:
    """What the page of a post shows."""
    post, view = await queries.post_for(reader, post_id)
    [card] = await list_of_cards(
        reader, Page([post_id]), moderated={post.space_id: view.may_moderate}
    )
    page = await conversation.page(post_id, place)
    views = await _comment_views(reader, post_id, page, moderates=view.may_moderate)
    here = f"/posts/{to_public(post_id)}"
    return {
        "card": card,
        "threads": threads(views),
        "space": view.space,
        "here": f"{here}{_query(place)}",
        "more_answers": {
            first: f"{here}{_query(Place(place.before, first, _until(place, first, oldest)))}"
            for first, oldest in page.more.items()
        },
        "earlier_url": f"{here}{_query(Place(page.earlier))}#comments" if page.earlier else "",
        "newest_url": "" if place.before == NEWEST else f"{here}#comments",
        "may_write": space_rules.may_comment(reader, view.space, view.membership),
        "why_not": why_not_comment(view.space, view.membership),
        "audience": await choice(view.space),
        "missed": await groups.missed(post.source, post.space_id) if card.may_edit else [],
        "may_invite": space_rules.may_invite(reader, view.space, view.membership),
    }


def _until(place: Place, first: int, oldest: int) -> int:
    """An open thread goes on before its oldest answer; another one opens at its end."""
    return oldest if place.open_id == first else NEWEST


def _query(place: Place) -> str:
    asked = {
        "before": place.before if place.before != NEWEST else 0,
        "thread": place.open_id,
        "answers": place.answers_before if place.answers_before != NEWEST else 0,
    }
    found = {name: to_public(number) for name, number in asked.items() if number}
    return f"?{urlencode(found)}" if found else ""


async def _asked_place(reader: Person, post_id: int) -> Place:
    wanted = _number("comment", 0) or _number("quote", 0)
    if wanted:
        return await conversation.place_named(post_id, wanted)
    return Place(_number("before", NEWEST), _number("thread", 0), _number("answers", NEWEST))


async def place_of_comment(comment: Comment) -> Place:
    return await conversation.place_of(comment.post_id, comment.id, comment.parent_id)


def _number(name: str, otherwise: int) -> int:
    """An id of the address; one that cannot be read is as if it were not there."""
    try:
        return parse_public(request.args.get(name, ""))
    except NotFound:
        return otherwise


async def _quotation(reader: Person, post_id: int) -> dict[str, str]:
    """The words of a comment, as the beginning of an answer to it."""
    wanted = _number("quote", 0)
    if not wanted:
        return {}
    comment, _view = await queries.comment_for(reader, wanted)
    if comment.post_id != post_id:
        return {}
    lines = to_plain(comment.html)[:MOST_QUOTED].splitlines() or [""]
    quoted = "\n".join(f"> {line}" for line in lines)
    return {"answers": to_public(comment.parent_id or comment.id), "value": f"{quoted}\n\n"}


async def _comment_views(
    reader: Person, post_id: int, page: Conversation, *, moderates: bool
) -> list[CommentView]:
    """The comments of a page for one reader."""
    mine = await queries.own_reactions(reader.id, [row.id for row in page.rows])
    files = (await files_of([post_id])).get(post_id, [])
    return [
        CommentView(
            row=row,
            mine={emoji for target, emoji in mine if target == row.id},
            is_own=row.author_id == reader.id,
            may_delete=row.author_id == reader.id or (moderates and bool(row.is_ours)),
            files=[file for file in files if file.comment_id == row.id],
        )
        for row in page.rows
    ]
