"""Announcements: published by who may, read by who is asked, counted for who may know."""

import pytest
from tortoise.connection import get_connection

from rse.announcements import actions, queries
from rse.announcements.drafts import AnnouncementDraft
from rse.announcements.models import Announcement, Receipt
from rse.feed import actions as feed
from rse.feed.models import Post
from rse.identity.models import Person
from rse.kernel import clock, db
from rse.kernel.errors import NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications import mark_read
from rse.notifications.models import Notification
from rse.spaces import actions as spaces
from rse.spaces.models import Membership, Space
from tests import make
from tests.announcements.world import announce, change

pytestmark = pytest.mark.usefixtures("app")


async def states(post: Post) -> dict[int, int]:
    found = await Announcement.get(post_id=post.id)
    return {person.id: person.state for person in await queries.everybody(found)}


async def test_an_owner_asks_every_member_but_not_themselves() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader = await make.member(space)
    post = await announce(owner, space)
    assert await states(post) == {reader.id: queries.TOLD}
    assert await queries.standing(reader) == [post.id]
    assert await queries.standing(owner) == []


async def test_one_announcement_is_one_notice() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader = await make.member(space)
    post = await announce(owner, space, body=f"Bonjour @{reader.handle}")
    told = await Notification.filter(person_id=reader.id, object_id=post.id)
    assert [notice.kind for notice in told] == ["announcements.new"]


async def test_a_member_cannot_announce_and_nothing_is_written() -> None:
    space = await make.space()
    with pytest.raises(NotAllowed, match="owners and moderators"):
        await announce(await make.member(space), space)
    assert await Post.all().count() == 0


async def test_an_administrator_announces_in_the_company_s_space_and_nowhere_else() -> None:
    admin = (await make.account(admin=True)).person
    company = await make.space(name="Ostrelle")
    await Space.filter(id=company.id).update(is_company=True)
    elsewhere = await make.space()
    for space in (company, elsewhere):
        await spaces.admit(space.id, admin.id)
    assert (await announce(admin, company)).kind == queries.KIND
    with pytest.raises(NotAllowed):
        await announce(admin, elsewhere)


async def test_acknowledging_counts_once_and_takes_it_from_the_top() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader, other = await make.member(space), await make.member(space)
    post = await announce(owner, space)
    for _again in range(2):
        await actions.acknowledge(reader, post.id)
    assert await states(post) == {reader.id: queries.ACKNOWLEDGED, other.id: queries.TOLD}
    assert (await queries.progress_of([post.id]))[post.id][1:] == (2, 1)
    assert await queries.standing(reader) == []
    assert await Receipt.filter(person_id=reader.id).count() == 1
    assert not await Notification.exists(person_id=reader.id, read_at=None)


async def test_who_was_not_told_may_acknowledge_all_the_same() -> None:
    owner = await make.person()
    space = await make.space(owner)
    post = await announce(owner, space)
    late = await make.member(space)
    assert await states(post) == {late.id: queries.NOT_TOLD}
    await actions.acknowledge(late, post.id)
    assert await states(post) == {late.id: queries.ACKNOWLEDGED}


async def test_newcomers_are_left_out_when_the_author_says_so() -> None:
    owner = await make.person()
    space = await make.space(owner)
    post = await announce(owner, space, newcomers=False)
    late = await make.member(space)
    assert await states(post) == {}
    assert await queries.standing(late) == []
    with pytest.raises(NotAllowed):
        await actions.acknowledge(late, post.id)


async def test_reading_the_notice_makes_it_seen_and_that_is_kept() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader = await make.member(space)
    post = await announce(owner, space)
    await mark_read(reader.id, thread_id=post.id)
    assert await states(post) == {reader.id: queries.SEEN}
    await actions.keep_seen()
    await Notification.all().delete()
    assert await states(post) == {reader.id: queries.SEEN}


