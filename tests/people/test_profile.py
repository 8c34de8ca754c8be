"""A person's page, as its owner and as others see it."""

import pytest

from rse.identity.models import Person
from rse.identity.people import deactivate
from rse.kernel.ids import to_public
from rse.people.tabs import ProfileTab, profile_tabs
from rse.people.vcard import vcard
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
HOSTILE = "<script>alert(1)</script>\"'>"


def page_of(person: Person) -> str:
    return f"/people/{to_public(person.id)}"


async def test_a_profile_shows_what_one_needs_to_reach_somebody(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    person = await make.person(
        "Inès Morvan", title="Chargée d'études", phone="+33 1 23 45", about="I like **bridges**."
    )
    page = await browser.text(page_of(person))
    for expected in (
        "Inès Morvan",
        "Chargée d&#39;études",
        "tel:+3312345",
        "<strong>bridges</strong>",
    ):
        assert expected in page
    assert "Edit your page" not in page


async def test_markup_in_a_profile_is_text(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    person = await make.person(
        HOSTILE, title=HOSTILE, phone=HOSTILE, about=f"{HOSTILE} [x](javascript:alert(1))"
    )
    for path in (page_of(person), "/people"):
        page = await browser.text(path)
        assert "<script>alert" not in page
        assert 'href="javascript:' not in page


async def test_somebody_who_left_is_shown_and_marked(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    person = await make.person("Left Already")
    await deactivate(person.id, "admin")
    page = await browser.text(page_of(person))
    assert "Has left" in page


async def test_a_partners_person_carries_their_company(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    person = await make.outsider("Rui Valadares (Ostrelle)")
    page = await browser.text(page_of(person))
    assert 'data-part="partner"' in page
    assert "Brumelis" in page


async def test_nobody_there_is_not_found(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    for path in (f"/people/{to_public(12345)}", "/people/zzz", "/people/me/x"):
        assert (await browser.get(path)).status_code == 404


async def test_one_changes_ones_own_page(browser: Browser) -> None:
    account = await make.account("Inès Morvan")
    await browser.sign_in(account)
    form = {
        "display_name": "Inès  Morvan-Diop\u202e",
        "title": "Cheffe",
        "phone": "",
        "about": "Hello",
    }
    assert (await browser.post("/people/me/edit", form)).status_code == 303
    page = await browser.text(page_of(account.person))
    assert "Inès Morvan-Diop" in page
    found = await browser.text("/people?q=cheffe")
    assert "Inès Morvan-Diop" in found


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("display_name", "  ", "Fill in this field"),
        ("display_name", "x" * 121, "Shorten this to 120 characters"),
        ("title", "x" * 161, "Shorten this to 160 characters"),
        ("about", "x" * 4001, "Shorten this to 4,000 characters"),
    ],
)
async def test_too_much_is_said_beside_the_field_and_kept(
    browser: Browser, field: str, value: str, sentence: str
) -> None:
    await browser.sign_in(await make.account("Inès Morvan"))
    form = {"display_name": "Inès", "title": "kept words", "about": "kept words", field: value}
    response = await browser.post("/people/me/edit", form)
    body = await response.get_data(as_text=True)
    assert response.status_code == 422
    assert sentence in body
    assert "kept words" in body


async def test_a_field_of_the_directory_is_shown_with_the_reason_and_refused(
    browser: Browser,
) -> None:
    account = await make.account("Inès Morvan", title="Set there")
    await Person.filter(id=account.person_id).update(locked_fields={"title": "corp"})
    await browser.sign_in(account)
    page = await browser.text("/people/me/edit")
    assert "directory (corp)" in page
    assert 'name="title" type="text" value="Set there"' in page
    refused = await browser.post(
        "/people/me/edit", {"display_name": "Inès Morvan", "title": "Mine"}
    )
    assert refused.status_code == 422
    assert (await Person.get(id=account.person_id)).title == "Set there"
    accepted = await browser.post("/people/me/edit", {"display_name": "Inès", "about": "x"})
    assert accepted.status_code == 303
    assert (await Person.get(id=account.person_id)).title == "Set there"


async def test_a_feature_can_bring_a_tab(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    async def load(_reader: Person, person: Person, _after: int | None) -> dict[str, object]:
        return {"people": None, "tabs": "ignored", "note": person.handle}

    monkeypatch.setitem(
        profile_tabs,
        "activity",
        ProfileTab(name="activity", title="Activity", template="people/_about.html", load=load),
    )
    account = await make.account("Inès Morvan")
    await browser.sign_in(account)
    assert "?tab=activity" in await browser.text(page_of(account.person))
    assert 'aria-current="page">Activity' in await browser.text(
        f"{page_of(account.person)}?tab=activity"
    )


async def test_the_contact_card_is_a_vcard(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    person = await make.person("Morvan; Inès, x\ny", phone="+33 1", email="i@ostrelle.example")
    response = await browser.get(f"{page_of(person)}/card.vcf")
    body = await response.get_data(as_text=True)
    assert response.headers["Content-Type"].startswith("text/vcard")
    assert body.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\n")
    assert "FN:Morvan\\; Inès\\, xy\r\n" in body
    assert "EMAIL:i@ostrelle.example\r\n" in body
    assert body.endswith("END:VCARD\r\n")


async def test_a_long_line_of_a_vcard_is_folded_between_characters() -> None:
    person = await make.person("é" * 100)
    text = vcard(await Person.get(id=person.id).select_related("organisation"), "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "é" * 100 in text.replace("\r\n ", "")
