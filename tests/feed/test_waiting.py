"""Pre-moderated spaces: a post waits for a moderator, and nothing of it leaks before."""

import pytest

from rse.federation import names
from rse.federation.io.models import FedOut, Partner, Share
from rse.feed import actions, federation, queries, waiting
from rse.feed.actions import RefusalDraft
from rse.feed.drafts import CommentDraft, EditDraft, ReactionDraft
from rse.feed.models import Post, StreamItem, WaitingPost
from rse.feed.streams import SPACE, Wish
from rse.identity.models import Account, Person
from rse.kernel.errors import Conflict, NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.mail.models import MailOut
from rse.notifications.models import Notification
from rse.search.models import IndexedText
from rse.spaces import queries as spaces
from rse.spaces.models import APPROVAL, Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def held(access: make.Access = "open") -> tuple[Post, Person, Person, Space]:
    """A post that waits, its author, and the owner who decides."""
    owner = await make.person("Hanna Reuter")
    space = await make.space(owner, access=access)
    await Space.filter(id=space.id).update(posting=APPROVAL)
    author = await make.member(space, "Amara Diop")
    return await make.post(author, space, "Zitronenfalter am Ufer"), author, owner, space


async def test_a_post_that_waits_is_on_no_page_of_a_member() -> None:
    post, _author, _owner, space = await held()
    member = await make.member(space)
    await drain()
    assert post.is_waiting
    assert not await StreamItem.exists(post_id=post.id)
    assert (await queries.home_page(member.id)).items == []
    assert (
        await queries.home_page(member.id, wish=Wish(view=SPACE, scope_id=space.id))
    ).items == []
    assert (await queries.author_page(member, post.author_id)).items == []
    assert await queries.post_rows([post.id]) == []
    assert (await Space.get(id=space.id)).last_post_id == 0
    with pytest.raises(NotFound):
        await queries.post_for(member, post.id)


async def test_a_post_that_waits_is_in_no_search_and_in_no_members_mail() -> None:
    post, author, owner, space = await held()
    member = await make.member(space)
    await drain()
    assert not await IndexedText.exists(id=post.id)
    assert not await Notification.exists(person_id=member.id, object_id=post.id)
    assert {n.person_id for n in await Notification.filter(object_id=post.id)} == {owner.id}
    assert {mail.person_id for mail in await MailOut.all()} <= {owner.id}
    assert author.id != owner.id


@pytest.mark.parametrize("who", ["author", "owner"])
async def test_nobody_says_anything_about_a_post_that_waits(who: str) -> None:
    post, author, owner, _space = await held()
    person = author if who == "author" else owner
    with pytest.raises(NotFound):
        await actions.comment(person, post.id, CommentDraft(body="Bravo"))
    with pytest.raises(NotFound):
        await actions.react(person, post.id, ReactionDraft(emoji="👍"))


async def test_its_author_and_the_moderators_see_it_wait() -> None:
    post, author, owner, space = await held()
    member = await make.member(space)
    for person, count in ((author, 1), (owner, 1), (member, 0)):
        view = await spaces.space_for(person, space.id)
        assert len(await waiting.queue(person, view)) == count
        assert await queries.may_read_post(person, post.id) is bool(count)


async def test_accepted_it_is_published_like_any_other() -> None:
    post, author, owner, space = await held()
    member = await make.member(space)
    await drain()
    await actions.accept(owner, post.id)
    await drain()
    assert (await queries.home_page(member.id)).items == [post.id]
    assert await IndexedText.exists(id=post.id)
    assert await Notification.exists(person_id=member.id, kind="feed.post")
    assert await Notification.exists(person_id=author.id, kind="feed.accepted")
    assert not await Notification.exists(kind="feed.waiting")
    assert not await WaitingPost.exists(post_id=post.id)
    with pytest.raises(NotFound):
        await actions.accept(owner, post.id)


async def test_refused_it_goes_back_with_the_reason_and_the_words_are_kept() -> None:
    post, author, owner, space = await held()
    await actions.refuse(owner, post.id, RefusalDraft(reason="Names a customer."))
    await drain()
    assert await Notification.exists(person_id=author.id, kind="feed.refused")
    [mine] = await waiting.queue(author, await spaces.space_for(author, space.id))
    assert (mine.refusal, mine.post.source) == ("Names a customer.", "Zitronenfalter am Ufer")
    assert await waiting.queue(owner, await spaces.space_for(owner, space.id)) == []
    with pytest.raises(Conflict):
        await actions.refuse(owner, post.id, RefusalDraft(reason="Again."))


