"""How notices about announcements read."""

from collections.abc import Mapping, Sequence

from rse.feed import queries as feed
from rse.feed.last_day import last_day_text
from rse.feed.models import Post
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.kernel.text import excerpt, to_plain
from rse.notifications.kinds import NoticeKind, NoticeRef, NoticeText

from .models import Announcement

READ = "announcements.read"


async def describe(notices: Sequence[NoticeRef]) -> Mapping[int, NoticeText]:
    """The notices whose announcement the person may still read, in words."""
    found = await Announcement.filter(
        post_id__in=[n.object_id for n in notices], post__deleted_at=None
    ).select_related("post__space", "post__author")
    texts: dict[int, NoticeText] = {}
    for announcement in found:
        about = [n for n in notices if n.object_id == announcement.post_id]
        readers = await feed.readers_among(announcement.post.space_id, [n.person_id for n in about])
        texts |= {n.id: _text(n, announcement) for n in about if n.person_id in readers}
    return texts


def _text(notice: NoticeRef, announcement: Announcement) -> NoticeText:
    post: Post = announcement.post
    plain = to_plain(post.html)
    return NoticeText(
        sentence=_sentence(notice, announcement),
        subject=post.title or excerpt(plain, 70) or post.space.name,
        url=f"/posts/{to_public(post.id)}",
        excerpt=excerpt(plain),
        body_html=post.html,
        body_text=plain,
        actor_name=post.author.display_name,
        space_name=post.space.name,
        thread_id=post.id,
        reply_kind="post",
        reply_object_id=post.id,
        act_kind=READ,
        act_object_id=post.id,
    )


def _sentence(notice: NoticeRef, announcement: Announcement) -> str:
    person, space = announcement.post.author.display_name, announcement.post.space.name
    if notice.kind == "announcements.reminder" and announcement.closes_at:
        day = last_day_text(announcement.closes_at)
        return _(
            "Please confirm by %(day)s that you have read what %(person)s announced in %(space)s",
            day=day, person=person, space=space,
        )  # fmt: skip
    return _("%(person)s asks you to read an announcement in %(space)s", person=person, space=space)


KINDS = (
    NoticeKind(
        "announcements.new", N_("An announcement asks me to read it"), describe, weight=40,
        is_required=True,
    ),
    NoticeKind(
        "announcements.reminder", N_("An announcement I have not confirmed ends soon"), describe,
        weight=40, is_required=True,
    ),
)  # fmt: skip
