"""Drafts: kept by script and by button, gone on with elsewhere, never overwritten."""

import pytest
from quart import Response

from rse.drafts import actions, privacy, queries
from rse.drafts.drafts import DraftInput
from rse.drafts.models import SavedDraft
from rse.drafts.web import take_back
from rse.feed.models import Comment, Post
from rse.files import actions as files
from rse.files import queries as file_queries
from rse.identity.models import Account
from rse.identity.sessions import end_sessions
from rse.kernel.errors import Conflict, Invalid, NotFound
from rse.kernel.ids import to_public
from rse.scheduled import actions as scheduled
from rse.scheduled.drafts import ScheduleDraft
from rse.scheduled.models import ScheduledPost
from rse.spaces import actions as spaces
from tests import make
from tests.scheduled.test_scheduled import HOUR, moment
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def autosave(browser: Browser, **fields: str) -> Response:
    form = {"key": "k1", "place": "post", "version": "0", **fields}
    return await browser.post("/drafts", form, Accept="application/json")


@pytest.fixture
async def ines(browser: Browser) -> Account:
    account = await make.account("Inès Kerbrat")
    await browser.sign_in(account)
    return account


async def test_it_is_kept_and_found_on_another_device(browser: Browser, ines: Account) -> None:
    space = await make.space(ines.person)
    answer = await autosave(browser, body="Bonjour à tous", space=to_public(space.id))
    assert (await answer.get_json())["version"] == 1
    found = await (await browser.get("/drafts/at?place=post")).get_json()
    assert (found["body"], found["key"], found["version"]) == ("Bonjour à tous", "k1", 1)
    assert found["space"] == to_public(space.id)
    again = await autosave(browser, body="Bonjour à toutes", version="1")
    assert (await again.get_json())["version"] == 2
    assert (await browser.get("/drafts/at?place=space-0000000000000")).status_code == 204
    await browser.sign_in(await make.account())
    assert (await browser.get("/drafts/at?place=post")).status_code == 204
    draft = await SavedDraft.get()
    assert (await browser.get(f"/drafts/{to_public(draft.id)}")).status_code == 404


async def test_what_changed_elsewhere_is_not_overwritten(browser: Browser, ines: Account) -> None:
    await autosave(browser, body="Au bureau")
    await autosave(browser, body="Au bureau, puis", version="1")
    stale = await autosave(browser, body="Dans le train", version="1")
    assert stale.status_code == 409
    # Without a script the button makes a second draft at once.
    form = {"key": "k1", "place": "post", "version": "1", "body": "Dans le train"}
    answer = await browser.post("/drafts", form)
    page = await browser.text(answer.headers["Location"])
    assert "Both are kept" in page
    assert "Dans le train" in page
    words = {draft.source for draft in await queries.own(ines.person)}
    assert words == {"Au bureau, puis", "Dans le train"}


async def test_what_was_sent_is_no_draft_and_does_not_become_one_again(
    browser: Browser, ines: Account
) -> None:
    space = await make.space(ines.person)
    await autosave(browser, body="Bonjour")
    sent = {"key": "k1", "space": to_public(space.id), "body": "Bonjour"}
    assert (await browser.post("/posts", sent)).status_code == 303
    assert await SavedDraft.all().count() == 0
    await autosave(browser, body="Bonjour", version="1")  # the script was late
    assert await SavedDraft.all().count() == 0
    assert (await browser.post("/posts", sent)).status_code == 303  # pressed twice
    assert await Post.all().count() == 1


async def test_a_comment_s_draft_goes_on_below_its_post(browser: Browser, ines: Account) -> None:
    post = await make.post(ines.person)
    await autosave(browser, body="Je pense que", place=f"c-{to_public(post.id)}")
    draft = await SavedDraft.get()
    page = await browser.text(f"/drafts/{to_public(draft.id)}")
    assert f'action="/posts/{to_public(post.id)}/comments"' in page
    assert "Je pense que" in page
    sent = {"key": "k1", "body": "Je pense que oui"}
    for _twice in range(2):
        await browser.post(f"/posts/{to_public(post.id)}/comments", sent)
    assert await Comment.all().count() == 1
    assert await SavedDraft.all().count() == 0


