"""Four kinds of door: who sees a space, who comes in, who leaves."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from rse.identity import people
from rse.identity.models import Person
from rse.kernel.errors import Conflict, NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications.models import Notification
from rse.spaces import actions, queries
from rse.spaces.models import Membership, Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")

Going = Callable[[Person, Person, int], tuple[Coroutine[Any, Any, None], ...]]


async def test_everybody_of_ours_is_in_the_company_space() -> None:
    person = await make.person()
    await drain()
    company = await Space.get(is_company=True)
    assert (await queries.space_for(person, company.id)).is_member
    with pytest.raises(NotAllowed):
        await actions.leave(person, company.id)


async def test_an_open_space_takes_whoever_comes() -> None:
    space = await make.space()
    person = await make.person()
    await actions.join(person, space.id)
    await actions.join(person, space.id)
    assert (await Space.get(id=space.id)).member_count == 2


@pytest.mark.parametrize("access", ["request", "invitation"])
async def test_a_closed_door_does_not_open_by_itself(access: make.Access) -> None:
    space = await make.space(access=access)
    person = await make.person()
    with pytest.raises(NotAllowed):
        await actions.join(person, space.id)
    with pytest.raises(NotAllowed):
        await queries.readable_space(person, space.id)


async def test_a_secret_space_does_not_exist_for_others() -> None:
    space = await make.space(access="secret")
    person = await make.person()
    with pytest.raises(NotFound):
        await queries.space_for(person, space.id)
    found = [view.space.id for view in (await queries.directory(person)).items]
    assert space.id not in found


async def test_a_request_is_told_to_the_owner_and_answered() -> None:
    owner, person = await make.person(), await make.person()
    space = await make.space(owner, access="request")
    await actions.request_access(person, space.id, "Je travaille sur la façade")
    await drain()
    assert await Notification.exists(person_id=owner.id, kind="spaces.request")
    await actions.accept_request(owner, space.id, person.id)
    await drain()
    assert (await queries.space_for(person, space.id)).is_member
    assert await Notification.exists(person_id=person.id, kind="spaces.accepted")


async def test_a_request_that_was_answered_cannot_be_answered_again() -> None:
    owner, person = await make.person(), await make.person()
    space = await make.space(owner, access="request")
    await actions.request_access(person, space.id)
    await actions.refuse_request(owner, space.id, person.id)
    with pytest.raises(NotFound):
        await actions.accept_request(owner, space.id, person.id)


async def test_an_invitation_opens_a_secret_space() -> None:
    owner, person = await make.person(), await make.person()
    space = await make.space(owner, access="secret")
    await actions.invite(owner, space.id, person.id)
    with pytest.raises(Conflict):
        await actions.invite(owner, space.id, person.id)
    await actions.join(person, space.id)
    assert (await queries.space_for(person, space.id)).is_member


async def test_a_member_of_a_private_space_cannot_invite() -> None:
    space = await make.space(access="invitation")
    member, friend = await make.member(space), await make.person()
    with pytest.raises(NotAllowed):
        await actions.invite(member, space.id, friend.id)


async def test_the_last_owner_stays_until_there_is_another() -> None:
    owner = await make.person()
    space = await make.space(owner)
    heir = await make.member(space)
    with pytest.raises(NotAllowed):
        await actions.leave(owner, space.id)
    with pytest.raises(NotAllowed):
        await actions.set_role(owner, space.id, owner.id, "member")
    await actions.set_role(owner, space.id, heir.id, "owner")
    await actions.leave(owner, space.id)
    assert await queries.owner_count(space.id) == 1


async def test_a_moderator_cannot_remove_an_owner() -> None:
    owner = await make.person()
    space = await make.space(owner)
    await actions.set_role(owner, space.id, (await make.member(space)).id, "owner")
    moderator = await make.member(space)
    await actions.set_role(owner, space.id, moderator.id, "moderator")
    with pytest.raises(NotAllowed):
        await actions.remove(moderator, space.id, owner.id)


async def test_who_is_switched_off_reads_nothing() -> None:
    space = await make.space()
    person = await make.member(space)
    await people.deactivate(person.id, "admin")
    person.status = "deactivated"
    with pytest.raises(NotFound):
        await queries.space_for(person, space.id)


async def test_a_partner_s_person_reads_only_what_they_are_in() -> None:
    outsider = await make.outsider()
    space = await make.space()
    with pytest.raises(NotFound):
        await queries.space_for(outsider, space.id)
    await actions.admit(space.id, outsider.id)
    assert (await queries.readable_space(outsider, space.id)).is_member


async def test_an_archived_space_is_read_only() -> None:
    owner = await make.person()
    space = await make.space(owner)
    await actions.archive(owner, space.id, archived=True)
    assert (await queries.readable_space(owner, space.id)).is_member
    with pytest.raises(NotAllowed):
        await queries.writable_space(owner, space.id)


async def test_a_space_is_made_through_the_form(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    answer = await browser.post(
        "/spaces", {"name": "Vie au bureau", "access": "request", "category": "4"}
    )
    space = await Space.get(name="Vie au bureau")
    assert answer.headers["Location"] == f"/spaces/{to_public(space.id)}"
    membership = await Membership.get(space_id=space.id, person_id=account.person_id)
    assert membership.role == "owner"


async def test_a_space_without_a_name_is_refused_beside_the_field(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    answer = await browser.post("/spaces", {"name": "\u200b\u200b", "description": "Gardez ceci"})
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Write at least two" in page
    assert "Gardez ceci" in page


async def test_every_page_of_a_space_opens(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    await make.post(await make.member(space), space)
    for tab in ("", "/members", "/about", "/settings"):
        assert "Projet Rive-Nord" in await browser.text(f"/spaces/{to_public(space.id)}{tab}")


async def test_a_stranger_to_a_private_space_is_told_how_to_come_in(browser: Browser) -> None:
    space = await make.space(access="request")
    post = await make.post(await make.member(space), space, "Confidentiel")
    await browser.sign_in(await make.account())
    page = await browser.text(f"/spaces/{to_public(space.id)}")
    assert "Ask to join" in page
    assert "Confidentiel" not in page
    assert (await browser.get(f"/posts/{to_public(post.id)}")).status_code == 404


async def test_coming_in_twice_at_the_same_moment_counts_once() -> None:
    space = await make.space(access="request")
    guest = await make.person()
    await actions.request_access(guest, space.id)
    await asyncio.gather(*(actions.admit(space.id, guest.id) for _ in range(4)))
    other = await make.person()
    await asyncio.gather(*(actions.admit(space.id, other.id) for _ in range(4)))
    assert (await Space.get(id=space.id)).member_count == 3


async def test_asking_twice_at_the_same_moment_is_asking_once() -> None:
    space = await make.space(access="request")
    guest = await make.person()
    await asyncio.gather(*(actions.request_access(guest, space.id) for _ in range(4)))
    assert await Membership.filter(space_id=space.id, person_id=guest.id).count() == 1


async def test_of_two_owners_who_go_at_the_same_moment_one_stays() -> None:
    ways: tuple[Going, ...] = (
        lambda one, two, at: (actions.leave(one, at), actions.leave(two, at)),
        lambda one, two, at: (actions.remove(one, at, two.id), actions.remove(two, at, one.id)),
        lambda one, two, at: (
            actions.set_role(one, at, two.id, "member"),
            actions.set_role(two, at, one.id, "member"),
        ),
    )
    for going in ways:
        owner = await make.person()
        space = await make.space(owner)
        heir = await make.member(space)
        await actions.set_role(owner, space.id, heir.id, "owner")
        ends = await asyncio.gather(*going(owner, heir, space.id), return_exceptions=True)
        assert [type(end) for end in ends if end is not None] == [NotAllowed]
        assert await queries.owner_count(space.id) == 1
