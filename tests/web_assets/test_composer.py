"""The composer in Chromium: files pasted and cut off, drafts elsewhere, a session that ends."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
from playwright.async_api import Page, expect

from rse.drafts.models import SavedDraft
from rse.federation.io.models import Partner, Share
from rse.feed.models import Comment, Post
from rse.files.models import StoredFile
from rse.files.web import resumable
from rse.identity.models import Account
from rse.identity.sessions import end_sessions
from rse.kernel.errors import Unavailable
from rse.kernel.ids import to_public
from rse.kernel.storage import blobs
from rse.spaces.models import Space
from tests import make
from tests.files.test_files import picture
from tests.web_assets.conftest import Look

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AREA = "#composer textarea"
PASTE = """async ([selector, bytes, how]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "image.png", {type: "image/png"}));
  const event = how === "paste" ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true})
    : new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
  document.querySelector(selector).dispatchEvent(event);
}"""


@pytest.fixture
async def ines() -> Account:
    return await make.account("Inès Kerbrat")


@pytest.fixture
async def space(ines: Account) -> Space:
    return await make.space(ines.person)


async def shared_space(ines: Account) -> Space:
    """A space that another company reads, as if its partnership were proven."""
    shared = await make.space(ines.person, "With Brumelis")
    company = await make.organisation()
    at = f"https://{company.host}"
    partner = await Partner.create(
        organisation=company, origin=at, name=company.name, state="active", public_key="x",
        inbox=f"{at}/in", stream=f"{at}/out", invited_by_us=True, partnership="p",
    )  # fmt: skip
    await Share.create(
        partner=partner, hosted_by_us=True, space_id=shared.id, group_uri=f"{at}/g",
        group_name=shared.name, invite_uri=f"{at}/i", state="active",
    )  # fmt: skip
    return shared


async def opened(page: Page) -> Page:
    await page.locator("#composer summary").click()
    await expect(page.locator("[data-tools]")).to_be_visible()
    return page


async def becomes(page: Page, wanted: int, rows: type[SavedDraft] | type[Post]) -> None:
    for _try in range(40):
        if await rows.all().count() == wanted:
            return
        await page.wait_for_timeout(250)
    raise AssertionError(f"{rows.__name__}: {await rows.all().count()}, not {wanted}")


async def test_a_pasted_picture_and_a_dropped_one_go_with_the_post(
    look: Look, ines: Account, space: Space
) -> None:
    screen = await look(ines)
    page = await opened(await screen.open("/"))
    for how in ("paste", "drop"):
        await page.evaluate(PASTE, [AREA, list(picture(kind="PNG")), how])
    await expect(page.locator(".upload[data-is=done]")).to_have_count(2)
    await page.locator(AREA).fill("Two pictures")
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.locator(".media img")).to_have_count(2)
    assert await StoredFile.exclude(post_id=None).count() == 2
    assert screen.faults == []


async def test_an_upload_goes_on_after_the_network_was_cut(
    look: Look, ines: Account, space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytes(range(256)) * 4096 * 2  # eight pieces
    page = await opened(await (await look(ines)).open("/"))
    arriving, asked = resumable._arriving, count(1)

    async def cut() -> AsyncIterator[bytes]:
        """The third piece finds no network any more, in the middle of its way."""
        is_cut = next(asked) == 3
        async for piece in arriving():
            yield piece
            if is_cut:
                await page.context.set_offline(True)
                raise Unavailable("gone")

    monkeypatch.setattr(resumable, "_arriving", cut)
    files = {"name": "essai.bin", "mimeType": "application/octet-stream", "buffer": content}
    await page.locator("#composer [data-attach]").set_input_files(files)  # type: ignore[arg-type]
    await page.locator(AREA).fill("Sent while it is under way")
    await expect(page.locator(".upload[data-is=cut]")).to_contain_text("It goes on")
    # Pressed in the tunnel: the form waits for its file.
    await page.get_by_role("button", name="Publish", exact=True).click()
    await page.context.set_offline(False)
    await expect(page.locator(".post .file")).to_be_visible(timeout=20_000)
    file = await StoredFile.get()
    assert await blobs().read(file.digest) == content
    assert next(asked) <= 11  # no piece that had arrived was sent again


async def test_a_refused_file_says_why_beside_it_and_can_be_taken_away(
    look: Look, ines: Account, space: Space
) -> None:
    page = await opened(await (await look(ines)).open("/"))
    bad = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"<html>"}
    await page.locator("#composer [data-attach]").set_input_files(bad)  # type: ignore[arg-type]
    await expect(page.locator(".upload [role=alert]")).to_contain_text("not what its name says")
    await page.get_by_role("button", name="Remove the file").click()
    await expect(page.locator(".upload")).to_have_count(0)
    await expect(page.locator(AREA)).to_be_focused()


async def test_a_draft_goes_on_on_another_device(look: Look, ines: Account, space: Space) -> None:
    page = await opened(await (await look(ines)).open("/"))
    await page.locator(AREA).fill("Begun at my desk")
    await page.locator("#f-title").focus()
    await expect(page.locator("[data-draft-status]").first).to_have_text("Draft kept")
    other = await (await look(ines, width=390)).open("/")
    await other.locator("#composer summary").click()
    await other.get_by_role("button", name="Go on with it").click()
    await expect(other.locator(AREA)).to_have_value("Begun at my desk")
    await other.locator(AREA).fill("Begun at my desk, ended in the train")
    await other.get_by_role("button", name="Publish", exact=True).click()
    await expect(other.locator(".post").get_by_text("ended in the train")).to_be_visible()
    assert await SavedDraft.all().count() == 0
    # The first device still shows its words; sending them makes no second post.
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.locator(".post")).to_have_count(1)
    assert await Post.all().count() == 1


async def test_two_devices_that_write_at_once_keep_both(
    look: Look, ines: Account, space: Space
) -> None:
    page = await opened(await (await look(ines)).open("/"))
    await page.locator(AREA).fill("Here")
    await page.locator("#f-title").focus()
    await becomes(page, 1, SavedDraft)
    await SavedDraft.all().update(source="Elsewhere", version=5)
    await page.locator(AREA).fill("Here, longer")
    await page.locator("#f-title").focus()
    await expect(page.locator("[data-draft-status]").first).to_contain_text("Both are kept")
    words = {draft.source for draft in await SavedDraft.all()}
    assert words == {"Elsewhere", "Here, longer"}


async def test_a_reload_gives_the_words_back_and_a_sign_out_takes_them_away(
    look: Look, ines: Account, space: Space
) -> None:
    page = await opened(await (await look(ines)).open("/"))
    await page.locator(AREA).fill("Not yet sent")
    await page.reload()
    await expect(page.locator(AREA)).to_have_value("Not yet sent")
    await page.evaluate("document.querySelector('form[action=\"/sign-out\"]').requestSubmit()")
    await page.wait_for_url("**/sign-in")
    left = await page.evaluate("Object.keys(localStorage).filter(n => n.startsWith('draft:'))")
    assert left == []


async def sign_in_again(page: Page, ines: Account) -> None:
    await page.get_by_label("Login or mail address").fill(ines.login)
    await page.get_by_label("Password").fill(make.PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def test_a_session_that_ends_in_the_middle_costs_no_word(
    look: Look, ines: Account, space: Space
) -> None:
    page = await opened(await (await look(ines)).open("/"))
    await page.locator(AREA).fill("All that I wrote")
    await end_sessions(ines.id)
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_text("Your words are kept")).to_be_visible()
    await sign_in_again(page, ines)
    await expect(page.locator(AREA)).to_have_value("All that I wrote")
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.locator(".post").get_by_text("All that I wrote")).to_be_visible()
    assert await Post.all().count() == 1


async def test_a_comment_of_an_ended_session_is_given_back_too(
    look: Look, ines: Account, space: Space
) -> None:
    post = await make.post(ines.person, space)
    page = await (await look(ines)).open(f"/posts/{to_public(post.id)}")
    area = page.locator("#comments > .reply-form textarea")
    await area.fill("My answer")
    await end_sessions(ines.id)
    await area.press("Control+Enter")
    await page.wait_for_url("**/sign-in**")
    await sign_in_again(page, ines)
    await expect(area).to_have_value("My answer")
    await area.press("Control+Enter")
    await expect(page.locator(".bubble .prose").get_by_text("My answer")).to_be_visible()
    assert await Comment.all().count() == 1


async def test_marks_by_key_and_button_and_a_look_before(
    look: Look, ines: Account, space: Space
) -> None:
    screen = await look(ines)
    page = await opened(await screen.open("/"))
    area = page.locator(AREA)
    await area.fill("big news")
    await area.press("Control+a")
    await area.press("Control+b")
    await expect(area).to_have_value("**big news**")
    await area.press("Control+b")
    await expect(area).to_have_value("big news")
    await page.get_by_role("button", name="List", exact=True).click()
    await expect(area).to_have_value("- big news")
    await area.press("Control+z")
    await expect(area).to_have_value("big news")
    await area.press("Control+a")
    await area.press("Control+i")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator("[data-preview-box] em")).to_have_text("big news")
    await page.get_by_role("button", name="Preview").click()
    await expect(area).to_be_focused()
    assert screen.faults == []
    assert await screen.axe() == []


async def test_what_leaves_the_company_is_said_when_it_is_chosen(
    look: Look, ines: Account, space: Space
) -> None:
    home = await shared_space(ines)
    screen = await look(ines)
    page = await opened(await screen.open("/"))
    warning = page.locator("#composer [data-leaves]")
    await page.locator("[data-audience]").select_option(to_public(space.id))
    await expect(warning).to_be_hidden()
    await page.locator("[data-audience]").select_option(to_public(home.id))
    await expect(warning).to_have_text("Leaves the company: Brumelis receives this.")
    assert await screen.axe() == []


@pytest.mark.parametrize("width", [320, 390, 1440])
async def test_without_script_a_file_and_a_draft_work_all_the_same(
    look: Look, ines: Account, space: Space, width: int
) -> None:
    screen = await look(ines, width=width, script=False)
    page = await screen.open("/")
    await page.locator("#composer summary").click()
    await page.locator(AREA).fill("By hand")
    file = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"bonjour"}
    await page.locator("#composer [data-attach]").set_input_files(file)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Save draft").click()
    await expect(page.get_by_role("heading", name="Drafts")).to_be_visible()
    await page.get_by_role("link", name="Go on with it").click()
    await expect(page.get_by_label("notes.txt")).to_be_checked()
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.locator(".post .file")).to_be_visible()
    await expect(page.locator(".post")).to_have_count(1)
