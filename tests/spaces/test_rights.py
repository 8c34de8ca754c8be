"""The table of rights: each role against each kind of space, and each write through its action."""

import pytest

from rse.announcements import actions as announcements
from rse.announcements.drafts import AnnouncementDraft
from rse.feed import actions as feed
from rse.feed import queries as feed_queries
from rse.feed.audience import choices
from rse.feed.drafts import CommentDraft, EditDraft, PostDraft, ReactionDraft
from rse.feed.last_day import LastDay
from rse.feed.models import Post
from rse.files import actions as files
from rse.identity.models import Person
from rse.kernel.errors import NotAllowed
from rse.kernel.ids import to_public
from rse.pins import actions as pins
from rse.spaces import actions, rules
from rse.spaces.drafts import WritingDraft
from rse.spaces.models import JOINED, Membership, Space
from tests import make

pytestmark = pytest.mark.usefixtures("app")

ROLES = ("owner", "moderator", "member", "external", "reader", "")
# Who posts at once, posts after a moderator agreed, comments, reacts, brings others in, decides.
TABLE = {
    "members": {
        "post": {"owner", "moderator", "member", "external"},
        "wait": set(),
        "comment": {"owner", "moderator", "member", "external"},
    },
    "approval": {
        "post": {"owner", "moderator"},
        "wait": {"member", "external"},
        "comment": {"owner", "moderator", "member", "external"},
    },
    "moderators": {
        "post": {"owner", "moderator"},
        "wait": set(),
        "comment": {"owner", "moderator", "member", "external"},
    },
}
REACT = {"owner", "moderator", "member", "external"}
INVITE = {"owner", "moderator", "member"}
DECIDE = {"owner", "moderator"}


async def world(role: str, posting: str, **columns: object) -> tuple[Person, Space, Post]:
    """Somebody of a role, in a space, before a post of its owner."""
    owner = await make.person()
    space = await make.space(owner)
    post = await make.post(owner, space)
    person = await make.outsider() if role == "external" else await make.person()
    if role:
        await actions.admit(space.id, person.id, role)
    await Space.filter(id=space.id).update(posting=posting, **columns)
    return person, await Space.get(id=space.id), post


@pytest.mark.parametrize("posting", sorted(TABLE))
@pytest.mark.parametrize("role", ROLES)
async def test_the_table_of_rights(role: str, posting: str) -> None:
    person, space, post = await world(role, posting)
    membership = await Membership.get_or_none(space_id=space.id, person_id=person.id)
    allowed = TABLE[posting]
    if role in allowed["post"] | allowed["wait"]:
        assert (await make.post(person, space)).is_waiting is (role in allowed["wait"])
    else:
        with pytest.raises(NotAllowed):
            await make.post(person, space)
    if role in allowed["comment"]:
        await feed.comment(person, post.id, CommentDraft(body="Oui"))
    else:
        with pytest.raises(NotAllowed):
            await feed.comment(person, post.id, CommentDraft(body="Oui"))
    if role in REACT:
        await feed.react(person, post.id, ReactionDraft(emoji="👍"))
    else:
        with pytest.raises(NotAllowed):
            await feed.react(person, post.id, ReactionDraft(emoji="👍"))
    assert rules.may_invite(person, space, membership) is (role in INVITE)
    assert rules.may_moderate(membership) is (role in DECIDE)
    assert rules.may_export(membership) is (role in DECIDE)


@pytest.mark.parametrize("posting", sorted(TABLE))
@pytest.mark.parametrize("role", ["owner", "moderator", "member", "reader"])
async def test_the_composer_offers_the_places_one_may_write_in(role: str, posting: str) -> None:
    person, space, _post = await world(role, posting)
    membership = await Membership.get(space_id=space.id, person_id=person.id)
    offered = to_public(space.id) in {choice.id for choice in await choices(person)}
    assert offered is rules.may_post(person, space, membership)


@pytest.mark.parametrize("role", ROLES)
async def test_where_comments_are_closed_only_those_who_decide_comment(role: str) -> None:
    person, _space, post = await world(role, "moderators", members_comment=False)
    if role in DECIDE:
        await feed.comment(person, post.id, CommentDraft(body="Oui"))
    else:
        with pytest.raises(NotAllowed):
            await feed.comment(person, post.id, CommentDraft(body="Oui"))


async def test_somebody_who_reads_along_is_told_why_and_edits_nothing() -> None:
    person, space, _post = await world("member", "members")
    mine = await make.post(person, space)
    await Membership.filter(space_id=space.id, person_id=person.id).update(role="reader")
    with pytest.raises(NotAllowed, match="You read along"):
        await make.post(person, space)
    with pytest.raises(NotAllowed):
        await feed.edit(person, mine.id, EditDraft(body="Anders"))
    assert (await feed_queries.post_for(person, mine.id))[0].id == mine.id


@pytest.mark.parametrize("role", ["owner", "moderator", "member"])
async def test_nobody_of_another_company_is_given_an_office(role: str) -> None:
    owner = await make.person()
    space = await make.space(owner)
    partner = await make.outsider()
    await actions.admit(space.id, partner.id)
    with pytest.raises(NotAllowed):
        await actions.set_role(owner, space.id, partner.id, role)
    await actions.set_role(owner, space.id, partner.id, "reader")
    with pytest.raises(NotAllowed):
        await make.post(partner, space)


async def test_a_feature_that_is_switched_off_refuses_the_write_too() -> None:
    owner = await make.person()
    space = await make.space(owner)
    post = await make.post(owner, space)
    await pins.pin(owner, post.id, LastDay())
    await actions.change_writing(owner, space.id, WritingDraft(offered=[], members_comment=True))
    file = await files.store(owner, "plan.txt", b"Plan")
    draft = PostDraft(space=to_public(space.id), body="Plan", files=[to_public(file.id)])
    comment = CommentDraft(body="Plan", files=[to_public(file.id)])
    announcement = AnnouncementDraft(space=to_public(space.id), body="An alle", title="Neu")
    for refused in (
        feed.publish(owner, draft),
        feed.comment(owner, post.id, comment),
        pins.pin(owner, post.id, LastDay()),
        announcements.publish(owner, announcement),
    ):
        with pytest.raises(NotAllowed, match="switched this off"):
            await refused
    await pins.unpin(owner, post.id)  # taking away is always possible
    await actions.change_writing(
        owner, space.id, WritingDraft(offered=["files", "pins", "announcements"])
    )
    await feed.publish(owner, draft)


async def test_a_mirror_is_written_in_as_its_host_decides() -> None:
    owner = await make.person()
    space = await make.space(owner)
    await Space.filter(id=space.id).update(uri="https://brumelis.example/fed/spaces/1")
    with pytest.raises(NotAllowed):
        await actions.change_writing(owner, space.id, WritingDraft(posting="moderators"))


async def test_owners_are_counted_without_those_who_left_the_company() -> None:
    owner, other = await make.person(), await make.person()
    space = await make.space(owner)
    await actions.admit(space.id, other.id, "owner")
    await Person.filter(id=other.id).update(status="deactivated")
    with pytest.raises(NotAllowed):
        await actions.leave(owner, space.id)
    assert await Membership.filter(space_id=space.id, status=JOINED).count() == 2
