"""How notices about posts and comments read, in a list and in a mail."""

import re
from collections.abc import Mapping, Sequence

from rse.identity.models import Person
from rse.kernel.i18n import N_, format_list
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.kernel.text import excerpt, to_plain
from rse.notifications.kinds import NoticeKind, NoticeRef, NoticeText

from . import queries
from .groups import missed
from .models import Comment, Post
from .rules import comment_url

SENTENCES = {
    "feed.mention": N_("%(person)s mentioned you in %(space)s"),
    "feed.comment": N_("%(person)s commented in %(space)s"),
    "feed.post": N_("%(person)s posted in %(space)s"),
    "feed.accepted": N_("%(person)s published your post in %(space)s"),
    "feed.reaction": N_("%(person)s reacted to what you wrote in %(space)s"),
}
_COMMENT_KEY = re.compile(r"^comment:(\d+)$")


async def describe(notices: Sequence[NoticeRef]) -> Mapping[int, NoticeText]:
    """The notices whose post the person may still read, in words."""
    posts = {
        post.id: post
        for post in await Post.filter(
            id__in=[n.object_id for n in notices], deleted_at=None, is_waiting=False
        ).select_related("space", "author")
    }
    actors = {
        person.id: person
        for person in await Person.filter(
            id__in=[n.actor_id for n in notices if n.actor_id]
        ).select_related("organisation")
    }
    comments = await _comments_of(notices)
    may_read = await queries.readers_of(
        [post.space for post in posts.values()], {n.person_id for n in notices}
    )
    found: dict[int, NoticeText] = {}
    for notice in notices:
        post = posts.get(notice.object_id)
        if post is None or (post.space_id, notice.person_id) not in may_read:
            continue
        comment = comments.get(_comment_id(notice))
        if comment is None and _comment_id(notice):
            continue  # gone: the post's words are not what it said
        found[notice.id] = _text(notice, post, comment, actors.get(notice.actor_id or 0))
    return found


def _url(post: Post) -> str:
    return f"/posts/{to_public(post.id)}"


def _text(
    notice: NoticeRef, post: Post, comment: Comment | None, actor: Person | None
) -> NoticeText:
    words = comment or post
    name = display_name(actor)
    plain = to_plain(words.html)
    return NoticeText(
        sentence=_(SENTENCES[notice.kind], person=name, space=post.space.name),
        subject=post.title or excerpt(to_plain(post.html), 70) or post.space.name,
        url=comment_url(post.id, comment.id) if comment else _url(post),
        excerpt=excerpt(plain),
        body_html=words.html,
        body_text=plain,
        actor_name=name,
        space_name=post.space.name,
        thread_id=post.id,
        reply_kind="post",
        reply_object_id=post.id,
    )


async def _comments_of(notices: Sequence[NoticeRef]) -> Mapping[int, Comment]:
    """The living comments that notices are about, in one read."""
    wanted = [number for notice in notices if (number := _comment_id(notice))]
    found = await Comment.filter(id__in=wanted, deleted_at=None) if wanted else []
    return {comment.id: comment for comment in found}


def _comment_id(notice: NoticeRef) -> int:
    found = _COMMENT_KEY.match(notice.event_key)
    return int(found.group(1)) if found else 0


def display_name(person: Person | None) -> str:
    """A name with its company where it is not ours: verified, never what a partner claims."""
    if person is None:
        return "?"
    if person.is_local:
        return person.display_name
    return f"{person.display_name} ({person.organisation.name})"


async def describe_missed(notices: Sequence[NoticeRef]) -> Mapping[int, NoticeText]:
    """Whom one named in vain, as long as they still cannot read it."""
    found: dict[int, NoticeText] = {}
    for notice in notices:
        target_id = int(notice.event_key.removeprefix("missed:"))
        post = await Post.get_or_none(id=notice.object_id, deleted_at=None).select_related("space")
        item = await Comment.get_or_none(id=target_id, deleted_at=None) or post
        if post is None or item is None:
            continue
        people = await missed(item.source, post.space_id)
        if people:
            names = format_list([person.display_name for person in people])
            sentence = _(
                "You mentioned %(people)s in %(space)s, but they cannot read it",
                people=names,
                space=post.space.name,
            )
            url = comment_url(post.id, item.id) if item is not post else _url(post)
            found[notice.id] = NoticeText(sentence=sentence, subject=sentence, url=url)
    return found


KINDS = (
    NoticeKind(
        "feed.missed", N_("Somebody I mention cannot read it"), describe_missed, by_mail=False
    ),
    NoticeKind(
        "feed.mention", N_("Somebody mentions me"), describe, weight=30,
        together=N_("%(people)s mentioned you in %(space)s"),
    ),
    NoticeKind(
        "feed.comment", N_("Somebody answers in a thread I take part in"), describe, weight=20,
        is_direct=False, together=N_("%(people)s commented in %(space)s"),
    ),
    NoticeKind(
        "feed.post", N_("Something new in my spaces"), describe, weight=10, by_mail=False,
        by_digest=True, is_direct=False,
    ),
    NoticeKind("feed.accepted", N_("A moderator publishes my post"), describe, by_mail=False),
    NoticeKind(
        "feed.reaction", N_("Somebody reacts to what I wrote"), describe, by_mail=False,
        is_direct=False, together=N_("%(people)s reacted to what you wrote in %(space)s"),
    ),
)  # fmt: skip
