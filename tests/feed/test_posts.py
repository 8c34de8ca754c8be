"""Posts: written, read, edited, deleted and brought back."""

from datetime import timedelta
from typing import Any

import pytest

from rse.feed import actions, queries
from rse.feed.actions import words
from rse.feed.drafts import EditDraft, PostDraft
from rse.feed.models import Mention, Post, StreamItem
from rse.kernel import clock
from rse.kernel.errors import Conflict, NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from rse.spaces.models import Membership, Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def test_a_post_stands_on_the_home_page_of_every_member() -> None:
    space = await make.space()
    reader = await make.member(space)
    post = await make.post(await make.member(space), space)
    assert (await queries.home_page(reader.id)).items == [post.id]


async def test_somebody_outside_a_private_space_finds_nothing() -> None:
    space = await make.space(access="invitation")
    post = await make.post(await make.member(space), space)
    stranger = await make.person()
    assert (await queries.home_page(stranger.id)).items == []
    with pytest.raises(NotFound):
        await queries.post_for(stranger, post.id)


async def test_the_same_form_sent_twice_makes_one_post() -> None:
    author = await make.person()
    space = await make.space(author)
    draft = PostDraft(space=to_public(space.id), body="Une fois", key="abc")
    first = await actions.publish(author, draft)
    assert (await actions.publish(author, draft)).id == first.id
    assert await Post.all().count() == 1


async def test_leaving_a_space_ends_reading_at_once() -> None:
    space = await make.space(access="secret")
    reader = await make.member(space)
    post = await make.post(await make.member(space), space)
    await spaces.dismiss(space.id, reader.id)
    assert (await queries.home_page(reader.id)).items == []
    with pytest.raises(NotFound):
        await queries.post_for(reader, post.id)


async def test_an_edit_keeps_what_was_said_before() -> None:
    author = await make.person()
    post = await make.post(author, body="Demain à midi")
    await actions.edit(author, post.id, EditDraft(body="Demain à 14 h", version=1))
    [version] = await queries.history_of(author, post.id)
    assert version.source == "Demain à midi"
    assert (await Post.get(id=post.id)).edited_at is not None


async def test_an_edit_of_an_older_version_is_refused_and_changes_nothing() -> None:
    author = await make.person()
    post = await make.post(author)
    await actions.edit(author, post.id, EditDraft(body="Un", version=1))
    with pytest.raises(Conflict):
        await actions.edit(author, post.id, EditDraft(body="Deux", version=1))
    assert (await Post.get(id=post.id)).source == "Un"


async def test_only_the_author_edits() -> None:
    space = await make.space()
    post = await make.post(await make.member(space), space)
    with pytest.raises(NotAllowed):
        await actions.edit(await make.member(space), post.id, EditDraft(body="Autre"))


async def test_a_deleted_post_is_gone_and_comes_back_for_thirty_days() -> None:
    author = await make.person()
    post = await make.post(author)
    await actions.delete(author, post.id)
    assert not await StreamItem.exists(post_id=post.id)
    with pytest.raises(NotFound):
        await queries.post_for(author, post.id)
    await actions.restore(author, post.id)
    assert (await queries.home_page(author.id)).items == [post.id]


async def test_after_thirty_days_the_words_are_gone_for_good() -> None:
    author = await make.person()
    post = await make.post(author, body="Secret")
    await actions.delete(author, post.id)
    clock.shift(timedelta(days=31))
    await actions.purge_deleted()
    assert (await Post.get(id=post.id)).source == ""
    with pytest.raises(NotAllowed):
        await actions.restore(author, post.id)


async def test_a_mention_links_a_reader_and_nobody_else() -> None:
    space = await make.space(access="secret")
    author, named = await make.member(space), await make.member(space, "Théo")
    stranger = await make.person("Amara")
    post = await make.post(author, space, f"Merci @{named.handle} et @{stranger.handle}")
    assert [row.person_id for row in await Mention.filter(post_id=post.id)] == [named.id]
    assert f"/people/{to_public(named.id)}" in post.html
    assert f"/people/{to_public(stranger.id)}" not in post.html


async def test_the_words_come_back_when_a_post_is_refused(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(await make.person(), access="request")
    answer = await browser.post("/posts", {"space": to_public(space.id), "body": "Gardez <ceci>"})
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert "Gardez &lt;ceci&gt;" in page
    assert await Post.all().count() == 0


async def test_markup_in_a_post_is_shown_and_never_run(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    await make.post(account.person, body=hostile)
    page = await browser.text("/")
    assert "<script>alert" not in page
    assert 'javascript:alert(1)"' not in page
    assert "<img src=x" not in page


async def test_an_edit_of_a_post_that_changed_meanwhile_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post = await make.post()
    author = await post.author
    at_once = words.words_of

    async def interrupted(*arguments: Any) -> words.Words:
        monkeypatch.setattr("rse.feed.actions.posts.words_of", at_once)
        await actions.edit(author, post.id, EditDraft(body="Entre-temps"))
        return await at_once(*arguments)

    monkeypatch.setattr("rse.feed.actions.posts.words_of", interrupted)
    with pytest.raises(Conflict):
        await actions.edit(author, post.id, EditDraft(body="En retard"))
    assert (await Post.get(id=post.id)).source == "Entre-temps"


async def test_a_profile_shows_nothing_of_a_closed_space() -> None:
    author, reader = await make.person(), await make.person()
    post = await make.post(author)
    assert (await queries.author_page(reader, author.id)).items == [post.id]
    await Space.filter(id=post.space_id).update(is_closed=True)
    assert (await queries.author_page(reader, author.id)).items == []


async def test_who_left_or_only_reads_brings_nothing_back() -> None:
    space = await make.space()
    author = await make.member(space)
    post = await make.post(author, space, "Words of a member")
    comment = await make.comment(post, author, "And more of them")
    await actions.delete_comment(author, comment.id)
    await actions.delete(author, post.id)
    for change in ({"role": "reader"}, {"status": "away"}):
        await Membership.filter(space_id=space.id, person_id=author.id).update(**change)
        with pytest.raises(NotAllowed):
            await actions.restore(author, post.id)
        with pytest.raises(NotAllowed):
            await actions.restore_comment(author, comment.id)
