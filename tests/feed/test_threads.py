"""Long threads: a page at a time, opened around the comment a link names."""

import re

import pytest

from rse.feed import actions, conversation
from rse.feed.conversation import FIRSTS_SHOWN, Place
from rse.feed.drafts import ReactionDraft
from rse.feed.models import Comment, Post
from rse.identity.models import Account
from rse.kernel.ids import to_public
from rse.kernel.pages import NEWEST
from rse.spaces import actions as spaces
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def long_thread(count: int = 55) -> tuple[Account, Post, list[Comment]]:
    account = await make.account()
    post = await make.post(account.person)
    made = [
        Comment(post_id=post.id, author_id=account.person_id, source=f"n{n}", html=f"<p>n{n}.</p>")
        for n in range(count)
    ]
    await Comment.bulk_create(made)
    return account, post, made


async def answers(to: Comment, count: int) -> list[Comment]:
    made = [
        Comment(
            post_id=to.post_id, author_id=to.author_id, parent_id=to.id, source="a",
            html=f"<p>answer {n}.</p>",
        )
        for n in range(count)
    ]  # fmt: skip
    await Comment.bulk_create(made)
    return made


def shown(page: str) -> list[str]:
    return re.findall(r"<p>(n\d+|answer \d+)\.</p>", page)


async def test_the_newest_come_first_and_earlier_ones_by_link(browser: Browser) -> None:
    account, post, _made = await long_thread()
    await browser.sign_in(account)
    address = f"/posts/{to_public(post.id)}"
    found: list[str] = []
    for _page in range(3):
        page = await browser.text(address)
        found = shown(page) + found
        link = re.search(r'href="(/posts/\w+\?before=\w+)#comments"', page)
        address = link.group(1) if link else ""
    assert found == [f"n{n}" for n in range(55)]
    assert not address


async def test_a_link_opens_around_its_comment(browser: Browser) -> None:
    account, _post, made = await long_thread()
    await browser.sign_in(account)
    answer = await browser.get(f"/p/{to_public(made[20].id)}")
    place = answer.headers["Location"]
    assert place.endswith(f"#c-{to_public(made[20].id)}")
    page = await browser.text(place.partition("#")[0])
    numbers = shown(page)
    assert "n20" in numbers
    assert "n25" in numbers
    assert "n15" in numbers
    assert len(numbers) == FIRSTS_SHOWN
    assert "Newest comments" in page


async def test_answers_are_folded_beyond_three_and_a_link_to_one_unfolds_them(
    browser: Browser,
) -> None:
    account, post, made = await long_thread(30)
    replies = await answers(made[2], 70)
    await browser.sign_in(account)
    page = await conversation.page(post.id, Place(before=made[5].id))
    assert [row.parent_id for row in page.rows].count(made[2].id) == 3
    assert set(page.more) == {made[2].id}
    text = await browser.text(f"/posts/{to_public(post.id)}?comment={to_public(replies[30].id)}")
    assert "answer 30" in shown(text)
    assert "answer 69" not in shown(text)
    assert "n2" in shown(text)
    assert "Earlier answers" not in text  # all forty before it are there
    newest = await browser.text(f"/posts/{to_public(post.id)}?thread={to_public(made[2].id)}")
    assert "Earlier comments" in newest


async def test_a_new_answer_on_an_early_page_is_seen_at_once(browser: Browser) -> None:
    account, post, made = await long_thread()
    await browser.sign_in(account)
    answer = await browser.post(
        f"/posts/{to_public(post.id)}/comments",
        {"body": "Une réponse tardive", "parent": to_public(made[3].id)},
    )
    assert "Une réponse tardive" in await browser.text(answer.headers["Location"].partition("#")[0])


async def test_a_comment_is_quoted_in_the_answer_to_it(browser: Browser) -> None:
    account, post, made = await long_thread(3)
    await browser.sign_in(account)
    page = await browser.text(f"/posts/{to_public(post.id)}?quote={to_public(made[1].id)}")
    assert "&gt; n1." in page
    assert f'id="re-{to_public(made[1].id)}" open' in page


async def test_who_reacted_is_a_list_for_those_who_may_read(browser: Browser) -> None:
    account = await make.account()
    owner = await make.person("Théo Lindqvist")
    space = await make.space(owner, access="secret")
    post = await make.post(owner, space)
    await actions.react(owner, post.id, ReactionDraft(emoji="🎉"))
    await browser.sign_in(account)
    address = f"/reactions/{to_public(post.id)}"
    assert (await browser.get(address)).status_code == 404
    await spaces.admit(space.id, account.person_id)
    page = await browser.text(address)
    assert "Théo Lindqvist" in page
    assert "🎉" in page
    many = [await make.member(space) for _ in range(3)]
    for person in many:
        await actions.react(person, post.id, ReactionDraft(emoji="👏"))
    first, more = await conversation.reactors(post.id, limit=2)
    rest, end = await conversation.reactors(post.id, (first[-1].person_id, first[-1].emoji), 9)
    assert (len(first), more, len(rest), end) == (2, True, 2, False)


async def test_the_place_of_a_new_comment_is_the_end() -> None:
    _account, post, made = await long_thread(30)
    last = made[-1]
    assert (await conversation.place_of(post.id, last.id, None)).before == NEWEST
