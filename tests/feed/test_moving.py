"""A post moves with all that hangs on it; comments are closed and opened; moderators edit."""

import pytest

from rse.feed import actions, audience, queries
from rse.feed.drafts import CommentDraft, EditDraft, ReactionDraft
from rse.feed.models import Post
from rse.identity.models import Person
from rse.kernel.errors import Conflict, NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications.models import Notification
from rse.pins.models import Pin
from rse.search.models import IndexedText
from rse.spaces import actions as spaces
from rse.spaces.models import Membership, Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def scene() -> tuple[Person, Space, Space, Post]:
    """An author in two spaces, an open one and a secret one, with a post in the first."""
    author = await make.person("Inès")
    here, there = await make.space(author), await make.space(author, "Comité", access="secret")
    return author, here, there, await make.post(author, here, "La façade")


async def test_comments_rights_search_and_notices_follow() -> None:
    author, here, there, post = await scene()
    stays, loses = await make.member(here, "Théo"), await make.member(here, "Léa")
    await spaces.admit(there.id, stays.id)
    comment = await make.comment(post, stays, "Bravo")
    await make.comment(post, author, f"Merci @{loses.handle}")
    await actions.react(stays, post.id, ReactionDraft(emoji="👏"))
    await Pin.create(post_id=post.id, pinned_by=author)
    await drain()
    await actions.move(author, post.id, there.id)
    await drain()
    assert (await queries.home_page(loses.id)).items == []
    assert (await queries.home_page(stays.id)).items == [post.id]
    with pytest.raises(NotFound):
        await queries.post_for(loses, post.id)
    assert (await queries.comment_for(stays, comment.id))[0].post_id == post.id
    assert {row.space_id for row in await IndexedText.filter(id__in=[post.id, comment.id])} == {
        there.id
    }
    assert not await Notification.exists(person_id=loses.id, thread_id=post.id)
    assert {n.space_id for n in await Notification.filter(thread_id=post.id)} == {there.id}
    assert not await Pin.exists(post_id=post.id)
    assert (await Space.get(id=here.id)).last_post_id == 0
    assert (await Space.get(id=there.id)).last_post_id == post.id


async def test_the_author_moves_where_they_write_and_a_moderator_between_two_of_theirs() -> None:
    author, here, there, post = await scene()
    member = await make.member(here)
    with pytest.raises(NotFound):
        await actions.move(member, post.id, there.id)
    own = await make.space(member)
    with pytest.raises(NotAllowed):
        await actions.move(member, post.id, own.id)
    await Membership.filter(person_id=member.id, space_id=here.id).update(role="moderator")
    await actions.move(member, post.id, own.id)
    assert (await Post.get(id=post.id)).space_id == own.id
    with pytest.raises(NotAllowed):
        await actions.move(author, post.id, here.id)  # it is in a space they are not a member of
    await spaces.admit(own.id, author.id)
    with pytest.raises(Conflict):
        await actions.move(author, post.id, own.id)
    await actions.move(author, post.id, here.id)
    assert (await Post.get(id=post.id)).space_id == here.id


async def test_words_of_a_partner_and_announcements_stay() -> None:
    author, here, there, _post = await scene()
    outsider = await make.outsider()
    await spaces.admit(here.id, outsider.id)
    theirs = await make.post(outsider, here)
    told = await make.post(author, here)
    await Post.filter(id=told.id).update(kind="announcement")
    for post in (theirs, told):
        with pytest.raises(NotAllowed):
            await actions.move(author, post.id, there.id)


async def test_the_audience_s_change_is_said_in_words() -> None:
    author, here, there, _post = await scene()
    await make.member(here)
    said = await audience.change(here, there)
    assert said.gains == []
    assert said.loses == ["1 colleague"]
    back = await audience.change(there, here)
    assert back.gains == ["1 colleague"]
    private = await make.space(author, access="invitation")
    await make.member(private)
    both = await audience.change(private, there)
    assert (both.gains, both.loses) == ([], ["1 colleague"])


