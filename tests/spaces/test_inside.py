"""Who is inside: the file, the companies, the cover, and memberships a directory keeps."""

import csv
import io

import pytest
from PIL import Image

from rse.identity.models import Account, Person
from rse.kernel.errors import Invalid, NotAllowed
from rse.kernel.ids import to_public
from rse.ldap.queries import Belonging
from rse.spaces import actions, surroundings
from rse.spaces.models import Membership, Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def test_the_file_of_members_runs_no_formula(browser: Browser) -> None:
    owner = await make.account("Hanna Reuter")
    space = await make.space(owner.person)
    hostile = await make.member(space, '=HYPERLINK("https://x.example")')
    await Person.filter(id=hostile.id).update(title="+1 | cmd")
    await browser.sign_in(owner)
    answer = await browser.get(f"/spaces/{to_public(space.id)}/members.csv")
    text = (await answer.get_data(as_text=True)).removeprefix("\ufeff")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0][0] == "Name"
    assert {line[0] for line in lines[1:]} == {
        "Hanna Reuter", '\'=HYPERLINK("https://x.example")',
    }  # fmt: skip
    assert any(line[1].startswith("'+1") for line in lines)
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("role", "status"), [("moderator", 200), ("member", 403), ("", 403)])
async def test_the_file_is_for_those_who_answer_for_the_space(
    role: str, status: int, browser: Browser
) -> None:
    space = await make.space()
    account = await make.account()
    if role:
        await actions.admit(space.id, account.person_id, role)
    await browser.sign_in(account)
    answer = await browser.get(f"/spaces/{to_public(space.id)}/members.csv")
    assert answer.status_code == status


async def test_the_people_inside_are_counted_by_company(browser: Browser) -> None:
    owner = await make.account()
    space = await make.space(owner.person)
    company = await make.organisation("Brumelis")
    for name in ("Rui Valadares", "Ana Prado"):
        await actions.admit(space.id, (await make.outsider(name, company)).id)
    found = await surroundings.companies_inside(space.id)
    assert [(c.name, c.people) for c in found][1:] == [("Brumelis", 2)]
    assert found[0].is_ours
    await browser.sign_in(owner)
    text = await browser.text(f"/spaces/{to_public(space.id)}/members")
    assert "Who is inside" in text
    assert "2 people" in text


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 700)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


async def test_a_cover_is_written_anew_and_shown_to_who_may_see_the_space(
    browser: Browser,
) -> None:
    owner = await make.account()
    space = await make.space(owner.person, access="secret")
    await actions.set_cover(owner.person, space.id, picture(), "image/png")
    await browser.sign_in(owner)
    digest = (await Space.get(id=space.id)).cover_digest or ""
    path = f"/spaces/{to_public(space.id)}/cover/{digest[:16]}.webp"
    assert path in await browser.text(f"/spaces/{to_public(space.id)}")
    shown = await browser.get(path)
    with Image.open(io.BytesIO(await shown.get_data(as_text=False))) as image:
        assert (image.format, image.size) == ("WEBP", (1600, 320))
    await browser.sign_in(await make.account())
    assert (await browser.get(path)).status_code == 404
    await actions.remove_cover(owner.person, space.id)
    await browser.sign_in(owner)
    assert (await browser.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"", "image/png"), (b"GIF89a?", "image/png"), (picture(), "image/svg+xml"),
     (picture()[:200], "image/png")],
)  # fmt: skip
async def test_what_is_no_picture_is_refused_beside_its_field(content: bytes, kind: str) -> None:
    owner = await make.person()
    space = await make.space(owner)
    with pytest.raises(Invalid) as refusal:
        await actions.set_cover(owner, space.id, content, kind)
    assert list(refusal.value.fields) == ["cover"]
    with pytest.raises(NotAllowed):
        await actions.set_cover(await make.member(space), space.id, picture(), "image/png")


async def test_a_directory_brings_people_in_and_takes_only_those_out() -> None:
    space = await make.space(name="Chantier")
    by_hand = await make.member(space)
    by_group = await make.person()
    both = [Belonging("Chantier", "Bau", by_hand.id), Belonging("Chantier", "Bau", by_group.id)]
    await actions.reconcile("ldap:corp", both)
    await actions.reconcile("ldap:corp", both)
    kept = await Membership.get(space_id=space.id, person_id=by_group.id)
    assert (kept.source, kept.source_group) == ("ldap:corp", "Bau")
    assert (await Membership.get(space_id=space.id, person_id=by_hand.id)).source == ""
    assert (await Space.get(id=space.id)).member_count == 3
    await actions.reconcile("ldap:corp", [])
    here = {m.person_id for m in await Membership.filter(space_id=space.id)}
    assert by_hand.id in here
    assert by_group.id not in here


async def test_nobody_leaves_or_is_removed_by_hand_from_what_a_directory_keeps(
    browser: Browser,
) -> None:
    owner = await make.account()
    space = await make.space(owner.person, "Chantier")
    account = await make.account("Nils Berg")
    await actions.reconcile("ldap:corp", [Belonging("Chantier", "Bau-Nord", account.person_id)])
    with pytest.raises(NotAllowed, match="Bau-Nord"):
        await actions.leave(account.person, space.id)
    with pytest.raises(NotAllowed, match="Bau-Nord"):
        await actions.remove(owner.person, space.id, account.person_id)
    await browser.sign_in(owner)
    text = await browser.text(f"/spaces/{to_public(space.id)}/members")
    assert "directory: Bau-Nord" in text
    assert f"/members/{to_public(account.person_id)}/removal" not in text


async def test_an_owner_made_here_stays_when_the_group_lets_go() -> None:
    owner = await make.person()
    space = await make.space(owner, "Chantier")
    person = await make.person()
    await actions.reconcile("ldap:corp", [Belonging(to_public(space.id), "Bau", person.id)])
    await actions.set_role(owner, space.id, person.id, "owner")
    await actions.reconcile("ldap:corp", [])
    assert (await Membership.get(space_id=space.id, person_id=person.id)).source == ""


async def test_two_spaces_of_one_name_are_filled_by_no_rule() -> None:
    await make.space(name="Chantier")
    await make.space(name="Chantier")
    person = await make.person()
    await actions.reconcile("ldap:corp", [Belonging("Chantier", "Bau", person.id)])
    assert not await Membership.exists(person_id=person.id, source="ldap:corp")
    assert await Account.exists(person_id=person.id)
