"""Comments and reactions: one level, counted, with a trace when deleted."""

from datetime import timedelta
from typing import Any

import pytest

from rse.feed import actions, conversation, queries
from rse.feed.actions import words
from rse.feed.cards import CommentView, threads
from rse.feed.conversation import Place
from rse.feed.drafts import CommentDraft, EditDraft, ReactionDraft
from rse.feed.models import Comment, Post, PostVersion, Reaction
from rse.kernel import clock
from rse.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications.models import Notification
from rse.notifications.queries import describe, reference
from rse.spaces import actions as spaces
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def test_an_answer_to_an_answer_stands_beside_it() -> None:
    post = await make.post()
    first = await make.comment(post)
    author = await queries.post_for(await make.member(await post.space), post.id)
    assert author
    second = await _answer(post, first)
    third = await _answer(post, second)
    assert (second.parent_id, third.parent_id) == (first.id, first.id)


async def _answer(post: Post, to: Comment) -> Comment:
    draft = CommentDraft(body="Oui", parent=to_public(to.id))
    return await actions.comment(await make.member(await post.space), post.id, draft)


async def test_comments_are_counted_and_the_last_one_is_known() -> None:
    post = await make.post()
    await make.comment(post)
    last = await make.comment(post, body="Le dernier")
    stored = await Post.get(id=post.id)
    assert (stored.comment_count, stored.last_comment_id) == (2, last.id)
    author = (await make.person()).id
    assert author
    await actions.delete_comment(await last.author, last.id)
    assert (await Post.get(id=post.id)).comment_count == 1


async def test_a_deleted_comment_leaves_a_trace_where_something_hangs_on_it() -> None:
    post = await make.post()
    first = await make.comment(post)
    await _answer(post, first)
    alone = await make.comment(post)
    for gone in (first, alone):
        await actions.delete_comment(await gone.author, gone.id)
    rows = (await conversation.page(post.id, Place())).rows
    views = [CommentView(row, set(), False, False, ()) for row in rows]
    assert [view.row.id for view in threads(views)] == [first.id]


async def test_an_edited_comment_keeps_its_history() -> None:
    post = await make.post()
    comment = await make.comment(post, body="Avant")
    author = await comment.author
    await actions.edit_comment(author, comment.id, EditDraft(body="Après"))
    assert [v.source for v in await queries.history_of(author, comment.id)] == ["Avant"]


async def test_an_empty_comment_says_what_to_do() -> None:
    post = await make.post()
    with pytest.raises(Invalid, match="Write something"):
        await make.comment(post, body=" \u200b ".strip() or " ")


async def test_a_moderator_takes_away_a_colleague_s_comment_but_not_a_partner_s() -> None:
    owner = await make.person()
    space = await make.space(owner)
    post = await make.post(owner, space)
    colleague = await make.comment(post, await make.member(space))
    outsider = await make.outsider()
    await spaces.admit(space.id, outsider.id)
    foreign = await make.comment(post, outsider)
    await actions.delete_comment(owner, colleague.id)
    with pytest.raises(NotAllowed):
        await actions.delete_comment(owner, foreign.id)


async def test_a_reaction_counts_once_and_comes_off_again() -> None:
    post = await make.post()
    reader = await make.member(await post.space)
    for _again in range(2):
        await actions.react(reader, post.id, ReactionDraft(emoji="👏"))
    assert (await Post.get(id=post.id)).reaction_counts == {"👏": 1}
    await actions.withdraw(reader, post.id, "👏")
    assert (await Post.get(id=post.id)).reaction_counts == {}
    assert await Reaction.all().count() == 0


