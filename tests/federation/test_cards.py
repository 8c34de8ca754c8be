"""Cards of people: each partner gets the details that are meant for it, and loses them again."""

from typing import Any

import orjson
import pytest

from rse.federation.io.models import FedOut, Introduction, Partner
from rse.federation.names import object_uri
from rse.feed import actions as feed
from rse.feed.models import Post
from rse.identity import people
from rse.identity.models import Organisation, Person
from rse.identity.people import Card
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.profile_fields import actions as fields
from rse.profile_fields import queries
from rse.profile_fields.drafts import FieldDraft
from rse.profile_fields.models import ProfileField
from rse.spaces import actions as spaces
from rse.spaces.models import OWNER, Space
from tests import make
from tests.federation.peer import Peer

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.asyncio(loop_scope="session")]


def details_of(card: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in card.get("attachment", [])}


async def last_card(partner: Partner) -> dict[str, Any]:
    """The card of the last activity this partner was sent."""
    row = await FedOut.filter(partner_id=partner.id).order_by("-seq").first()
    assert row is not None
    said = orjson.loads(bytes(row.body))
    card: dict[str, Any] = said["object"] if said["type"] == "Update" else said["actor"]
    return card


async def field(owner: Person, name: str, audience: str) -> ProfileField:
    draft = FieldDraft(name_en=name, audience=audience, may_narrow=True)
    return await fields.create_field(owner, draft)


async def introduced(colleague: Person, partner: Partner) -> None:
    """A badge for this partner, a hobby for the company, a secret for another partner."""
    other = await Organisation.create(name="Quintarel", host="quintarel.example", hue=9)
    await field(colleague, "Badge", f"partner:{to_public(partner.organisation_id or 0)}")
    await field(colleague, "Hobby", "company")
    await field(colleague, "Secret", f"partner:{to_public(other.id)}")
    await people.keep_details(colleague.id, {"badge": "B 12", "hobby": "chess", "secret": "no"})
    await make.post(colleague, await Space.get(name="Joint project"))
    await drain()


async def test_a_partner_gets_its_details_and_nothing_else(
    peer: Peer, partner: Partner, colleague: Person
) -> None:
    await introduced(colleague, partner)
    assert details_of(await last_card(partner)) == {"Badge": "B 12"}
    shown = await peer.get(object_uri("people", colleague.id).removeprefix(peer.target))
    assert details_of(shown.json()) == {"Badge": "B 12"}


async def test_what_is_hidden_again_is_taken_back_at_once(
    peer: Peer, partner: Partner, colleague: Person
) -> None:
    await introduced(colleague, partner)
    count = await FedOut.filter(partner_id=partner.id).count()
    await fields.keep_own(await Person.get(id=colleague.id), {}, {"badge": "company"})
    await drain()
    assert await FedOut.filter(partner_id=partner.id).count() == count + 1
    card = await last_card(partner)
    assert (details_of(card), "attachment" in card) == ({}, True)
    await people.set_manager(colleague.id, (await make.person()).id)
    await drain()  # nothing of the card changed
    assert await FedOut.filter(partner_id=partner.id).count() == count + 1


async def test_a_changed_field_reaches_every_partner(
    peer: Peer, partner: Partner, colleague: Person
) -> None:
    await introduced(colleague, partner)
    badge = await ProfileField.get(key="badge")
    draft = FieldDraft(name_en="Badge", audience="company")
    await fields.change_field(colleague, badge.id, draft)
    await drain()
    assert details_of(await last_card(partner)) == {}
    assert await Introduction.filter(partner_id=partner.id).exclude(card_digest="").exists()


async def test_nobody_is_introduced_by_a_change(peer: Peer, partner: Partner) -> None:
    other = await make.person()
    await people.keep_details(other.id, {"badge": "B 13"})
    await drain()
    assert not await Introduction.filter(person_id=other.id).exists()


