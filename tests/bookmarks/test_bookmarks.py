"""Bookmarks: one's own, in folders, and never a way around the rights of today."""

import pytest

from rse.bookmarks import actions, privacy, queries
from rse.bookmarks.actions import FolderDraft
from rse.bookmarks.models import Bookmark
from rse.feed import actions as feed
from rse.identity.models import Person
from rse.kernel.errors import Invalid, NotFound
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def kept(person: Person) -> list[int]:
    return [each.post_id for each in (await queries.page(person)).items]


async def test_the_button_says_whether_a_post_is_kept(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    number = to_public((await make.post(account.person)).id)
    assert 'aria-label="Bookmark" title="Bookmark" aria-pressed="false"' in await browser.text("/")
    assert (await browser.post(f"/bookmarks/{number}")).status_code == 303
    assert 'title="Bookmark" aria-pressed="true"' in await browser.text("/")
    assert f'id="post-{number}"' in await browser.text("/bookmarks")
    answer = await browser.post(f"/bookmarks/{number}", HX_Request="true")
    assert 'aria-pressed="false"' in await answer.get_data(as_text=True)
    assert f'id="post-{number}"' not in await browser.text("/bookmarks")


async def test_keeping_twice_keeps_one() -> None:
    post = await make.post()
    person = await make.person()
    for _again in range(2):
        await actions.keep(person, post.id)
    assert await Bookmark.all().count() == 1


async def test_what_one_may_not_read_can_be_neither_kept_nor_listed() -> None:
    space = await make.space(access="secret")
    reader = await make.member(space)
    post = await make.post(await make.member(space), space)
    await actions.keep(reader, post.id)
    with pytest.raises(NotFound):
        await actions.keep(await make.person(), post.id)
    await spaces.dismiss(space.id, reader.id)
    assert await kept(reader) == []
    await spaces.admit(space.id, reader.id)
    assert await kept(reader) == [post.id]


async def test_a_deleted_post_and_a_closed_mirror_are_not_listed() -> None:
    author = await make.person()
    space = await make.space(author)
    gone, closed = await make.post(author, space), await make.post(author)
    for post in (gone, closed):
        await actions.keep(author, post.id)
    await feed.delete(author, gone.id)
    await Space.filter(id=closed.space_id).update(is_closed=True)
    assert await kept(author) == []


async def test_folders_hold_what_is_moved_and_give_it_back(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    post = await make.post(account.person)
    await actions.keep(account.person, post.id)
    assert (await browser.post("/bookmarks/folders", {"name": "À lire"})).status_code == 303
    [folder] = await queries.folders(account.person)
    place = to_public(folder.id)
    await browser.post(f"/bookmarks/{to_public(post.id)}/folder", {"folder": place})
    page = await browser.text(f"/bookmarks?folder={place}")
    assert f'id="post-{to_public(post.id)}"' in page
    assert f'<option value="{place}" selected>' in page
    assert (await browser.post(f"/bookmarks/folders/{place}/removal")).status_code == 303
    assert await kept(account.person) == [post.id]
    assert await queries.folders(account.person) == []


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 61, "À lire"])
async def test_a_name_that_cannot_be_is_refused_beside_the_field(
    name: str, browser: Browser
) -> None:
    account = await make.account()
    await browser.sign_in(account)
    await actions.create_folder(account.person, FolderDraft(name="À lire"))
    answer = await browser.post("/bookmarks/folders", {"name": name})
    assert answer.status_code == 422
    assert 'id="name-error"' in await answer.get_data(as_text=True)
    assert len(await queries.folders(account.person)) == 1


async def test_the_fifty_first_folder_is_refused() -> None:
    person = await make.person()
    for number in range(actions.MOST_FOLDERS):
        await actions.create_folder(person, FolderDraft(name=f"Ordner {number}"))
    with pytest.raises(Invalid, match="at most 50"):
        await actions.create_folder(person, FolderDraft(name="Noch einer"))


async def test_another_person_s_folder_does_not_exist() -> None:
    owner, other = await make.person(), await make.person()
    post = await make.post()
    folder = await actions.create_folder(owner, FolderDraft(name="Privat"))
    await actions.keep(other, post.id)
    with pytest.raises(NotFound):
        await actions.move(other, post.id, folder.id)
    with pytest.raises(NotFound):
        await actions.delete_folder(other, folder.id)
    with pytest.raises(NotFound, match="not among"):
        await actions.move(owner, post.id, folder.id)


async def test_bookmarks_go_with_their_owner() -> None:
    person = await make.person()
    await actions.keep(person, (await make.post()).id)
    await actions.create_folder(person, FolderDraft(name="À lire"))
    exported = await privacy.export(person.id)
    assert (len(exported["bookmarks"]), len(exported["folders"])) == (1, 1)
    await privacy.erase(person.id)
    assert await privacy.export(person.id) == {"bookmarks": [], "folders": []}


async def test_the_list_goes_on_where_it_stopped() -> None:
    author = await make.person()
    space = await make.space(author)
    posts = [await make.post(author, space) for _each in range(5)]
    for post in posts:
        await actions.keep(author, post.id)
    first = await queries.page(author, limit=3)
    assert first.next_cursor
    second = await queries.page(author, cursor=first.next_cursor, limit=3)
    assert [k.post_id for k in (*first.items, *second.items)] == [p.id for p in reversed(posts)]