async def test_the_page_shows_who_will_read_it_before_it_moves(browser: Browser) -> None:
    account = await make.account()
    here, there = await make.space(account.person), await make.space(account.person, "Comité")
    await Space.filter(id=there.id).update(access="secret")
    await make.member(here)
    post = await make.post(account.person, here)
    address = f"/posts/{to_public(post.id)}"
    await browser.sign_in(account)
    assert f"{address}/move" in await browser.text("/")
    page = await browser.text(f"{address}/move?space={to_public(there.id)}")
    assert "Will no longer find it: 1 colleague." in page
    answer = await browser.post(f"{address}/move", {"space": to_public(there.id)})
    assert answer.headers["Location"] == address
    assert "Comité" in await browser.text(address)
    assert (await browser.get(f"/p/{to_public(post.id)}")).headers["Location"] == address
    refused = await browser.post(f"{address}/move", {"space": "nowhere"})
    assert refused.status_code == 404


async def test_closed_comments_take_no_more_and_open_again(browser: Browser) -> None:
    author, here, _there, post = await scene()
    member = await make.member(here)
    with pytest.raises(NotAllowed):
        await actions.set_locked(member, post.id, locked=True)
    await actions.set_locked(author, post.id, locked=True)
    with pytest.raises(NotAllowed, match="closed"):
        await make.comment(post, member)
    account = await make.account()
    await spaces.admit(here.id, account.person_id)
    await browser.sign_in(account)
    page = await browser.text(f"/posts/{to_public(post.id)}")
    assert "The comments on this post are closed." in page
    assert "Write a comment…" not in page
    refused = await browser.post(
        f"/posts/{to_public(post.id)}/comments", {"body": "Trop tard, gardez"}
    )
    assert refused.status_code == 403
    assert "Trop tard, gardez" in await refused.get_data(as_text=True)
    await actions.set_locked(author, post.id, locked=False)
    await actions.comment(member, post.id, CommentDraft(body="Enfin"))


async def test_a_moderator_s_edit_is_labelled_and_what_changed_is_shown(browser: Browser) -> None:
    _author, here, _there, post = await scene()
    account = await make.account("Maud")
    await spaces.admit(here.id, account.person_id)
    with pytest.raises(NotAllowed):
        await actions.edit(account.person, post.id, EditDraft(body="Autre chose"))
    await Membership.filter(person_id=account.person_id).update(role="moderator")
    await browser.sign_in(account)
    assert "You edit somebody else’s post." in await browser.text(
        f"/posts/{to_public(post.id)}/edit"
    )
    await browser.post(
        f"/posts/{to_public(post.id)}/edit", {"body": "La façade nord", "version": "1"}
    )
    assert "edited by a moderator" in await browser.text(f"/posts/{to_public(post.id)}")
    history = await browser.text(f"/posts/{to_public(post.id)}/history")
    assert "Maud" in history
    assert "<ins> nord</ins>" in history
    outsider = await make.outsider()
    await spaces.admit(here.id, outsider.id)
    foreign = await make.post(outsider, here)
    with pytest.raises(NotAllowed):
        await actions.edit(account.person, foreign.id, EditDraft(body="Non"))


async def test_a_stale_edit_shows_both_and_loses_nothing(browser: Browser) -> None:
    account = await make.account()
    post = await make.post(account.person, body="Un")
    comment = await make.comment(post, account.person, "Un commentaire")
    await actions.edit(account.person, post.id, EditDraft(body="Deux, entre-temps"))
    await actions.edit_comment(account.person, comment.id, EditDraft(body="Autre, entre-temps"))
    await browser.sign_in(account)
    for address, now in (
        (f"/posts/{to_public(post.id)}/edit", "Deux, entre-temps"),
        (f"/comments/{to_public(comment.id)}/edit", "Autre, entre-temps"),
    ):
        answer = await browser.post(address, {"body": "Trois, de moi", "version": "1"})
        page = await answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "What it says now" in page
        assert now in page
        assert "Trois, de moi" in page
        assert 'name="version" value="2"' in page
        assert (await browser.post(address, {"body": "Trois", "version": "2"})).status_code == 303
