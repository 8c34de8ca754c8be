"""Words that are too many, damaged or odd: refused in a sentence and kept, or handled."""

import pytest
from quart import Response

from rse.feed.models import Mention, Post
from rse.identity.models import Account
from rse.kernel.ids import to_public
from rse.kernel.text import clean_line
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
FAMILY, FLAG = "👩🏽\u200d🚒 👨\u200d👩\u200d👧", "🏳️\u200d🌈"


@pytest.fixture
async def ines(browser: Browser) -> Account:
    account = await make.account("Inès Kerbrat")
    await browser.sign_in(account)
    return account


@pytest.fixture
async def space(ines: Account) -> Space:
    return await make.space(ines.person)


async def send(browser: Browser, space: Space, **fields: str) -> tuple[int, str]:
    answer = await browser.post("/posts", {"space": to_public(space.id), "body": "", **fields})
    return answer.status_code, str(await answer.get_data(as_text=True))


async def test_a_megabyte_is_refused_and_kept(browser: Browser, space: Space) -> None:
    status, page = await send(browser, space, body="mot " * 250_000)
    assert status == 422
    assert "Shorten this to 20,000 characters." in page
    assert page.count("mot ") > 249_000


async def test_more_than_a_form_holds_is_refused_in_words(browser: Browser, space: Space) -> None:
    parts = {"_csrf": await browser.form_token(), "body": "x" * 2_100_000}
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    answer = await browser._client.post(
        "/posts", data=f"{body}--b--\r\n".encode(),
        headers={"Host": "127.0.0.1", "Content-Type": "multipart/form-data; boundary=b"},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "too large" in await answer.get_data(as_text=True)


async def test_ten_thousand_mentions_name_nobody(browser: Browser, space: Space) -> None:
    words = " ".join(f"@p{number}" for number in range(10_000))
    status, page = await send(browser, space, body=words)
    assert (status, "Shorten this" in page) == (422, True)
    status, page = await send(browser, space, body=words[:19_000])
    assert (status, "Name at most 50 people at once." in page) == (422, True)
    assert await Post.all().count() == await Mention.all().count() == 0


async def test_more_than_fifty_people_at_once_are_too_many(browser: Browser, space: Space) -> None:
    people = [await make.member(space) for _number in range(51)]
    words = " ".join(f"@{person.handle}" for person in people)
    status, page = await send(browser, space, body=words)
    assert (status, "Name at most 50 people" in page) == (422, True)
    status, _page = await send(browser, space, body=words.rpartition(" ")[0])
    assert status == 303
    assert await Mention.all().count() == 50


async def test_zero_width_words_say_nothing(browser: Browser, space: Space) -> None:
    status, page = await send(browser, space, body="\u200b\u2060\ufeff \u200e")
    assert (status, "Write something first." in page) == (422, True)


async def test_right_to_left_words_stay_and_tricks_go(browser: Browser, space: Space) -> None:
    status, _page = await send(
        browser, space, title="שלום עולם", body="مرحبا بالعالم \u202egnp.exe\u202c"
    )
    assert status == 303
    post = await Post.get()
    assert (post.title, post.source) == ("שלום עולם", "مرحبا بالعالم gnp.exe")


async def test_emoji_of_several_signs_stay_whole(browser: Browser, space: Space) -> None:
    status, _page = await send(browser, space, title=f"Equipe {FAMILY}", body=FLAG)
    assert status == 303
    post = await Post.get()
    assert (post.title, post.source) == (f"Equipe {FAMILY}", FLAG)
    assert FLAG in post.html


def test_a_joiner_between_letters_hides_nothing() -> None:
    assert clean_line("pay\u200dpal \u200d", 40) == "paypal"


async def test_damaged_letters_are_told(browser: Browser, space: Space) -> None:
    body = (f"_csrf={await browser.form_token()}&space={to_public(space.id)}&body=caf%E9").encode()
    answer: Response = await browser._client.post(
        "/posts", data=body,
        headers={"Host": "127.0.0.1", "Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    page = await answer.get_data(as_text=True)
    assert (answer.status_code, "arrived damaged" in page) == (422, True)
    assert "caf\ufffd" in page
    assert await Post.all().count() == 0


async def test_a_comment_says_the_same(browser: Browser, ines: Account, space: Space) -> None:
    post = await make.post(ines.person, space)
    path = f"/posts/{to_public(post.id)}/comments"
    for body, sentence in (("\u200b", "Write something"), ("x" * 20_001, "Shorten this")):
        answer = await browser.post(path, {"body": body, "key": "k1"})
        page = await answer.get_data(as_text=True)
        assert (answer.status_code, sentence in page) == (422, True)
        assert 'name="key" value="k1"' in page


async def test_the_audience_is_said_before_and_a_preview_publishes_nothing(
    browser: Browser, ines: Account, space: Space
) -> None:
    await spaces.admit(space.id, (await make.outsider()).id)
    theo = await make.member(space, "Théo Lindqvist")
    page = await browser.text("/")
    assert "Visible to 3 members" in page
    sent = {"space": to_public(space.id), "body": f"**Salut** @{theo.handle}", "key": "k7"}
    answer = await browser.post("/posts/preview", sent)
    page = await answer.get_data(as_text=True)
    assert "<strong>Salut</strong>" in page
    assert f"/people/{to_public(theo.id)}" in page
    assert 'name="key" value="k7"' in page
    piece = await browser.post("/posts/preview", sent, HX_Request="true")
    assert "<html" not in await piece.get_data(as_text=True)
    assert await Post.all().count() == 0
