"""The same form sent twice, and one that is old: nobody is asked twice, nothing is overwritten."""

import pytest

from rse.announcements import actions
from rse.announcements.drafts import AnnouncementEdit
from rse.announcements.models import Announcement
from rse.feed.models import Post
from rse.identity.models import Person
from rse.kernel.errors import Conflict, NotAllowed
from rse.kernel.jobs import drain
from rse.notifications.models import Notification
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.announcements.world import announce, day_after

pytestmark = pytest.mark.usefixtures("app")


def edit(post: Post, **fields: object) -> AnnouncementEdit:
    said = {"body": post.source, "title": post.title, "version": post.version, "size": "major"}
    return AnnouncementEdit.model_validate({**said, **fields})


@pytest.fixture
async def owner() -> Person:
    return await make.person()


async def test_a_major_edit_sent_twice_asks_everybody_once_more(owner: Person) -> None:
    space = await make.space(owner)
    reader = await make.member(space)
    post = await announce(owner, space)
    for fields in ({"last_day": day_after(9)}, {"last_day": day_after(9), "body": "Et les gants."}):
        post = await Post.get(id=post.id)
        before = await Announcement.get(post_id=post.id)
        for _again in range(2):
            await actions.edit(owner, post.id, edit(post, **fields))
            await drain()
        assert (await Announcement.get(post_id=post.id)).round == before.round + 1
    # One notice for each round: the first, and two major edits.
    assert await Notification.filter(person_id=reader.id, object_id=post.id).count() == 3


async def test_another_last_day_set_elsewhere_is_not_overwritten(owner: Person) -> None:
    post = await announce(owner, await make.space(owner))
    await actions.edit(owner, post.id, edit(post, size="minor", last_day=day_after(9)))
    with pytest.raises(Conflict, match="changed elsewhere"):
        await actions.edit(owner, post.id, edit(post, size="minor", last_day=day_after(4)))
    found = await Announcement.get(post_id=post.id)
    assert found.closes_at is not None
    assert str(found.closes_at.date()) >= day_after(9)


async def test_what_would_wait_for_a_moderator_is_no_announcement() -> None:
    admin = (await make.account(admin=True)).person
    company = await make.space(name="Ostrelle")
    await Space.filter(id=company.id).update(is_company=True, posting="approval")
    await spaces.admit(company.id, admin.id)
    with pytest.raises(NotAllowed):
        await announce(admin, company)
    assert await Notification.filter(kind="announcements.new").count() == 0
