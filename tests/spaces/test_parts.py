"""A space has parts, one level deep; being in the one gives nothing in the other."""

import pytest

from rse.feed import actions as feed
from rse.feed.drafts import CommentDraft, EditDraft, ReactionDraft
from rse.identity.models import Account, Person
from rse.kernel.errors import Invalid, NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.spaces import actions, queries, surroundings
from rse.spaces.drafts import SpaceDraft
from rse.spaces.models import Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def part(
    owner: Person, above: Space, access: make.Access = "open", name: str = "Lot 2"
) -> Space:
    return await actions.create(
        owner, SpaceDraft(name=name, access=access, parent=to_public(above.id))
    )


async def parts_seen(reader: Person, space: Space) -> list[str]:
    fresh = await Space.get(id=space.id)
    return [place.name for place in (await surroundings.family(reader, fresh)).parts]


async def test_being_above_is_not_being_inside() -> None:
    owner = await make.person()
    above = await make.space(owner, access="request")
    below = await part(owner, above, "invitation")
    member = await make.member(above)
    with pytest.raises(NotAllowed):
        await queries.readable_space(member, below.id)
    assert await parts_seen(member, above) == ["Lot 2"]


@pytest.mark.parametrize("who", ["member", "stranger", "partner"])
async def test_a_secret_part_is_shown_to_nobody_without_the_right(who: str) -> None:
    owner = await make.person()
    above = await make.space(owner)
    below = await part(owner, above, "secret")
    reader = {
        "member": await make.member(above),
        "stranger": await make.person(),
        "partner": await make.outsider(),
    }[who]
    assert await parts_seen(reader, above) == []
    assert await parts_seen(owner, above) == ["Lot 2"]
    with pytest.raises(NotFound):
        await queries.space_for(reader, below.id)


async def test_a_secret_space_above_is_not_named_below(browser: Browser) -> None:
    owner = await make.person()
    above = await make.space(owner, "Fusion Borée", access="secret")
    below = await part(owner, above)
    stranger = await make.account()
    await browser.sign_in(stranger)
    assert "Fusion Borée" not in await browser.text(f"/spaces/{to_public(below.id)}")
    await browser.sign_in(await Account.get(person_id=owner.id).select_related("person"))
    assert "Fusion Borée" in await browser.text(f"/spaces/{to_public(below.id)}")


async def test_one_level_and_only_under_spaces_of_ones_own() -> None:
    owner, other = await make.person(), await make.person()
    above = await make.space(owner)
    below = await part(owner, above)
    with pytest.raises(Invalid):
        await part(owner, below)
    with pytest.raises(Invalid):
        await part(other, above)
    full = await make.space(owner, "Campus")
    with pytest.raises(Invalid):
        await actions.change_space(
            owner, above.id, SpaceDraft(name="Above", parent=to_public(full.id))
        )
    with pytest.raises(Invalid):
        await actions.change_space(
            owner, full.id, SpaceDraft(name="Campus", parent=to_public(full.id))
        )


async def test_a_part_moves_and_stands_on_its_own_again() -> None:
    owner = await make.person()
    above = await make.space(owner)
    below = await part(owner, above)
    await actions.change_space(owner, below.id, SpaceDraft(name="Lot 2"))
    assert (await Space.get(id=below.id)).parent_id == above.id
    await actions.change_space(owner, below.id, SpaceDraft(name="Lot 2", parent=""))
    assert (await Space.get(id=below.id)).parent_id is None


async def test_an_archive_takes_its_parts_along_and_brings_only_those_back() -> None:
    owner = await make.person()
    above = await make.space(owner)
    living, sleeping = await part(owner, above), await part(owner, above, name="Lot 3")
    await actions.archive(owner, sleeping.id, archived=True)
    await actions.archive(owner, above.id, archived=True)
    assert (await Space.get(id=living.id)).archived_with_parent
    with pytest.raises(NotAllowed):
        await actions.archive(owner, living.id, archived=False)
    await actions.archive(owner, above.id, archived=False)
    assert (await Space.get(id=living.id)).archived_at is None
    assert (await Space.get(id=sleeping.id)).archived_at is not None


async def test_an_archive_is_read_and_not_written_by_any_way() -> None:
    owner = await make.person()
    space = await make.space(owner)
    post = await make.post(owner, space)
    comment = await make.comment(post, owner)
    await actions.archive(owner, space.id, archived=True)
    assert (await queries.readable_space(owner, space.id)).space.id == space.id
    newcomer = await make.person()
    for refused in (
        make.post(owner, space),
        feed.edit(owner, post.id, EditDraft(body="Anders")),
        feed.comment(owner, post.id, CommentDraft(body="Nein")),
        feed.edit_comment(owner, comment.id, EditDraft(body="Doch")),
        feed.react(owner, post.id, ReactionDraft(emoji="👍")),
        actions.join(newcomer, space.id),
        actions.invite(owner, space.id, newcomer.id),
        part(owner, space),
    ):
        with pytest.raises((NotAllowed, Invalid)):
            await refused
    await feed.delete(owner, post.id)  # one's own words can always be taken back
    await actions.archive(owner, space.id, archived=False)
    await make.post(owner, space)


async def test_the_pages_show_the_parts_and_the_way_back(browser: Browser) -> None:
    account = await make.account()
    above = await make.space(account.person, "Rive-Nord")
    page = f"/spaces/{to_public(above.id)}"
    await browser.sign_in(account)
    answer = await browser.post(
        "/spaces", {"name": "Façades", "access": "open", "parent": to_public(above.id)}
    )
    child = answer.headers["Location"]
    assert "Façades" in await browser.text(page)
    assert f'href="{page}"' in await browser.text(child)
    await browser.post(f"{page}/archive", {"archived": "yes"})
    assert "archived with the one above it" in await browser.text(child)
