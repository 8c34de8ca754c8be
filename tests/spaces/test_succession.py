"""A space keeps an owner when its last one leaves the company."""

import pytest

from rse.identity import people
from rse.identity.models import Person
from rse.kernel.errors import NotAllowed
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications.models import Notification
from rse.spaces import actions
from rse.spaces.models import Membership, Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def gone(person: Person) -> None:
    await people.deactivate(person.id, "test")
    await drain()


async def owners(space: Space) -> set[int]:
    return {
        row.person_id
        for row in await Membership.filter(space_id=space.id, role="owner", person__status="active")
    }


async def test_the_moderator_who_was_there_longest_follows() -> None:
    owner = await make.person()
    space = await make.space(owner)
    await make.member(space)
    second = await make.member(space)
    third = await make.member(space)
    for one in (second, third):
        await actions.set_role(owner, space.id, one.id, "moderator")
    await gone(owner)
    assert await owners(space) == {second.id}
    assert await Notification.exists(person_id=second.id, kind="spaces.inherited")


async def test_without_a_moderator_the_oldest_member_follows_and_no_guest_or_reader() -> None:
    owner = await make.person()
    space = await make.space(owner)
    partner = await make.outsider()
    await actions.admit(space.id, partner.id)
    reader = await make.person()
    await actions.admit(space.id, reader.id, "reader")
    member = await make.member(space)
    await gone(owner)
    assert await owners(space) == {member.id}


async def test_with_another_owner_nothing_passes_and_twice_is_once() -> None:
    owner, other = await make.person(), await make.person()
    space = await make.space(owner)
    await actions.admit(space.id, other.id, "owner")
    await make.member(space)
    await gone(owner)
    await actions.hand_over(owner.id)
    assert await owners(space) == {other.id}


async def test_where_nobody_can_follow_administrators_are_told_and_one_takes_over(
    browser: Browser,
) -> None:
    admin = await make.account(admin=True)
    owner = await make.person()
    space = await make.space(owner, "Archivkeller", access="secret")
    await gone(owner)
    assert await Notification.exists(person_id=admin.person_id, kind="spaces.orphaned")
    await browser.sign_in(admin)
    assert "Archivkeller" in await browser.text("/spaces/ownerless")
    assert "nobody owns Archivkeller" in await browser.text("/notifications")
    await browser.post(f"/spaces/{to_public(space.id)}/adoption")
    assert await owners(space) == {admin.person_id}
    assert "Every space has an owner." in await browser.text("/spaces/ownerless")


async def test_a_space_with_an_owner_is_taken_over_by_nobody() -> None:
    admin = (await make.account(admin=True)).person
    space = await make.space()
    with pytest.raises(NotAllowed):
        await actions.adopt(admin, space.id)
    with pytest.raises(NotAllowed):
        await actions.adopt(await make.person(), space.id)
    with pytest.raises(NotAllowed):
        await actions.ownerless(await make.person())


async def test_the_only_owner_is_advised_to_find_a_second(browser: Browser) -> None:
    owner = await make.account()
    space = await make.space(owner.person)
    await browser.sign_in(owner)
    page = f"/spaces/{to_public(space.id)}/members"
    assert "You are the only owner." in await browser.text(page)
    await actions.admit(space.id, (await make.person()).id, "owner")
    assert "You are the only owner." not in await browser.text(page)
