"""An id of what one may not see answers, at every address, like an id of nothing."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import pytest
from quart import Quart

from rse.bookmarks import actions as bookmarks
from rse.drafts import actions as drafts
from rse.drafts.drafts import DraftInput
from rse.feed import actions as feed
from rse.feed.models import Post
from rse.files import actions as files
from rse.identity.models import Person
from rse.identity.sessions import open_session, session_for
from rse.kernel import limits
from rse.kernel.ids import to_public
from rse.saved import actions as saved
from rse.saved.drafts import SavedSearchDraft
from rse.spaces import actions as spaces
from rse.spaces.models import Membership, Space
from tests import make
from tests.web.addresses import NOBODY, with_ids
from tests.web_client import Browser

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.slow]

SECRET = "Quetzalcoatl"
FORM = {
    "body": "x", "title": "x", "name": "x", "emoji": "👍", "role": "owner", "locked": "true",
    "alert": "on", "kind": "thread", "reason": "why not", "do": "save", "answer": "yes",
}  # fmt: skip


class Hidden:
    """Things of somebody else, each holding the secret word."""

    def __init__(self, owner: Person, space: Space, post: Post) -> None:
        self.owner, self.space, self.post = owner, space, post

    async def a_space(self) -> int:
        return self.space.id

    async def a_post(self) -> int:
        return self.post.id

    async def a_comment(self) -> int:
        return (await make.comment(self.post, self.owner, SECRET)).id

    async def a_deleted_post(self) -> int:
        post = await make.post(self.owner, await make.space(self.owner), SECRET)
        await feed.delete(self.owner, post.id)
        return post.id

    async def a_waiting_post(self) -> int:
        space = await make.space(self.owner)
        writer = await make.member(space)
        await Space.filter(id=space.id).update(posting="approval")
        return (await make.post(writer, space, SECRET)).id

    async def a_file(self) -> int:
        return (await files.store(self.owner, f"{SECRET}.txt", b"secret")).id

    async def a_draft(self) -> int:
        kept = await drafts.save(self.owner, DraftInput(key="k", body=SECRET))
        assert kept
        return kept.id

    async def a_saved_search(self) -> int:
        asked = SavedSearchDraft(name=SECRET, search=f"/search?q={SECRET}")
        return (await saved.keep(self.owner, asked)).id

    async def a_folder(self) -> int:
        return (await bookmarks.create_folder(self.owner, bookmarks.FolderDraft(name=SECRET))).id

    async def a_session(self) -> int:
        found = await session_for(await open_session(await make.account(admin=True)))
        assert found
        return found.id


@pytest.fixture
async def hidden() -> Hidden:
    owner = await make.person("Odile Secrète")
    space = await make.space(owner, f"Projet {SECRET}", "secret")
    return Hidden(owner, space, await make.post(owner, space, f"{SECRET} begins"))


async def answers(app: Quart, browser: Browser, number: str) -> dict[str, tuple[int, str]]:
    """What each address with an id says to `number`: GET and POST."""
    found: dict[str, tuple[int, str]] = {}
    form = urlencode({**FORM, "space": number, "target": number, "folder": number})
    for method in ("GET", "POST"):
        for name, path in with_ids(app, method, number).items():
            limits.memory.reset()
            if method == "GET":
                answer = await browser.get(path)
            else:
                answer = await browser.post(path, dict(re.findall(r"(\w+)=([^&]*)", form)))
            said = str(await answer.get_data(as_text=True))
            found[f"{method} {name}"] = answer.status_code, said + str(answer.headers)
    return found


THINGS: list[Callable[[Hidden], Awaitable[int]]] = [
    Hidden.a_space, Hidden.a_post, Hidden.a_comment, Hidden.a_deleted_post, Hidden.a_waiting_post,
    Hidden.a_file, Hidden.a_draft, Hidden.a_saved_search, Hidden.a_folder, Hidden.a_session,
]  # fmt: skip


@pytest.mark.parametrize("who", ["stranger", "left", "administrator"])
async def test_it_answers_like_nothing(
    who: str, app: Quart, browser: Browser, hidden: Hidden
) -> None:
    account = await make.account(admin=who == "administrator")
    if who == "left":
        await spaces.admit(hidden.space.id, account.person_id)
        await spaces.leave(account.person, hidden.space.id)
    await browser.sign_in(account)
    nothing = await answers(app, browser, NOBODY)
    told = []
    for thing in THINGS:
        number = await thing(hidden)
        for place, (status, said) in (await answers(app, browser, to_public(number))).items():
            if status != nothing[place][0] or SECRET in said:
                told.append((thing.__name__, place, status, nothing[place][0], SECRET in said))
    assert told == []
    assert (await Post.get(id=hidden.post.id)).version == hidden.post.version
    assert await Membership.filter(space_id=hidden.space.id, status="joined").count() == 1
