"""What is asked and told at the door: questions, rules, the role of who comes in."""

import pytest

from rse.identity.models import Account
from rse.kernel.errors import Invalid, NotAllowed
from rse.kernel.ids import to_public
from rse.spaces import actions
from rse.spaces.drafts import DoorDraft
from rse.spaces.models import READER, Membership, Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")

QUESTIONS = "What is your part?\n\nWho sends you?\nWhat is your part?"


async def asking(access: make.Access = "request") -> tuple[Account, Space]:
    owner = await make.account()
    space = await make.space(owner.person, access=access)
    await actions.change_door(
        owner.person, space.id, DoorDraft(rules_text="Be kind.", questions=QUESTIONS)
    )
    return owner, await Space.get(id=space.id)


async def test_the_questions_are_asked_once_each() -> None:
    _owner, space = await asking()
    assert space.questions == ["What is your part?", "Who sends you?"]
    with pytest.raises(ValueError, match="at most 5"):
        DoorDraft(questions="\n".join("abcdef"))


async def test_a_request_answers_every_question() -> None:
    _owner, space = await asking()
    person = await make.person()
    with pytest.raises(Invalid) as refusal:
        await actions.request_access(person, space.id, "", ["Façades", " "])
    assert list(refusal.value.fields) == ["answers.1"]
    assert not await Membership.exists(person_id=person.id, space_id=space.id)


async def test_the_answers_stand_beside_the_request_and_what_was_typed_comes_back(
    browser: Browser,
) -> None:
    owner, space = await asking()
    page = f"/spaces/{to_public(space.id)}"
    await browser.sign_in(await make.account("Nils Berg"))
    text = await browser.text(page)
    assert "Be kind." in text
    assert "Who sends you?" in text
    refused = await browser.post(f"{page}/requests", {"answers": ["Lot 4", ""], "message": "Hej"})
    again = await refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Answer this question." in again
    assert "Lot 4" in again
    assert "Hej" in again
    await browser.post(f"{page}/requests", {"answers": ["Lot 4", "Hanna"], "message": "Hej"})
    await browser.sign_in(owner)
    queue = await browser.text(f"{page}/members")
    for words in ("Nils Berg", "Who sends you?", "Lot 4", "Hanna"):
        assert words in queue


async def test_the_rules_stand_before_the_button_and_beside_the_composer(browser: Browser) -> None:
    _owner, space = await asking("open")
    page = f"/spaces/{to_public(space.id)}"
    await browser.sign_in(await make.account())
    assert f"{page}/joining" in await browser.text(page)
    assert "Be kind." in await browser.text(f"{page}/joining")
    await browser.post(f"{page}/membership")
    assert "Be kind." in await browser.text(page)


async def test_who_comes_in_by_themselves_has_the_role_of_the_door() -> None:
    owner, space = await asking("open")
    await actions.change_door(owner.person, space.id, DoorDraft(entry_role="reader"))
    person = await make.person()
    await actions.join(person, space.id)
    assert (await Membership.get(person_id=person.id, space_id=space.id)).role == READER
    partner = await make.outsider()
    await actions.admit(space.id, partner.id)
    assert (await Membership.get(person_id=partner.id)).role == "external"


async def test_only_owners_change_the_door() -> None:
    _owner, space = await asking("open")
    member = await make.member(space)
    with pytest.raises(NotAllowed):
        await actions.change_door(member, space.id, DoorDraft())
    moderator = await make.member(space)
    await Membership.filter(person_id=moderator.id).update(role="moderator")
    with pytest.raises(NotAllowed):
        await actions.change_door(moderator, space.id, DoorDraft())