async def test_the_words_stay_when_the_place_is_closed(browser: Browser, ines: Account) -> None:
    space = await make.space(access="secret")
    await spaces.admit(space.id, ines.person_id)
    post = await make.post(ines.person, space, "Un secret")
    await autosave(browser, body="Ma réponse", place=f"c-{to_public(post.id)}")
    await spaces.dismiss(space.id, ines.person_id)
    draft = await SavedDraft.get()
    page = await browser.text(f"/drafts/{to_public(draft.id)}")
    assert "Ma réponse" in page
    assert "cannot write there any more" in page
    assert "Un secret" not in page


async def test_without_script_the_button_keeps_and_the_list_gives_back(
    browser: Browser, ines: Account
) -> None:
    await make.space(ines.person)
    await browser.post("/drafts", {"key": "k1", "place": "post", "title": "Fête", "body": "Venez"})
    page = await browser.text("/drafts")
    assert "Fête" in page
    draft = await SavedDraft.get()
    assert 'name="key" value="k1"' in await browser.text(f"/drafts/{to_public(draft.id)}")
    await browser.post(f"/drafts/{to_public(draft.id)}/deletion")
    assert "There are no drafts." in await browser.text("/drafts")


async def test_an_emptied_form_leaves_no_draft(browser: Browser, ines: Account) -> None:
    await autosave(browser, body="Bonjour")
    answer = await autosave(browser, body="  ", version="1")
    assert (await answer.get_json())["version"] == 0
    assert await SavedDraft.all().count() == 0


async def test_a_scheduled_post_leaves_no_draft(browser: Browser, ines: Account) -> None:
    space = await make.space(ines.person)
    await autosave(browser, body="Demain")
    later = {"key": "k1", "space": to_public(space.id), "body": "Demain"}
    page = await (await browser.post("/scheduled/new", later)).get_data(as_text=True)
    assert 'name="key" value="k1"' in page
    await browser.post("/scheduled", {**later, **moment(2 * HOUR)})
    assert await ScheduledPost.all().count() == 1
    assert await SavedDraft.all().count() == 0


async def test_a_signed_out_script_is_told_so(browser: Browser, ines: Account) -> None:
    await end_sessions(ines.id)
    assert (await autosave(browser, body="Bonjour")).status_code in {401, 403}
    answer = await browser.post("/drafts", {"writer": to_public(ines.person_id), "key": "k"},
                                Accept="application/json")  # fmt: skip
    assert answer.status_code == 401


async def signed_out_in_the_middle(browser: Browser, ines: Account, space_id: int) -> Response:
    form = {
        "writer": to_public(ines.person_id), "key": "k1", "place": "post", "title": "Fête",
        "space": to_public(space_id), "body": "Tout ce que j’ai écrit",
    }  # fmt: skip
    await end_sessions(ines.id)
    return await browser.post("/posts", form)


def carried(page: str) -> dict[str, str]:
    """The hidden fields of the sign-in page."""
    found: dict[str, str] = {}
    for piece in page.split('<input type="hidden" name="')[1:]:
        name, _quote, rest = piece.partition('"')
        if name.startswith("kept-"):
            found[name] = rest.split('value="', 1)[1].split('"', 1)[0]
    return found


async def test_words_of_an_ended_session_are_given_back_after_the_sign_in(
    browser: Browser, ines: Account
) -> None:
    space = await make.space(ines.person)
    answer = await signed_out_in_the_middle(browser, ines, space.id)
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert "Your words are kept" in page
    wrong = {"login": ines.login, "password": "not this one", **carried(page)}
    again = await (await browser.post("/sign-in", wrong)).get_data(as_text=True)
    right = {"login": ines.login, "password": make.PASSWORD, **carried(again)}
    entered = await browser.post("/sign-in", right)
    assert entered.headers["Location"].startswith("/drafts/")
    page = await browser.text(entered.headers["Location"])
    assert "Tout ce que j’ai écrit" in page
    assert 'value="Fête"' in page
    assert await Post.all().count() == 0


async def test_somebody_else_who_signs_in_does_not_get_them(
    browser: Browser, ines: Account
) -> None:
    space = await make.space(ines.person)
    answer = await signed_out_in_the_middle(browser, ines, space.id)
    theo = await make.account("Théo Lindqvist")
    form = {
        "login": theo.login, "password": make.PASSWORD,
        **carried(await answer.get_data(as_text=True)),
    }  # fmt: skip
    assert (await browser.post("/sign-in", form)).headers["Location"] == "/"
    assert await SavedDraft.all().count() == 0


