"""Who sees a field: asked each time a page is opened, for each reader anew."""

import pytest

from rse.identity import people
from rse.identity.models import Person
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.people.search import load
from rse.profile_fields import actions, privacy, queries, rules
from rse.profile_fields.drafts import FieldDraft
from rse.profile_fields.models import FieldAudience, ProfileField
from rse.search import results
from rse.search.asked import Asked
from rse.spaces import actions as spaces
from rse.spaces.models import Membership, Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def field(admin: Person, audience: str = "company", **more: str | bool) -> ProfileField:
    draft = FieldDraft.model_validate(
        {"name_en": "Hobby", "audience": audience, "may_narrow": True, **more}
    )
    return await actions.create_field(admin, draft)


async def seen_by(reader: Person, owner: Person) -> list[str]:
    owner = await Person.get(id=owner.id)
    reader = await Person.get(id=reader.id)
    return [line for one in await queries.shown_to(reader, owner) for line in one.lines]


@pytest.fixture
async def owner() -> Person:
    owner = await make.person("Inès")
    await people.keep_details(owner.id, {"hobby": "chess"})
    return owner


async def spacious(admin: Person) -> tuple[Space, str]:
    space = await make.space(admin, access="secret")
    return space, f"space:{to_public(space.id)}"


async def test_the_company_sees_it_and_partners_do_not(owner: Person) -> None:
    await field(await make.person())
    assert await seen_by(await make.person(), owner) == ["chess"]
    assert await seen_by(await make.outsider(), owner) == []


async def test_a_space_sees_it_as_long_as_one_is_in_it(owner: Person) -> None:
    admin = await make.person()
    space, audience = await spacious(admin)
    await field(admin, audience)
    reader = await make.member(space)
    assert await seen_by(reader, owner) == ["chess"]
    await spaces.dismiss(space.id, reader.id)
    assert await seen_by(reader, owner) == []
    assert await seen_by(owner, owner) == ["chess"]


async def test_one_partner_is_told_and_no_other(owner: Person) -> None:
    one, other = await make.organisation(), await make.organisation("Quintarel", "q.example")
    await field(await make.person(), f"partner:{to_public(one.id)}")
    owner = await Person.get(id=owner.id)
    assert [shown.lines for shown in await queries.shown_to_partner(one.id, owner)] == [("chess",)]
    assert await queries.shown_to_partner(other.id, owner) == []
    assert await seen_by(await make.outsider(company=one), owner) == ["chess"]
    assert await seen_by(await make.outsider("Zoé", other), owner) == []
    assert await seen_by(await make.person(), owner) == ["chess"]


async def test_nobody_is_nobody(owner: Person) -> None:
    await field(await make.person(), "nobody")
    assert await seen_by((await make.account(admin=True)).person, owner) == []
    assert await seen_by(owner, owner) == ["chess"]


async def test_a_person_narrows_and_widens_within_the_field(owner: Person) -> None:
    admin, reader = await make.person(), await make.person()
    await field(admin)
    await actions.keep_own(owner, {}, {"hobby": "nobody"})
    assert await seen_by(reader, owner) == []
    await actions.keep_own(owner, {}, {"hobby": ""})
    assert await seen_by(reader, owner) == ["chess"]
    space, audience = await spacious(owner)
    await actions.keep_own(owner, {}, {"hobby": audience})
    assert await seen_by(reader, owner) == []
    await spaces.admit(space.id, reader.id)
    assert await seen_by(reader, owner) == ["chess"]


@pytest.mark.parametrize("wanted", ["company", "partner", "everybody", "space:nonsense", "space"])
async def test_nobody_widens_beyond_the_field(owner: Person, wanted: str) -> None:
    admin = await make.person()
    await field(admin, "nobody")
    with pytest.raises(Exception, match="marked fields"):
        await actions.keep_own(owner, {}, {"hobby": wanted})
    assert await seen_by(admin, owner) == []


async def test_a_space_one_is_not_in_is_no_choice_but_an_old_choice_stays(owner: Person) -> None:
    await field(await make.person())
    _space, foreign = await spacious(await make.person())
    with pytest.raises(Exception, match="marked fields"):
        await actions.keep_own(owner, {}, {"hobby": foreign})
    space, audience = await spacious(owner)
    await actions.keep_own(owner, {}, {"hobby": audience})
    await spaces.admit(space.id, (await make.person()).id)
    await Membership.filter(space_id=space.id, person_id=owner.id).delete()
    [shown] = await queries.editable(await Person.get(id=owner.id))
    assert shown.chosen == audience
    assert audience in dict(shown.choices)
    await actions.keep_own(owner, {}, {"hobby": audience})
    assert await seen_by(await make.person(), owner) == []


async def test_where_narrowing_is_not_allowed_an_old_choice_counts_no_more(owner: Person) -> None:
    admin = await make.person()
    made = await field(admin)
    await actions.keep_own(owner, {}, {"hobby": "nobody"})
    draft = FieldDraft(name_en="Hobby", audience="company", may_narrow=False)
    await actions.change_field(admin, made.id, draft)
    assert await seen_by(admin, owner) == ["chess"]


async def test_the_profile_the_card_and_search_tell_just_that(
    owner: Person, browser: Browser
) -> None:
    reader = await make.account()
    await field(reader.person)
    await browser.sign_in(reader)
    page = f"/people/{to_public(owner.id)}"
    await drain()
    assert "chess" in await browser.text(page)
    assert "NOTE:Hobby: chess" in await browser.text(f"{page}/card.vcf")
    found = await results.search(reader.person, Asked(text="chess"))
    assert [group.kind for group in found.groups] == ["person"]
    await actions.keep_own(owner, {}, {"hobby": "nobody"})
    await drain()
    assert "chess" not in await browser.text(page)
    assert "chess" not in await browser.text(f"{page}/card.vcf")
    assert (await results.search(reader.person, Asked(text="chess"))).groups == []
    assert "chess" not in str(await load([owner.id]))


async def test_search_follows_when_the_field_itself_is_narrowed(owner: Person) -> None:
    admin = await make.person()
    made = await field(admin)
    await drain()
    assert (await results.search(admin, Asked(text="chess"))).groups
    draft = FieldDraft(name_en="Hobby", audience="nobody")
    await actions.change_field(admin, made.id, draft)
    await drain()
    assert not (await results.search(admin, Asked(text="chess"))).groups


async def test_an_unknown_audience_shows_nobody() -> None:
    one, other = await make.person(), await make.person()
    assert not rules.may_see(one, other, rules.Audience("anything"), set())


async def test_export_and_erasure(owner: Person) -> None:
    await field(await make.person())
    await actions.keep_own(owner, {}, {"hobby": "nobody"})
    exported = (await privacy.export(owner.id))["narrowed_fields"]
    assert exported == [{"field__key": "hobby", "audience": "nobody", "space_id": None}]
    await privacy.erase(owner.id)
    assert not await FieldAudience.all().exists()
