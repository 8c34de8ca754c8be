"""A post is shown again in another space, to those who may read it."""

import pytest

from rse.feed import actions
from rse.feed.drafts import PostDraft
from rse.feed.models import Post
from rse.kernel.errors import NotFound
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def test_whoever_may_read_the_original_sees_it_and_others_a_line(browser: Browser) -> None:
    account, stranger = await make.account(), await make.account()
    secret = await make.space(account.person, "Comité", access="secret")
    public = await make.space(account.person, "Tous")
    post = await make.post(account.person, secret, "Un secret bien gardé")
    await spaces.admit(public.id, stranger.person_id)
    await browser.sign_in(account)
    form = await browser.text(f"/posts/{to_public(post.id)}/share")
    assert "The original is shown to those alone who can read Comité" in form
    answer = await browser.post(
        f"/posts/{to_public(post.id)}/share",
        {"space": to_public(public.id), "body": "À lire", "key": "k1"},
    )
    assert answer.status_code == 303
    shared = await Post.get(space_id=public.id)
    assert shared.shared_id == post.id
    page = await browser.text("/")
    assert page.count("Un secret bien gardé") == 2
    await browser.sign_in(stranger)
    page = await browser.text("/")
    assert "À lire" in page
    assert "Un secret" not in page
    assert "You can’t see the original." in page
    await actions.delete(account.person, post.id)
    await browser.sign_in(account)
    assert "You can’t see the original." in await browser.text("/")


async def test_what_one_may_not_read_cannot_be_shared_and_no_words_are_needed() -> None:
    author = await make.person()
    post = await make.post(author, await make.space(author, access="secret"))
    public = await make.space(author)
    stranger = await make.member(public)
    draft = PostDraft(space=to_public(public.id), shared=to_public(post.id))
    with pytest.raises(NotFound):
        await actions.publish(stranger, draft)
    first = await actions.publish(author, draft)
    again = await actions.publish(
        author, PostDraft(space=to_public(public.id), shared=to_public(first.id))
    )
    assert again.shared_id == post.id


async def test_a_refused_share_keeps_its_words(browser: Browser) -> None:
    account = await make.account()
    post = await make.post()
    await make.space(account.person)
    closed = await make.space()
    await browser.sign_in(account)
    answer = await browser.post(
        f"/posts/{to_public(post.id)}/share", {"space": to_public(closed.id), "body": "Mes mots"}
    )
    assert answer.status_code == 403
    assert "Mes mots" in await answer.get_data(as_text=True)
