"""Brings the demonstration to life through the forms people use."""

import asyncio
from collections.abc import Sequence
from urllib.parse import quote

from tests.journey import drawing
from tests.journey.browser import Browser, Upload
from tests.journey.companies import Company
from tests.journey.content import Place, Talk
from tests.journey.people import Somebody
from tests.journey.stage import Stage
from tests.journey.waiting import check

POST_ID = r'id="post-([0-9a-z]{13})"'


async def fill(stage: Stage, company: Company, places: Sequence[Place]) -> dict[str, str]:
    """All places with all talks; the address of each space by its name."""
    authors = {talk.author for place in places for talk in place.talks}
    await asyncio.gather(*(stage.at_home(who, company) for who in authors))
    spaces = {}
    for place in places:
        spaces[place.name] = await _open_space(stage, company, place)
        for talk in place.talks:
            await _tell(stage, company, spaces[place.name], talk)
    return spaces


async def _open_space(stage: Stage, company: Company, place: Place) -> str:
    owner = await stage.at_home(place.owner, company)
    if not place.name:
        return await _space_of_all(owner)
    form = (await owner.open("/spaces/new?template=")).form("/spaces")
    page = await owner.send(
        form, name=place.name, description=place.description, access="open",
        category=str(place.category),
    )  # fmt: skip
    for member in place.members:
        await join(await stage.at_home(member, company), page.path)
    return page.path


async def _space_of_all(browser: Browser) -> str:
    """Everybody is in the company's own space from the start."""
    found = (await browser.open("/")).ids(r'href="(/spaces/[0-9a-z]{13})"')
    check(found, "everybody should be in the company's space")
    return found[0]


async def join(browser: Browser, space: str) -> None:
    """Press « Join »."""
    await browser.send((await browser.open(space)).form(f"{space}/membership"))


async def handle_of(browser: Browser, who: Somebody) -> str:
    """How somebody is mentioned, as their page says."""
    listed = await browser.open(f"/people?q={quote(who.name)}")
    profile = await browser.open(listed.ids(rf'href="(/people/[0-9a-z]{{13}})">{who.name}<')[0])
    return profile.ids(r">@([a-z0-9._-]+)<")[0]


async def publish(
    browser: Browser, space: str, body: str, *, title: str = "", files: tuple[Upload, ...] = ()
) -> str:
    """Write in a space with its composer; the address of the new post."""
    form = (await browser.open(space)).form("/posts")
    page = await browser.send(form, files=files, title=title, body=body)
    newest = page.ids(POST_ID)
    check(newest, f"the new post should stand on {page.path}")
    return f"/posts/{newest[0]}"


async def comment(browser: Browser, post: str, body: str) -> str:
    """Comment with the form under a post; the comment's anchor."""
    before = set((page := await browser.open(post)).ids(r'id="(c-[0-9a-z]{13})"'))
    form = [form for form in page.forms if form.action.endswith(f"{post}/comments")][-1]
    after = await browser.send(form, body=body)
    made = [anchor for anchor in after.ids(r'id="(c-[0-9a-z]{13})"') if anchor not in before]
    check(made, f"the new comment should stand on {post}")
    return made[0]


async def react(browser: Browser, post: str, emoji: str) -> None:
    """Press an emoji under a post."""
    form = (await browser.open(post)).form(f"/reactions/{post.rpartition('/')[2]}")
    await browser.send(form, emoji=emoji)


async def _tell(stage: Stage, company: Company, space: str, talk: Talk) -> None:
    files: tuple[Upload, ...] = ()
    if talk.has_document:
        files = (Upload("calendrier-montage.pdf", drawing.calendar(), "application/pdf"),)
    author = await stage.at_home(talk.author, company)
    post = await publish(author, space, talk.body, title=talk.title, files=files)
    for who, words in talk.comments:
        await comment(await stage.at_home(who, company), post, words)
    for who, emoji in talk.reactions:
        await react(await stage.at_home(who, company), post, emoji)
