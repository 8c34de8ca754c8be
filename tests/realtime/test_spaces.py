"""The pages of a space: its members hear, who leaves hears nothing more, at once."""

from rse.feed import actions as feed
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications.queries import unread_count
from rse.spaces import actions
from rse.spaces.actions import SpaceDraft
from tests import make
from tests.realtime.page import Site
from tests.web_client import Browser


async def test_members_hear_of_a_post_and_who_leaves_hears_nothing(site: Site) -> None:
    ines, theo = await make.account("Inès"), await make.account("Théo")
    space = await actions.create(ines.person, SpaceDraft(name="Rive-Nord", access="secret"))
    topic = "space:" + to_public(space.id)
    async with site.page(ines) as hers, site.page(theo) as his:
        (refused,) = await his.listen(topic)
        assert refused["kind"] == "refused"
        await actions.admit(space.id, theo.person_id)
        await drain()
        assert [each["kind"] for each in await his.listen(topic)] == ["subscribed"]
        await hers.listen(topic)
        await actions.leave(theo.person, space.id)
        # No job has run yet: the right went with the commit.
        assert (await his.hear())["kind"] == "refused"
        await drain()
        assert await his.hears_nothing()


async def test_a_mention_rings_the_bell_until_its_post_is_opened(
    site: Site, browser: Browser
) -> None:
    ines, theo = await make.account("Inès"), await make.account("Théo")
    space = await actions.create(theo.person, SpaceDraft(name="Rive-Nord", access="secret"))
    await actions.admit(space.id, ines.person_id)
    await drain()
    mine = "person:" + to_public(ines.person_id)
    async with site.page(ines) as page:
        await page.listen(mine, "space:" + to_public(space.id))
        post = await make.post(theo.person, space, f"@{ines.person.handle} regarde")
        await drain()
        heard = [await page.hear(), await page.hear()]
        assert {each["kind"] for each in heard} == {"post.new", "notices"}
        await browser.sign_in(ines)
        assert "mentioned you" in await browser.text("/notifications")
        await browser.text(f"/posts/{to_public(post.id)}")
        assert (await page.hear())["data"] == {"unread": 0}


async def test_what_was_told_of_a_deleted_post_or_a_space_one_left_is_taken_back() -> None:
    theo, ines = await make.person("Théo"), await make.person("Inès")
    space = await actions.create(theo, SpaceDraft(name="Rive-Nord", access="secret"))
    await actions.admit(space.id, ines.id)
    await drain()
    before = await unread_count(ines.id)
    gone, kept = await make.post(theo, space, "Un"), await make.post(theo, space, "Deux")
    await drain()
    assert await unread_count(ines.id) == before + 2
    await feed.delete(theo, gone.id)
    await drain()
    assert await unread_count(ines.id) == before + 1
    await actions.leave(ines, space.id)
    await drain()
    assert await unread_count(ines.id) == before
    assert kept.deleted_at is None
