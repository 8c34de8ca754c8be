"""« Anna is writing… »: by policy, to those who may read the post now, and gone in a moment."""

import asyncio

import pytest

from rse.feed import actions as feed
from rse.feed.models import Post
from rse.identity.models import Account, Person
from rse.identity.policy import ProfilePolicy, change_profile_policy
from rse.kernel import jobs
from rse.kernel.ids import to_public
from rse.realtime import typing
from rse.realtime.topics import topic_of
from rse.spaces import actions as spaces
from tests import make
from tests.realtime.page import Page, Site

ON = ProfilePolicy(typing=True)


async def a_conversation() -> tuple[Account, Account, Post, str]:
    """Two members of a closed space, a post, and the topic of its conversation."""
    anna, theo = await make.account("Anna"), await make.account("Théo")
    space = await make.space(anna.person, access="secret")
    await spaces.admit(space.id, theo.person_id)
    post = await make.post(anna.person, space)
    await jobs.drain()
    return anna, theo, post, topic_of("thread", post.id)


async def says_nothing(page: Page, topic: str) -> None:
    await page.ask(do="typing", topic=topic)
    assert (await page.hear())["kind"] == "off"


async def test_those_who_read_along_hear_that_somebody_writes(site: Site) -> None:
    await change_profile_policy(ON)
    anna, theo, _post, topic = await a_conversation()
    async with site.page(anna) as hers, site.page(theo) as his:
        await his.listen(topic)
        await hers.ask(do="typing", topic=topic)
        heard = await his.hear()
        assert heard["data"] == {"person": to_public(anna.person_id), "name": "Anna"}
        assert (heard["kind"], heard["topic"], heard["id"]) == ("typing", topic, "")
        await hers.ask(do="typing", topic=topic)
        assert await his.hears_nothing(), "one who types quickly is told of every two seconds"
    async with site.page(theo) as again:
        heard_after = await again.listen(topic, after=to_public(1))
        assert [each["kind"] for each in heard_after] == ["resync"], "nothing of it is kept"


async def test_it_is_told_again_after_a_while(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    await change_profile_policy(ON)
    monkeypatch.setattr(typing, "EVERY_SECONDS", 0.05)
    anna, theo, _post, topic = await a_conversation()
    async with site.page(anna) as hers, site.page(theo) as his:
        await his.listen(topic)
        for _turn in range(2):
            await hers.ask(do="typing", topic=topic)
            assert (await his.hear())["kind"] == "typing"
            await asyncio.sleep(0.06)


async def test_nobody_is_told_of_by_default_or_against_their_will(site: Site) -> None:
    anna, theo, _post, topic = await a_conversation()
    async with site.page(anna) as hers, site.page(theo) as his:
        await his.listen(topic)
        await says_nothing(hers, topic)
        await change_profile_policy(ON)
        await Person.filter(id=anna.person_id).update(shows_presence=False)
        await says_nothing(hers, topic)
        assert await his.hears_nothing()


async def test_strangers_neither_hear_nor_say_it(site: Site) -> None:
    await change_profile_policy(ON)
    anna, _theo, _post, topic = await a_conversation()
    eve = await make.account("Eve")
    async with site.page(anna) as hers, site.page(eve) as theirs:
        await hers.listen(topic)
        assert (await theirs.listen(topic))[0]["kind"] == "refused"
        await says_nothing(theirs, topic)
        await says_nothing(theirs, f"person:{to_public(anna.person_id)}")
        assert await hers.hears_nothing()


async def test_who_leaves_the_space_hears_and_says_it_no_more(site: Site) -> None:
    await change_profile_policy(ON)
    anna, theo, post, topic = await a_conversation()
    async with site.page(anna) as hers, site.page(theo) as his:
        await hers.listen(topic)
        await his.listen(topic)
        await spaces.remove(anna.person, post.space_id, theo.person_id)
        assert (await his.hear())["kind"] == "refused"
        await hers.ask(do="typing", topic=topic)
        assert await his.hears_nothing()
        await his.ask(do="typing", topic=topic)
        assert (await his.hear())["kind"] == "off"


async def test_a_deleted_post_has_no_conversation(site: Site) -> None:
    await change_profile_policy(ON)
    anna, theo, post, topic = await a_conversation()
    async with site.page(anna) as hers, site.page(theo) as his:
        await his.listen(topic)
        await feed.delete(anna.person, post.id)
        await jobs.drain()
        assert (await his.hear())["kind"] == "refused"
        await says_nothing(hers, topic)
