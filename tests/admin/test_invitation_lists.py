"""A list of people: looked at first, invited in the background, never invited twice."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.admin import reactions
from rse.admin.invitation_lists import KNOWN, NO_ADDRESS, TWICE, read
from rse.admin.models import InvitationBatch
from rse.identity import invitations
from rse.identity.models import Invitation
from rse.kernel.errors import Invalid
from rse.kernel.jobs import drain
from rse.mail.models import MailOut
from tests import make
from tests.web_client import Browser

PAGE = "/admin/invitations"


def seen(text: str | bytes) -> list[tuple[str, str, str]]:
    content = text.encode() if isinstance(text, str) else text
    return [(line.email, line.name, line.error) for line in read(content)]


@pytest.mark.parametrize(
    "text",
    [
        "email;nom\namara@quai.example;Amara Diop\n",
        '\ufeffNom,E-Mail\n"Diop, Amara",AMARA@quai.example\n'.replace("Diop, Amara", "Amara Diop"),
        "amara@quai.example\tAmara Diop",
        "Amara Diop;amara@quai.example\r\n\r\n",
        "Prénom Nom;Courriel\nAmara Diop;amara@quai.example",
    ],
)
def test_a_list_is_read_as_spreadsheets_save_it(text: str) -> None:
    assert seen(text) == [("amara@quai.example", "Amara Diop", "")]


def test_old_encodings_are_read_and_lines_keep_their_number() -> None:
    assert seen("email;nom\na@quai.example;Zoé".encode("cp1252")) == [("a@quai.example", "Zoé", "")]
    lines = read(b"email\n\na@quai.example\nrien\nA@quai.example\n")
    assert [(line.line, line.error) for line in lines] == [(3, ""), (4, NO_ADDRESS), (5, TWICE)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There is no line"), (b"\n;;\n", "There is no line"),
        (b"x" * 1_000_001, "too large"),
        (b"\n".join(b"a%d@quai.example" % n for n in range(2_002)), "at most 2000 people"),
        (b'"' + b"x" * 200_000, "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_words(content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(content)
    assert sentence in refused.value.fields["list"]


@given(st.binary(max_size=3_000))
def test_nothing_sent_is_an_accident(content: bytes) -> None:
    try:
        lines = read(content)
    except Invalid:
        return
    assert all(len(line.name) <= 120 for line in lines)


@pytest.fixture
async def admin(browser: Browser) -> Browser:
    return await browser.sign_in(await make.account("Zoé Admin", admin=True))


async def looked_at(browser: Browser, text: str) -> str:
    response = await browser.post(f"{PAGE}/lists", {"list": text, "days": "14"})
    assert response.status_code == 303
    return str(response.headers["Location"])


@pytest.mark.usefixtures("app")
async def test_a_list_is_looked_at_then_invited_then_sent_again(admin: Browser) -> None:
    await make.account(email="known@quai.example")
    text = "email;nom\namara@quai.example;Amara\nknown@quai.example;K\nrien;R\nleo@quai.example;Léo"
    place = await looked_at(admin, text)
    page = await admin.text(place)
    assert "2 people will be invited." in page and "2 lines are left out" in page
    assert "Is here already." in page and "This is no mail address" in page
    assert not await Invitation.exists()
    for _press in range(2):
        assert (await admin.post(place)).status_code == 303
    await drain()
    assert "All invitations of this list are made." in await admin.text(place)
    assert await Invitation.all().count() == 2
    assert (await Invitation.get(email="amara@quai.example")).name == "Amara"
    assert await MailOut.filter(kind="system.invitation").count() == 2
    again = await looked_at(admin, text)
    assert "Has an open invitation already" in await admin.text(again)
    refused = await admin.post(again)
    assert "There is nobody to invite" in await refused.get_data(as_text=True)
    assert await Invitation.all().count() == 2


@pytest.mark.usefixtures("app")
async def test_killed_in_the_middle_it_goes_on_where_it_was(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rse.admin.actions.batches.AT_ONCE", 2)
    place = await looked_at(admin, "\n".join(f"a{n}@quai.example" for n in range(5)))
    made, real = 0, invitations.make_invitation

    async def tired(*what: object) -> Invitation:
        nonlocal made
        made += 1
        if made == 4:
            raise RuntimeError
        return await real(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(invitations, "make_invitation", tired)
    await admin.post(place)
    await drain()
    assert await Invitation.all().count() == 2, "whole chunks only"
    batch = await InvitationBatch.get()
    await make.account(email="a4@quai.example")
    from rse.admin.events import InvitationsWanted

    await reactions.make_invitations(InvitationsWanted(batch.id))
    await drain()
    assert await Invitation.all().count() == 4
    lines = (await InvitationBatch.get()).lines
    assert [line["outcome"] for line in lines] == ["invited"] * 4 + [KNOWN]


@pytest.mark.usefixtures("app")
async def test_a_bad_list_keeps_its_words_and_says_what_to_do(admin: Browser) -> None:
    response = await admin.post(f"{PAGE}/lists", {"list": " \n ", "days": "14"})
    body = await response.get_data(as_text=True)
    assert response.status_code == 422 and "There is no line in this list" in body
    page = await admin.text(PAGE)
    assert re.search(r'name="approval"', page)
    assert (await admin.post(f"{PAGE}/approval", {"approval": "on"})).status_code == 303
    assert re.search(r'name="approval"[^>]*checked', await admin.text(PAGE))
