"""Values as directories spell them."""

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.ldap import templates, values
from rse.ldap.entries import Entry


@given(st.uuids())
def test_a_guid_reads_and_writes_the_same(one: uuid.UUID) -> None:
    assert values.guid(one.bytes_le) == str(one)
    assert values.guid_bytes(str(one)) == one.bytes_le


@pytest.mark.parametrize("value", [b"", b"x" * 15, b"x" * 17])
def test_a_guid_of_wrong_length_is_none(value: bytes) -> None:
    assert values.guid(value) is None


@pytest.mark.parametrize(
    "value", [b"0", b"9223372036854775807", b"-1", b"abc", b"9" * 30, b"910692730085477580"]
)
def test_an_expiry_that_means_never_is_never(value: bytes) -> None:
    found = values.filetime(value)
    assert found is None or found.year > 4000


def test_a_filetime_is_read() -> None:
    assert values.filetime(b"133500960000000000") == datetime(2024, 1, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"20260102030405Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (b"20260102030405,5Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (b"202601020304+0100", datetime(2026, 1, 2, 2, 4, tzinfo=UTC)),
        (b"00000102030405Z", None),
        (b"20261302030405Z", None),
        (b"yesterday", None),
    ],
)
def test_generalized_time_is_read_with_tolerance(value: bytes, expected: datetime | None) -> None:
    assert values.generalized_time(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ada@ostrelle.example", "ada@ostrelle.example"),
        ("MAILTO:ada@ostrelle.example", "ada@ostrelle.example"),
        ("Ada Lovell <ada@ostrelle.example>", "ada@ostrelle.example"),
        ("ada", None),
        ("a b@ostrelle.example", None),
        ("ada@ostrelle.example, bob@ostrelle.example", None),
        ("", None),
        ("x" * 300 + "@a.example", None),
    ],
)
def test_a_mail_address_is_found_or_not(value: str, expected: str | None) -> None:
    assert values.mail(value) == expected


@given(st.binary(max_size=100))
def test_text_is_never_refused_and_never_holds_what_must_not_show(value: bytes) -> None:
    text = values.text(value)
    assert not any(char < " " or char in "\u202e\u2066" for char in text)


def test_latin_1_is_flagged_but_read() -> None:
    assert values.is_damaged("Müller".encode("latin-1"))
    assert values.text("Müller".encode("latin-1")).startswith("M")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "ADA"), ("straße", "STRASSE"), ("Jose\u0301", "jos\u00e9"), ("ﬁ", "fi")],
)
def test_logins_that_look_alike_are_one(one: str, other: str) -> None:
    assert values.login_key(one) == values.login_key(other)


ENTRY = Entry(
    "uid=a,dc=x",
    {
        "cn": [b"Lovell, Ada"],
        "givenname": [b"Ada"],
        "sn": [b"Lovell"],
        "mail": [b"bad", b"a@b.example"],
    },
)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{displayName|givenName sn|cn}", "Ada Lovell"),
        ("{cn}", "Lovell, Ada"),
        ("{cn|before:,}", "Lovell"),
        ("{sn|lower}.{givenName|upper}", "lovell.ADA"),
        ("{title}", ""),
        ("plain", "plain"),
    ],
)
def test_templates_render(template: str, expected: str) -> None:
    assert templates.parse(template).render(ENTRY) == expected


@pytest.mark.parametrize(
    "template", ["{", "}", "{a", "{}", "{a||b}", "{a|lower|b}", "{a|eval:x}", "{a.b}", "{1}"]
)
def test_a_template_with_a_mistake_is_refused(template: str) -> None:
    with pytest.raises(templates.TemplateSyntax):
        templates.parse(template)