async def test_a_minor_edit_keeps_what_was_acknowledged() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader = await make.member(space)
    post = await announce(owner, space)
    await actions.acknowledge(reader, post.id)
    await change(owner, post, "minor")
    assert await states(post) == {reader.id: queries.ACKNOWLEDGED}
    assert await Notification.filter(person_id=reader.id).count() == 1


async def test_a_major_edit_asks_everybody_again() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader = await make.member(space)
    post = await announce(owner, space)
    await actions.acknowledge(reader, post.id)
    await change(owner, post, "major")
    assert await states(post) == {reader.id: queries.TOLD}
    assert await queries.standing(reader) == [post.id]
    assert await Notification.filter(person_id=reader.id, read_at=None).count() == 1
    assert (await Post.get(id=post.id)).source == "Casque et gilet."


async def test_only_the_author_edits_and_a_refusal_changes_nothing() -> None:
    owner = await make.person()
    space = await make.space(owner)
    second = await make.member(space)
    await Membership.filter(person_id=second.id).update(role="owner")
    post = await announce(owner, space)
    with pytest.raises(NotAllowed):
        await change(second, post, "major")
    assert (await Announcement.get(post_id=post.id)).round == 1


async def test_the_same_form_sent_twice_makes_one_announcement() -> None:
    owner = await make.person()
    space = await make.space(owner)
    draft = AnnouncementDraft(space=to_public(space.id), body="Une fois", key="abc")
    first = await actions.publish(owner, draft)
    assert (await actions.publish(owner, draft)).id == first.id
    assert await Announcement.all().count() == 1


async def test_a_partner_s_people_are_not_counted_and_not_asked() -> None:
    owner = await make.person()
    space = await make.space(owner)
    outsider = await make.outsider()
    await spaces.admit(space.id, outsider.id)
    post = await announce(owner, space)
    assert await states(post) == {}
    with pytest.raises(NotAllowed):
        await actions.acknowledge(outsider, post.id)


async def test_a_stranger_finds_no_announcement() -> None:
    owner = await make.person()
    space = await make.space(owner, access="secret")
    post = await announce(owner, space)
    stranger = await make.person()
    for ask in (actions.acknowledge, queries.receipts_for):
        with pytest.raises(NotFound):
            await ask(stranger, post.id)


async def test_a_reader_of_an_open_space_is_not_asked() -> None:
    owner = await make.person()
    post = await announce(owner, await make.space(owner))
    with pytest.raises(NotAllowed):
        await actions.acknowledge(await make.person(), post.id)


async def test_leaving_the_space_takes_one_out_of_the_count() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader = await make.member(space)
    post = await announce(owner, space)
    await spaces.dismiss(space.id, reader.id)
    assert await states(post) == {}


async def test_a_deleted_announcement_waits_for_nobody() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader = await make.member(space)
    post = await announce(owner, space)
    await feed.delete(owner, post.id)
    await drain()
    assert await queries.standing(reader) == []
    assert not await Notification.exists(person_id=reader.id)


async def test_a_person_s_receipts_go_with_them() -> None:
    from rse.announcements import privacy

    owner = await make.person()
    space = await make.space(owner)
    reader: Person = await make.member(space)
    await actions.acknowledge(reader, (await announce(owner, space)).id)
    assert len((await privacy.export(reader.id))["announcements"]) == 1
    await privacy.erase(reader.id)
    assert (await privacy.export(reader.id))["announcements"] == []


async def test_what_stands_on_top_is_found_from_the_announcements_not_from_all_posts() -> None:
    author = await make.person()
    space = await make.space(author)
    for _number in range(30):
        await make.post(author, space)
    connection = get_connection("default")
    await connection.execute_script("ANALYZE")
    assert await queries.standing(author) == []
    if db.dialect() == "sqlite":  # PostgreSQL chooses among few rows as it likes
        _, found = await connection.execute_query(
            f"EXPLAIN QUERY PLAN {queries._TOP}", [author.id, clock.now(), 3]
        )
        plan = [str(dict(row)["detail"]) for row in found]
        assert "SCAN p" not in plan
        assert any(line.startswith("SEARCH p ") for line in plan)
