"""What may be written into a field, kind by kind, and how it is shown."""

import pytest

from rse.identity import people
from rse.identity.models import Person
from rse.kernel.errors import Conflict, Invalid
from rse.kernel.i18n import using
from rse.profile_fields import actions, queries, values
from rse.profile_fields.drafts import FieldDraft
from rse.profile_fields.models import ProfileField
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


def a(kind: str, *options: str) -> ProfileField:
    return ProfileField(key="one", name_en="One", kind=kind, options=list(options))


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        ("text", "  two \u202e  words ", "two words"),
        ("long", "one\r\ntwo\n", "one\ntwo"),
        ("choice", "Blue", "Blue"),
        ("date", "2027-03-31", "2027-03-31"),
        ("link", "https://inès.example/a?b=c", "https://inès.example/a?b=c"),
        ("phone", "+33 (0)1 23-45/67", "+33 (0)1 23-45/67"),
        ("lines", " a \n\n b\r\na", "a\nb"),
        ("date", "   ", ""),
    ],
)
def test_what_is_kept(kind: str, text: str, kept: str) -> None:
    assert values.cleaned(a(kind, "Blue", "Red"), text) == kept


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text", "x" * 201),
        ("long", "x" * 4001),
        ("choice", "Green"),
        ("date", "31.3.2027"),
        ("date", "2027-02-30"),
        ("link", "javascript:alert(1)"),
        ("link", "data:text/html,x"),
        ("link", "//host.example"),
        ("link", "https://[broken"),
        ("phone", "call me"),
        ("lines", "\n".join(map(str, range(21)))),
        ("lines", "x" * 101),
    ],
)
def test_what_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        values.cleaned(a(kind, "Blue", "Red"), text)


def test_what_a_directory_holds_is_shown_whatever_it_is() -> None:
    assert values.shown(a("link"), "javascript:alert(1)").url == ""
    assert values.shown(a("date"), "19840302000000Z").lines == ("19840302000000Z",)
    assert values.shown(a("phone"), "extension 12").url == ""
    assert values.shown(a("phone"), "+33 1 (23)").url == "tel:+33123"
    with using("fr"):
        assert values.shown(a("date"), "2027-03-31").lines == ("31 mars 2027",)


def test_a_field_bears_the_name_of_the_reader_s_language() -> None:
    one = ProfileField(name_en="Cost centre", name_fr="Centre de coûts", name_de="")
    for language, name in (("fr", "Centre de coûts"), ("de", "Cost centre"), ("en", "Cost centre")):
        with using(language):
            assert values.name_of(one) == name


async def test_the_form_keeps_what_is_right_and_says_what_is_wrong(browser: Browser) -> None:
    me = await make.account("Inès")
    await actions.create_field(me.person, FieldDraft(name_en="Badge until", kind="date"))
    await actions.create_field(me.person, FieldDraft(name_en="Page", kind="link"))
    await browser.sign_in(me)
    form = {"display_name": "Inès", "field_badge_until": "soon", "field_page": "https://i.example"}
    answer = await browser.post("/people/me/edit", form)
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="field_badge_until-error"' in page
    assert 'value="soon"' in page
    assert 'value="https://i.example"' in page
    assert (await Person.get(id=me.person_id)).details == {}
    answer = await browser.post("/people/me/edit", form | {"field_badge_until": "2027-03-31"})
    assert answer.status_code == 303
    kept = (await Person.get(id=me.person_id)).details
    assert kept == {"badge_until": "2027-03-31", "page": "https://i.example"}


async def test_one_answer_names_the_faults_of_card_and_fields_alike(browser: Browser) -> None:
    me = await make.account("Inès")
    await Person.filter(id=me.person_id).update(locked_fields={"title": "Annuaire"})
    await actions.create_field(me.person, FieldDraft(name_en="Day", kind="date"))
    await browser.sign_in(me)
    answer = await browser.post("/people/me/edit", {"title": "Boss", "field_day": "never"})
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Annuaire" in page
    assert 'id="field_day-error"' in page


async def test_a_field_of_the_directory_is_locked_with_its_reason(browser: Browser) -> None:
    me = await make.account("Inès")
    draft = FieldDraft(name_en="Cost centre", source="directory")
    await actions.create_field(me.person, draft)
    await actions.create_field(me.person, FieldDraft(name_en="Desk"))
    await people.keep_details(me.person_id, {"cost_centre": "4711", "desk": "12"})
    await Person.filter(id=me.person_id).update(locked_fields={"details.desk": "Annuaire"})
    await browser.sign_in(me)
    page = await browser.text("/people/me/edit")
    assert page.count("🔒") == 2
    assert "Annuaire" in page
    for key in ("cost_centre", "desk"):
        with pytest.raises(Invalid) as refusal:
            await actions.keep_own(await Person.get(id=me.person_id), {key: "mine"}, {})
        assert "directory" in refusal.value.fields[f"field_{key}"]


async def test_two_hands_write_two_fields_and_both_stay() -> None:
    me = await make.person()
    await people.keep_details(me.id, {"one": "1", "two": "2"})
    await people.keep_details(me.id, {"one": "", "three": "3"})
    assert (await Person.get(id=me.id)).details == {"two": "2", "three": "3"}


async def test_fields_have_an_order_a_key_and_a_limit() -> None:
    admin = await make.person()
    for name in ("Étage", "Étage", "?!"):
        await actions.create_field(admin, FieldDraft(name_en=name))
    one, two, three = await queries.fields()
    assert [one.key, two.key, three.key] == ["etage", "etage_2", "field"]
    await actions.move_field(three.id, -1)
    await actions.move_field(three.id, -1)
    await actions.move_field(three.id, -1)
    assert [field.key for field in await queries.fields()] == ["field", "etage", "etage_2"]
    for number in range(37):
        await actions.create_field(admin, FieldDraft(name_en=f"More {number}"))
    with pytest.raises(Conflict, match="at most 40"):
        await actions.create_field(admin, FieldDraft(name_en="Too much"))


async def test_a_removed_field_is_shown_no_more_and_comes_back_with_its_key() -> None:
    admin, owner = await make.person(), await make.person()
    made = await actions.create_field(admin, FieldDraft(name_en="Desk"))
    await people.keep_details(owner.id, {"desk": "12"})
    owner = await Person.get(id=owner.id)
    await actions.remove_field(made.id)
    assert await queries.shown_to(admin, owner) == []
    await actions.create_field(admin, FieldDraft(name_en="Desk"))
    assert [shown.lines for shown in await queries.shown_to(admin, owner)] == [("12",)]
