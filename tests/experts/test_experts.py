"""Who can help: with reasons, and never by what the asker may not read."""

import pytest

from rse.experts import privacy, queries, rules
from rse.feed import actions as feed
from rse.identity.models import Person
from rse.identity.people import deactivate
from rse.kernel import reads
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.skills import actions as skills
from rse.skills.drafts import SkillDraft
from rse.spaces import actions as spaces
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def names(reader: Person, question: str) -> list[str]:
    await drain()
    found = await queries.experts_for(reader, queries.topic_of(question))
    return [expert.person.display_name for expert in found]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Who can help with welding?", "welding"),
        ("Qui peut m'aider pour la soudure", "soudure"),
        ("Wer kennt sich mit Kupfer aus", "Kupfer"),
        ("C++", ""),
        ("who can help with", ""),
    ],
)
def test_a_question_is_about_its_words(question: str, topic: str) -> None:
    assert queries.topic_of(question) == topic


async def test_a_skill_counts_more_than_a_role_and_that_more_than_a_post() -> None:
    me, space = await make.person(), await make.space()
    writer = await make.member(space, "Writer")
    await make.post(writer, space, "The welding of steel needs gas")
    await make.person("Role", title="Welding engineer")
    skilled = await make.person("Skilled")
    await skills.add(skilled, SkillDraft(name="Welding"))
    assert await names(me, "Who knows welding?") == ["Skilled", "Role", "Writer"]


async def test_the_reasons_are_shown_and_lead_to_the_posts(browser: Browser) -> None:
    me = await make.account()
    space = await make.space()
    writer = await make.member(space, "Writer")
    post = await make.post(writer, space, "Welding needs gas")
    await make.post(writer, space, "More on welding")
    await make.comment(post, writer, "And welding again")
    await skills.add(writer, SkillDraft(name="Welding"))
    await drain()
    await browser.sign_in(me)
    page = await browser.text("/people/experts?q=welding")
    assert "Skill: Welding" in page
    assert "2 posts on it" in page
    assert "1 comment on it" in page
    assert f"author={to_public(writer.id)}" in page
    assert 'href="/people/experts"' in await browser.text("/people")


async def test_only_what_the_asker_may_read_counts() -> None:
    insider, outsider = await make.person(), await make.person()
    space = await make.space(insider, access="secret")
    writer = await make.member(space, "Writer")
    await make.post(writer, space, "Zirconium is brittle")
    assert await names(insider, "zirconium") == ["Writer"]
    assert await names(outsider, "zirconium") == []
    await spaces.admit(space.id, outsider.id)
    assert await names(outsider, "zirconium") == ["Writer"]
    await spaces.dismiss(space.id, outsider.id)
    assert await names(outsider, "zirconium") == []


async def test_what_is_gone_counts_no_more_even_before_the_index_knows() -> None:
    me, space = await make.person(), await make.space()
    writer = await make.member(space, "Writer")
    post = await make.post(writer, space, "Zirconium is brittle")
    assert await names(me, "zirconium") == ["Writer"]
    await feed.delete(writer, post.id)
    found = await queries.experts_for(me, "zirconium")  # the queue has not run
    assert found == []


async def test_the_asker_and_who_left_are_not_named() -> None:
    me, left = await make.person("Me"), await make.person("Left")
    for one in (me, left):
        await skills.add(one, SkillDraft(name="Welding"))
    await deactivate(left.id, "admin")
    assert await names(me, "welding") == []


async def test_accents_plurals_and_wildcards() -> None:
    me, theo = await make.person(), await make.person("Théo")
    await skills.add(theo, SkillDraft(name="Métallurgie"))
    assert await names(me, "metallurgies") == ["Théo"]
    await skills.add(theo, SkillDraft(name="Governance"))
    assert await names(me, "Go") == []
    await skills.add(theo, SkillDraft(name="Go"))
    assert await names(me, "Go") == ["Théo"]
    assert await names(me, "%") == []
    assert await names(me, "_____") == []
    assert await names(me, "x" * 500) == []


async def test_a_page_costs_the_same_however_many_there_are() -> None:
    me, space = await make.person(), await make.space()
    for number in range(3):
        writer = await make.member(space, f"Writer {number}")
        await make.post(writer, space, "Welding needs gas")
        await skills.add(writer, SkillDraft(name="Welding"))
    await drain()

    async def cost() -> int:
        counted: list[str] = []
        token = reads.counter.set(counted)
        await queries.experts_for(me, "welding")
        reads.counter.reset(token)
        return len(counted)

    before = await cost()
    for number in range(10):
        await skills.add(await make.person(f"More {number}"), SkillDraft(name="Welding"))
    await drain()
    assert await cost() == before <= 10


def test_writing_much_never_beats_a_named_skill() -> None:
    much = rules.score(skills=0, endorsements=0, in_role=False, posts=500, comments=500)
    named = rules.score(skills=1, endorsements=0, in_role=False, posts=0, comments=0)
    assert much <= named


async def test_the_finder_keeps_nothing() -> None:
    person = await make.person()
    assert await privacy.export(person.id) == {}
    await privacy.erase(person.id)