async def test_limits_and_erasure(ines: Account) -> None:
    for number in range(queries.MOST):
        await actions.save(ines.person, DraftInput(key=f"k{number}", body="Bonjour"))
    with pytest.raises(Invalid, match="100 drafts"):
        await actions.save(ines.person, DraftInput(key="one more", body="Bonjour"))
    with pytest.raises(Conflict):
        await actions.save(ines.person, DraftInput(key="k0", body="Autre", version=7))
    exported = await privacy.export(ines.person_id)
    assert len(exported["drafts"]) == queries.MOST
    await privacy.erase(ines.person_id)
    with pytest.raises(NotFound):
        await queries.draft_for(ines.person, 1)
    assert await SavedDraft.all().count() == 0


async def test_a_file_of_a_draft_or_a_scheduled_post_is_still_wanted(ines: Account) -> None:
    space = await make.space(ines.person)
    one, two, left = [await files.store(ines.person, f"{n}.txt", b"bonjour") for n in range(3)]
    await actions.save(ines.person, DraftInput(key="k1", uploads=[to_public(one.id)]))
    later = ScheduleDraft(
        space=to_public(space.id), body="Demain", files=[to_public(two.id)], **moment(2 * HOUR)
    )  # fmt: skip
    await scheduled.schedule(ines.person, later)
    assert await file_queries.claimed([one.id, two.id, left.id]) == {one.id, two.id}


async def test_what_names_no_file_does_not_stop_the_clean_up_of_files(
    browser: Browser, ines: Account
) -> None:
    """One broken draft must not keep everybody's left files on the disk, nor hide the draft."""
    space = await make.space(ines.person)
    spoilt = {
        "key": "k1", "place": "post", "version": 0, "space": to_public(space.id),
        "body": "Bonjour", "uploads": ["no id", "", "z" * 13],
    }  # fmt: skip
    form = {"_csrf": await browser.form_token()}
    sent = await browser._client.post(
        "/drafts", json=spoilt, headers={"Host": "127.0.0.1", "X-CSRF-Token": form["_csrf"]}
    )
    assert sent.status_code == 200
    left = await files.store(ines.person, "left.txt", b"bonjour")
    assert await file_queries.claimed([left.id]) == set()
    found = await (await browser.get("/drafts/at?place=post")).get_json()
    assert (found["body"], found["files"]) == ("Bonjour", [])


async def test_the_words_of_an_ended_session_come_back_with_what_was_sent_ahead(
    browser: Browser, ines: Account
) -> None:
    space = await make.space(ines.person)
    one, two = [await files.store(ines.person, f"{n}.txt", b"bonjour") for n in range(2)]
    await end_sessions(ines.id)
    form: dict[str, str | list[str]] = {
        "key": "k1", "space": to_public(space.id), "body": "Tout ce que j’ai écrit",
        "writer": to_public(ines.person_id), "uploads": [to_public(one.id), to_public(two.id)],
    }  # fmt: skip
    answer = await browser.post("/posts", form)
    page = await answer.get_data(as_text=True)
    await browser.post(
        "/sign-in", {"login": ines.login, "password": make.PASSWORD, **carried(page)}
    )
    [draft] = await queries.own(ines.person)
    assert draft.source == "Tout ce que j’ai écrit"
    assert draft.files == [to_public(one.id), to_public(two.id)]


@pytest.mark.parametrize("field", ["space", "place", "version", "uploads", "title"])
async def test_the_words_of_an_ended_session_survive_any_broken_field(
    field: str, ines: Account
) -> None:
    words = {"body": "Tout ce que j’ai écrit", field: "gone, \x00 or never there" * 20}
    assert await take_back(ines.person, words)
    [draft] = await queries.own(ines.person)
    assert draft.source == "Tout ce que j’ai écrit"


async def test_a_full_list_of_drafts_loses_no_words_of_an_ended_session(ines: Account) -> None:
    for number in range(queries.MOST):
        await actions.save(ines.person, DraftInput(key=f"k{number}", body="Bonjour"))
    assert await take_back(ines.person, {"body": "Tout ce que j’ai écrit"})
    assert (await queries.own(ines.person))[0].source == "Tout ce que j’ai écrit"