async def test_only_the_instance_s_reactions_are_taken(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    post = await make.post(account.person)
    answer = await browser.post(f"/reactions/{to_public(post.id)}", {"emoji": "<script>"})
    assert answer.status_code == 422
    assert await Reaction.all().count() == 0


async def test_one_comment_is_one_notice_and_a_mention_beats_it() -> None:
    author = await make.person("Inès")
    space = await make.space(author)
    post = await make.post(author, space)
    await make.comment(post, await make.member(space), f"Merci @{author.handle}")
    await drain()
    kinds = await Notification.filter(person_id=author.id, object_id=post.id)
    assert [notice.kind for notice in kinds] == ["feed.mention"]


async def test_nobody_is_told_of_what_they_may_not_read() -> None:
    space = await make.space(access="secret")
    stranger = await make.person("Théo")
    await make.post(await make.member(space), space, f"Chut @{stranger.handle}")
    await drain()
    assert not await Notification.exists(person_id=stranger.id, kind="feed.mention")


async def test_a_comment_on_a_deleted_post_is_refused_in_words() -> None:
    post = await make.post()
    author = await post.author
    await actions.delete(author, post.id)
    with pytest.raises(NotFound, match="not any more"):
        await make.comment(post, author)


async def test_the_whole_thread_is_on_the_page(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    post = await make.post(account.person, body="La façade **nord**")
    await make.comment(post, body="Bravo")
    page = await browser.text(f"/posts/{to_public(post.id)}")
    assert "<strong>nord</strong>" in page
    assert "Bravo" in page


async def test_a_refused_comment_keeps_its_words(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    post = await make.post(await make.person())
    answer = await browser.post(
        f"/posts/{to_public(post.id)}/comments", {"body": "Mes mots précieux"}
    )
    assert answer.status_code == 403
    assert "Mes mots précieux" in await answer.get_data(as_text=True)


async def test_nobody_is_told_of_a_comment_that_is_gone() -> None:
    post = await make.post(body="Secret du billet")
    other = await make.member(await post.space)
    comment = await make.comment(post, other)
    await drain()
    assert await Notification.filter(event_key=f"comment:{comment.id}").exists()
    notice = await Notification.get(event_key=f"comment:{comment.id}")
    await Comment.filter(id=comment.id).update(deleted_at=clock.now())
    assert await describe([reference(notice)]) == {}
    await Comment.filter(id=comment.id).update(deleted_at=None)
    await actions.delete_comment(other, comment.id)
    await drain()
    assert not await Notification.filter(event_key=f"comment:{comment.id}").exists()


async def test_every_comment_of_a_long_thread_is_on_its_page(browser: Browser) -> None:
    account = await make.account()
    post = await make.post(account.person)
    await Comment.bulk_create(
        Comment(post_id=post.id, author_id=account.person_id, source="x", html="<p>x</p>")
        for _ in range(205)
    )
    last = await make.comment(post, body="Le tout dernier")
    await browser.sign_in(account)
    assert f"c-{to_public(last.id)}" in await browser.text(f"/posts/{to_public(post.id)}")


async def test_two_edits_of_a_comment_at_once_keep_both_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comment = await make.comment(await make.post())
    author = await comment.author
    at_once = words.words_of

    async def interrupted(*arguments: Any) -> words.Words:
        monkeypatch.setattr("rse.feed.actions.comments.words_of", at_once)
        await actions.edit_comment(author, comment.id, EditDraft(body="Entre-temps"))
        return await at_once(*arguments)

    monkeypatch.setattr("rse.feed.actions.comments.words_of", interrupted)
    with pytest.raises(Conflict):
        await actions.edit_comment(author, comment.id, EditDraft(body="En retard"))
    assert (await Comment.get(id=comment.id)).source == "Entre-temps"


async def test_the_words_of_a_deleted_comment_are_forgotten_after_thirty_days() -> None:
    comment = await make.comment(await make.post(), body="À oublier")
    author = await comment.author
    await actions.edit_comment(author, comment.id, EditDraft(body="À oublier aussi"))
    await actions.delete_comment(author, comment.id)
    clock.shift(timedelta(days=31))
    await actions.purge_deleted()
    stored = await Comment.get(id=comment.id)
    assert (stored.source, stored.html) == ("", "")
    assert not await PostVersion.filter(target_id=comment.id).exists()
