"""Mutes: gone from one's own home page and notices, and from nobody else's."""

import pytest

from rse.feed import actions, mutes, queries
from rse.feed.drafts import MuteDraft, PostDraft
from rse.feed.models import Mute, Post
from rse.identity.models import Person
from rse.kernel.errors import NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications.models import Notification
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def scene() -> tuple[Person, Person, Space, Post]:
    """A reader, an author, their space, and a post."""
    author = await make.person("Théo")
    space = await make.space(author)
    return await make.member(space, "Inès"), author, space, await make.post(author, space)


def muting(kind: str, number: int) -> MuteDraft:
    return MuteDraft.model_validate({"kind": kind, "target": to_public(number)})


@pytest.mark.parametrize("kind", ["person", "thread", "space"])
async def test_what_is_muted_leaves_home_notices_and_the_count_for_oneself_alone(
    kind: str,
) -> None:
    reader, author, space, post = await scene()
    other = await make.member(space)
    target = {"person": author.id, "thread": post.id, "space": space.id}[kind]
    await actions.mute(reader, muting(kind, target))
    await actions.mute(reader, muting(kind, target))
    await make.comment(post, reader)
    await make.comment(post, author)
    await drain()
    assert (await queries.home_page(reader.id)).items == []
    assert await queries.unread_count(reader.id) == 0
    assert not await Notification.exists(person_id=reader.id, kind="feed.comment")
    assert (await queries.home_page(other.id)).items == [post.id]
    assert await Notification.exists(person_id=other.id, kind="feed.post")
    await actions.unmute(reader, target)
    assert (await queries.home_page(reader.id)).items == [post.id]


async def test_a_mention_reaches_whoever_muted() -> None:
    reader, author, space, _post = await scene()
    await actions.mute(reader, muting("space", space.id))
    named = await make.post(author, space, f"Qu’en dis-tu, @{reader.handle} ?")
    await drain()
    notice = await Notification.get(person_id=reader.id, object_id=named.id)
    assert notice.kind == "feed.mention"


async def test_what_does_not_exist_for_somebody_cannot_be_muted() -> None:
    reader = await make.person()
    owner = await make.person()
    hidden = await make.post(owner, await make.space(owner, access="secret"))
    for kind, number in (("thread", hidden.id), ("space", hidden.space_id), ("person", 7)):
        with pytest.raises(NotFound):
            await actions.mute(reader, muting(kind, number))
    with pytest.raises(NotAllowed):
        await actions.mute(reader, muting("person", reader.id))
    assert not await Mute.exists()


async def test_the_list_names_what_one_may_still_see_and_undoes_the_rest(
    browser: Browser,
) -> None:
    account = await make.account()
    author = await make.person("Théo Lindqvist")
    space = await make.space(author, name="Cachette", access="secret")
    await spaces.admit(space.id, account.person_id)
    post = await make.post(author, space, "Un billet secret")
    for kind, number in (("person", author.id), ("thread", post.id), ("space", space.id)):
        await actions.mute(account.person, muting(kind, number))
    await browser.sign_in(account)
    page = await browser.text("/settings/mutes")
    assert all(name in page for name in ("Théo Lindqvist", "Un billet secret", "Cachette"))
    await spaces.dismiss(space.id, account.person_id)
    page = await browser.text("/settings/mutes")
    assert "Un billet secret" not in page
    assert "Cachette" not in page
    assert page.count("No longer open to you") == 2
    await browser.post(f"/mutes/{to_public(space.id)}/removal")
    assert len(await mutes.mutes_of(account.person)) == 2


async def test_card_profile_and_space_offer_it(browser: Browser) -> None:
    account = await make.account()
    author = await make.person("Théo")
    space = await make.space(author)
    await spaces.admit(space.id, account.person_id)
    post = await actions.publish(author, PostDraft(space=to_public(space.id), body="Bonjour"))
    await browser.sign_in(account)
    assert f"/posts/{to_public(post.id)}/mute" in await browser.text("/")
    assert "Everything by Théo" in await browser.text(f"/posts/{to_public(post.id)}/mute")
    assert "Mute this space" in await browser.text(f"/spaces/{to_public(space.id)}")
    assert "Mute Théo" in await browser.text(f"/people/{to_public(author.id)}?tab=activity")
    await browser.post("/mutes", {"kind": "person", "target": to_public(author.id)})
    profile = await browser.text(f"/people/{to_public(author.id)}?tab=activity")
    assert "You have muted Théo" in profile
    assert "Bonjour" in profile
