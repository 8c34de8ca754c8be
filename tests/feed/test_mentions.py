"""Mentions of people, spaces and partner companies: who is suggested, told, and missed."""

import pytest

from rse.federation.io.models import Partner, Share
from rse.feed import federation, groups, rules
from rse.feed.models import GroupMention, Mention
from rse.identity.models import Organisation, Person
from rse.kernel.errors import Invalid
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications.models import Notification
from rse.notifications.queries import describe, reference
from rse.spaces import actions as spaces
from rse.spaces.models import Membership, Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def share_with(space: Space, company: Organisation) -> None:
    partner = await Partner.create(
        organisation=company, origin="https://brumelis.example", name=company.name,
        state="active", public_key="z6Mk", inbox="https://brumelis.example/fed/inbox",
        stream="https://brumelis.example/fed/stream", invited_by_us=True, partnership="p1",
    )  # fmt: skip
    await Share.create(
        partner=partner, hosted_by_us=True, space_id=space.id, group_uri="https://o.example/g",
        group_name=space.name, invite_uri="https://o.example/i", state="active",
    )  # fmt: skip


async def told(person: Person) -> list[str]:
    return [n.kind for n in await Notification.filter(person_id=person.id)]


async def test_a_mentioned_space_tells_each_member_who_can_read_it_once() -> None:
    author = await make.person()
    here = await make.space(author, access="invitation")
    team = await make.space(author, "Équipe Toiture")
    both, outside = await make.member(team), await make.member(team)
    await spaces.admit(here.id, both.id)
    post = await make.post(author, here, f"Pour @equipe-toiture et @{both.handle}")
    await drain()
    assert await told(both) == ["feed.mention"]
    assert await told(outside) == []
    assert f'href="/spaces/{to_public(team.id)}"' in post.html
    assert await GroupMention.filter(target_id=post.id).count() == 1


async def test_a_large_space_is_mentioned_by_its_moderators_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "SMALL_SPACE", 2)
    author = await make.person()
    space = await make.space(await make.person(), "Tout le monde")
    await spaces.admit(space.id, author.id)
    await make.member(space)
    with pytest.raises(Invalid, match="only its moderators can mention it"):
        await make.post(author, space, "Bonjour @tout-le-monde")
    await Membership.filter(person_id=author.id, space_id=space.id).update(role="moderator")
    await make.post(author, space, "Bonjour @tout-le-monde")


async def test_a_partner_company_is_named_only_where_it_reads_and_its_people_are_told() -> None:
    author = await make.person()
    shared, own = await make.space(author), await make.space(author)
    company = await make.organisation()
    await share_with(shared, company)
    rui, absent = await make.outsider(company=company), await make.outsider("Ana", company)
    await spaces.admit(shared.id, rui.id)
    there = await make.post(author, shared, "Qu’en pense @brumelis ?")
    note = await federation._note(there)
    assert [tag.href for tag in note.mentions] == [rui.uri]
    assert absent.uri
    here = await make.post(author, own, "Qu’en pense @brumelis ?")
    assert not await GroupMention.filter(target_id=here.id).exists()
    assert "<a" not in here.html


async def test_whoever_is_named_in_vain_is_not_told_and_the_author_is(browser: Browser) -> None:
    account = await make.account()
    space = await make.space(account.person, access="invitation")
    stranger = await make.person("Léa Martin")
    post = await make.post(account.person, space, f"Vois avec @{stranger.handle}")
    await drain()
    assert await told(stranger) == []
    notice = await Notification.get(person_id=account.person_id, kind="feed.missed")
    said = await describe([reference(notice)])
    assert "You mentioned Léa Martin in Projet Rive-Nord, but" in said[notice.id].sentence
    await browser.sign_in(account)
    page = await browser.text(f"/posts/{to_public(post.id)}")
    assert "Invite to Projet Rive-Nord" in page
    await browser.post(f"/spaces/{to_public(space.id)}/invitations/{to_public(stranger.id)}")
    await spaces.join(stranger, space.id)
    assert await describe([reference(notice)]) == {}
    assert "Invite to" not in await browser.text(f"/posts/{to_public(post.id)}")
    assert not await Mention.filter(target_id=post.id).exists()


async def test_only_those_who_can_read_the_place_are_suggested(browser: Browser) -> None:
    account = await make.account()
    space = await make.space(account.person, "Toiture nord", access="invitation")
    await make.member(space, "Marie Dupuis")
    await make.person("Mario Rossi")
    company = await make.organisation("Maribelle")
    await share_with(space, company)
    await browser.sign_in(account)
    page = await (await browser.get(f"/mentions?q=mari&space={to_public(space.id)}")).get_json()
    assert [item["name"] for item in page["items"]] == ["Marie Dupuis", "Maribelle"]
    page = await (await browser.get(f"/mentions?q=toi&space={to_public(space.id)}")).get_json()
    assert page["items"][0]["handle"] == "toiture-nord"
    assert "2 members" in page["items"][0]["more"]
    post = await make.post(account.person, space)
    thread = await browser.text(f"/posts/{to_public(post.id)}")
    assert f'name="space" value="{to_public(space.id)}"' in thread


async def test_names_become_handles_and_an_edit_forgets_the_group() -> None:
    assert rules.handle_of("  Équipe  «Toiture» & Cie ") == "equipe-toiture-cie"
    assert await groups.suggested(await make.person(), "  ", None) == []