async def test_a_refused_post_with_other_words_waits_once_more() -> None:
    post, author, owner, space = await held()
    await actions.refuse(owner, post.id, RefusalDraft(reason="Names a customer."))
    await actions.edit(author, post.id, EditDraft(body="Zitronenfalter"))
    await drain()
    assert len(await waiting.queue(owner, await spaces.space_for(owner, space.id))) == 1
    assert not await StreamItem.exists(post_id=post.id)
    assert not await IndexedText.exists(id=post.id)


async def test_an_edit_while_a_moderator_reads_is_not_published_unseen() -> None:
    post, author, owner, _space = await held()
    seen = await waiting.to_review(owner, post.id)
    await actions.edit(author, post.id, EditDraft(body="Something else"))
    with pytest.raises(Conflict):
        await actions.accept(owner, post.id, seen.version)


async def test_deleted_and_brought_back_it_still_waits() -> None:
    post, author, owner, space = await held()
    await actions.delete(author, post.id)
    assert await waiting.queue(owner, await spaces.space_for(owner, space.id)) == []
    await actions.restore(author, post.id)
    await drain()
    assert len(await waiting.queue(owner, await spaces.space_for(owner, space.id))) == 1
    assert not await StreamItem.exists(post_id=post.id)


async def test_owners_and_moderators_need_nobodys_leave() -> None:
    _post, _author, owner, space = await held()
    assert not (await make.post(owner, space)).is_waiting


async def test_a_member_decides_about_nothing() -> None:
    post, author, _owner, space = await held()
    with pytest.raises(NotAllowed):
        await actions.accept(author, post.id)
    for other in (await make.member(space), await make.person()):
        with pytest.raises(NotFound):  # nor do they learn that it waits
            await actions.refuse(other, post.id, RefusalDraft(reason="No reason."))


async def test_the_pages_of_the_author_and_of_the_moderator(browser: Browser) -> None:
    post, author, owner, space = await held()
    page = f"/spaces/{to_public(space.id)}"
    await browser.sign_in(await Account.get(person_id=author.id).select_related("person"))
    answer = await browser.post("/posts", {"space": to_public(space.id), "body": "Bonsoir"})
    assert f"{page}/waiting" in answer.headers["Location"]
    text = await browser.text(f"{page}/waiting")
    assert "Bonsoir" in text
    assert "Waits for a moderator" in text
    await browser.sign_in(await Account.get(person_id=owner.id).select_related("person"))
    assert "2 posts wait for a moderator" in await browser.text(page)
    path = f"/posts/{to_public(post.id)}"
    refused = await browser.post(f"{path}/refusal", {"reason": " "})
    assert refused.status_code == 422
    assert "so that the author can write it differently" in await refused.get_data(as_text=True)
    await browser.post(f"{path}/refusal", {"reason": "Names a customer."})
    await browser.sign_in(await Account.get(person_id=author.id).select_related("person"))
    assert "Names a customer." in await browser.text(f"{page}/waiting")


async def test_no_partner_hears_of_a_post_that_waits() -> None:
    post, author, owner, space = await held()
    partner = await Partner.create(
        organisation=await make.organisation(), origin="https://brumelis.example",
        name="Brumelis", state="active", public_key="k", inbox="https://brumelis.example/fed/inbox",
        stream="https://brumelis.example/fed/stream", invited_by_us=True, partnership="p1",
    )  # fmt: skip
    await Share.create(
        partner=partner, space_id=space.id, state="active", hosted_by_us=True,
        group_uri=names.object_uri("spaces", space.id), group_name=space.name, invite_uri="i1",
    )  # fmt: skip
    await drain()
    await actions.edit(author, post.id, EditDraft(body="Zitronenfalter"))
    await drain()
    assert await federation.post_document(post.id, partner.id) is None
    said = [row.body for row in await FedOut.filter(partner_id=partner.id)]
    assert not any(b"Zitronenfalter" in bytes(body) for body in said)
    await actions.accept(owner, post.id)
    await drain()
    said = [row.body for row in await FedOut.filter(partner_id=partner.id)]
    assert sum(b"Zitronenfalter" in bytes(body) for body in said) == 1