async def test_a_partner_s_details_are_shown_as_theirs_and_only_to_us(
    peer: Peer, partner: Partner, colleague: Person
) -> None:
    card = peer.person("rui") | {
        "attachment": [{"type": "PropertyValue", "name": "Badge", "value": "<b>R 7</b>"}]
    }
    await peer.post(peer.activity("Update", card, audience=None))
    await drain()
    rui = await Person.get(uri=card["id"])
    [shown] = await queries.shown_to(colleague, rui)
    assert (shown.name, shown.lines, shown.url) == ("Badge", ("<b>R 7</b>",), "")
    ana = await Person.get(uri=peer.person("ana")["id"])
    assert await queries.shown_to(ana, rui) == []
    await peer.post(peer.activity("Update", peer.person("rui"), audience=None))
    await drain()
    assert (await Person.get(id=rui.id)).details == {"Badge": "<b>R 7</b>"}  # said nothing of it
    await peer.post(peer.activity("Update", card | {"attachment": []}, audience=None))
    await drain()
    assert (await Person.get(id=rui.id)).details == {}


@pytest.mark.parametrize(
    "attachment",
    [
        "Badge",
        [{"type": "PropertyValue", "name": "x", "value": "y"}] * 51,
        [{"type": "PropertyValue", "name": "x" * 301, "value": "y"}],
        [{"type": "PropertyValue", "name": "x", "value": "y" * 4001}],
        [{"type": "PropertyValue", "name": "x", "value": 7}],
    ],
)
async def test_malformed_details_change_nothing(peer: Peer, attachment: Any) -> None:
    card = peer.person("rui") | {"attachment": attachment}
    await peer.post(peer.activity("Update", card, audience=None))
    await drain()
    assert (await Person.get(uri=card["id"])).details == {}


async def test_of_somebody_who_left_nothing_is_told_until_they_are_back(
    peer: Peer, partner: Partner, colleague: Person
) -> None:
    await introduced(colleague, partner)
    owner, space = await make.person(), await Space.get(name="Joint project")
    await spaces.admit(space.id, owner.id, OWNER)
    await people.deactivate(colleague.id, "admin")
    await drain()
    count = await FedOut.filter(partner_id=partner.id).count()
    await people.keep_details(colleague.id, {"badge": "B 14"})
    await people.change_card(
        await Person.get(id=colleague.id), Card(display_name="Iris Colin", title="Director")
    )
    await drain()  # a card would say that they are there
    assert await FedOut.filter(partner_id=partner.id).count() == count
    shown = await peer.get(object_uri("people", colleague.id).removeprefix(peer.target))
    assert shown.status != 200 or details_of(shown.json()) == {}
    await feed.delete(owner, (await Post.get(author_id=colleague.id)).id)
    await drain()
    said = await FedOut.filter(partner_id=partner.id).order_by("-seq").first()
    assert said is not None
    assert b"B 1" not in bytes(said.body)  # not even beside what they wrote

    await people.reactivate(colleague.id, "admin")
    await drain()
    told = [orjson.loads(bytes(row.body)) for row in await FedOut.filter(partner_id=partner.id)]
    [card] = [one["object"] for one in told if one["type"] == "Update"]
    assert (card["name"], details_of(card)) == ("Iris Colin", {"Badge": "B 14"})


async def test_the_details_of_a_partner_s_person_go_with_them_and_come_back(peer: Peer) -> None:
    card = peer.person("rui") | {
        "attachment": [{"type": "PropertyValue", "name": "Badge", "value": "R 7"}]
    }
    await peer.post(peer.activity("Update", card, audience=None))
    gone = {"id": card["id"], "type": "Tombstone", "formerType": "Person"}
    await peer.post(peer.activity("Delete", gone, audience=None))
    await drain()
    rui = await Person.get(uri=card["id"])
    assert (rui.is_active, rui.details) == (False, {})
    await peer.post(peer.activity("Update", card, audience=None))
    await drain()
    rui = await Person.get(uri=card["id"])
    assert (rui.is_active, rui.details) == (True, {"Badge": "R 7"})
