# ruff: noqa: E501 - a sample of mail keeps its long lines
"""Headers and parts: hostile ones cost little, odd ones are read, doubtful ones are refused."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rse.mail import screen
from rse.mail.auth import Verdict, may_post, verdict
from rse.mail.charset import decode, decode_header
from rse.mail.classify import Nature, nature_of
from rse.mail.mailboxes import Mailbox, Malformed, canonical, parse_mailboxes
from rse.mail.mime import parse, safe_name
from rse.mail.path import path_and_parameters

PLAIN = b"From: Lea <lea@ostrelle.example>\r\nTo: r.x@mail.ostrelle.example\r\nMessage-ID: <1@ostrelle.example>\r\n"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Alice <a@good.example>", Mailbox("Alice", "a@good.example")),
        ('"ceo@acme.example" <evil@bad.example>', Mailbox("", "evil@bad.example")),
        ("=?utf-8?q?ceo=40acme.example?= <evil@bad.example>", Mailbox("", "evil@bad.example")),
        ("a@good.example (Alice)", Mailbox("", "a@good.example")),
        ("a@good.example <a@good.example>", Mailbox("", "a@good.example")),
        (
            '"Roussel, Amélie" <amelie@ostrelle.example>',
            Mailbox("Roussel, Amélie", "amelie@ostrelle.example"),
        ),
        ("é@ostrelle.example", Mailbox("", "é@ostrelle.example")),
    ],
)
def test_one_author_is_read(value: str, expected: Mailbox) -> None:
    assert parse_mailboxes(value) == [expected]


@pytest.mark.parametrize(
    "value",
    [
        "Alice <a@good.example> <evil@bad.example>",
        "evil@bad.example(c) <ceo@acme.example>",
        "<ceo@acme.example> evil@bad.example",
        "Alice",
        '"a@b.example',
        "a@b.example (",
        "<a@b.example",
        "<a b@c.example>",
    ],
)
def test_an_author_two_readers_would_read_differently_is_refused(value: str) -> None:
    with pytest.raises(Malformed):
        parse_mailboxes(value)


def test_two_authors_are_refused_in_one_header_and_in_two() -> None:
    assert screen.refusal(b"From: a@b.example, c@d.example\r\n\r\nx") == screen.NOBODY
    assert screen.refusal(b"From: a@b.example\r\nFrom: c@d.example\r\n\r\nx") == screen.NOBODY
    assert screen.refusal(b"Subject: x\r\n\r\nx") == screen.NOBODY


@pytest.mark.parametrize(
    "value",
    [
        "(" * 65_000,
        "<" * 65_000,
        '"' * 65_001,
        "a@b.example," * 12_000,
        "\\" * 65_000,
        "(" * 30_000 + ")" * 30_000,
    ],
    ids=["comments", "angles", "quotes", "list", "escapes", "nested"],
)
def test_a_hostile_address_header_takes_bounded_time(value: str) -> None:
    started = time.process_time()
    screen.refusal(b"From: " + value.encode() + b"\r\n\r\nx")
    assert time.process_time() - started < 1.0


def test_more_header_than_anybody_needs_is_refused() -> None:
    addresses = b", ".join(b"user%d@ostrelle.example" % n for n in range(40_000))
    started = time.process_time()
    assert screen.refusal(PLAIN + b"Cc: " + addresses + b"\r\n\r\nx") == screen.TOO_MANY_HEADERS
    assert time.process_time() - started < 0.5


def test_a_mail_that_travelled_too_far_is_refused() -> None:
    assert screen.refusal(b"Received: by a.example\r\n" * 26 + PLAIN + b"\r\nx") == screen.LOOPING


def test_a_long_encoded_subject_is_cut() -> None:
    mail = parse(PLAIN + b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\nx")
    assert len(mail.subject) <= 998


def test_a_line_end_inside_an_encoded_subject_is_gone() -> None:
    assert decode_header("=?utf-8?q?a=0AX-Inj:_1?=") in {"aX-Inj: 1", "a X-Inj: 1"}
    assert "\u202e" not in decode_header("=?utf-8?b?4oCueA==?=")


@pytest.mark.parametrize(
    ("raw", "declared", "expected"),
    [
        ("été".encode("cp1252"), "us-ascii", "été"),
        ("“été”".encode("cp1252"), "iso-8859-1", "“été”"),
        ("été".encode(), "x-unknown", "été"),
        ("été".encode(), '"utf-8"', "été"),
        ("été".encode(), "utf8mb4", "été"),
        ("日本語".encode("iso-2022-jp"), "iso-2022-jp", "日本語"),
        ("привет".encode("koi8-r"), "KOI8-R", "привет"),
        (b"+ADw-script+AD4-", "utf-7", "+ADw-script+AD4-"),
        (b"a\0b", "utf-8", "ab"),
        (b"x", "idna", "x"),
    ],
)
def test_a_charset_that_lies_is_read_all_the_same(raw: bytes, declared: str, expected: str) -> None:
    assert decode(raw, declared) == expected


def test_three_hundred_nested_parts_are_kept_as_one_file() -> None:
    raw = PLAIN
    for level in range(300):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    started = time.process_time()
    mail = parse(raw + b"\r\nhello")
    assert time.process_time() - started < 1.0
    assert [file.media_type for file in mail.files] == ["message/rfc822"]


def test_twenty_thousand_parts_are_capped() -> None:
    raw = (
        PLAIN
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\n\r\nx\r\n" * 20_000
        + b"--b--\r\n"
    )
    started = time.process_time()
    parse(raw)
    assert time.process_time() - started < 1.0


def test_an_alternative_with_a_file_is_read() -> None:
    raw = PLAIN + (
        b'Content-Type: multipart/mixed; boundary=out\r\n\r\npreamble\r\n--out\r\nContent-Type: multipart/alternative; boundary="in ner"\r\n\r\n'
        b"--in ner\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9t=C3=A9\r\n"
        b"--in ner\r\nContent-Type: text/html\r\n\r\n<p>ete</p>\r\n--in ner--\r\n--out\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; filename*0*=utf-8''pl%C3%A0; filename*1=n.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg\r\n--out--\r\n"
    )
    mail = parse(raw)
    assert mail.text == "été"
    assert mail.html == "<p>ete</p>"
    assert [(file.name, file.content) for file in mail.files] == [("plàn.pdf", b"%PDF")]


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("=?utf-8?q?pl=C3=A0n.pdf?=", "plàn.pdf"),
        ("\u202etxt.exe", "txt.exe"),
        ("", "f"),
    ],
)
def test_a_file_name_is_made_safe(given_name: str, safe: str) -> None:
    assert safe_name(given_name, "f") == safe


def test_a_file_name_stays_short_and_keeps_its_kind() -> None:
    name = safe_name("a" * 300 + ".pdf", "f")
    assert len(name) <= 121
    assert name.endswith(".pdf")


@pytest.mark.parametrize(
    "start",
    [b"\r\n\r\n", b"\xef\xbb\xbf", b"From lea@ostrelle.example Tue Nov  3 10:01:00 2026\r\n"],
)
def test_what_some_programs_leave_in_front_is_dropped(start: bytes) -> None:
    assert parse(start + PLAIN + b"\r\nhello").message_id == "<1@ostrelle.example>"


@given(st.binary(max_size=3_000))
@settings(deadline=None, max_examples=200)
def test_any_bytes_are_read_without_failing(raw: bytes) -> None:
    parse(raw)
    screen.refusal(raw)


@given(
    st.lists(
        st.sampled_from(
            [
                b"--b",
                b"--b--",
                b"\r\n",
                b"\n",
                b"Content-Type: multipart/mixed; boundary=b",
                b"x",
                b":",
                b" ",
            ]
        ),
        max_size=60,
    )
)
@settings(deadline=None, max_examples=200)
def test_any_heap_of_boundaries_is_read_without_failing(pieces: list[bytes]) -> None:
    parse(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"".join(pieces))


@given(st.text(max_size=500))
def test_any_address_header_is_read_or_refused(value: str) -> None:
    with suppress(Malformed):
        parse_mailboxes(value)


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("<>", ("<>", "")),
        ("<a@b.example> SIZE=3", ("a@b.example", "SIZE=3")),
        ("a@b.example BODY=8BITMIME", ("a@b.example", "BODY=8BITMIME")),
        ("<@relay.example:a@b.example>", ("a@b.example", "")),
        ('<"a b"@b.example>', ('"a b"@b.example', "")),
        ("<Postmaster>", ("postmaster", "")),
        ("<a@b", None),
        ("<" + "(" * 900, None),
    ],
)
def test_an_envelope_path_is_read_in_one_pass(
    argument: str, expected: tuple[str, str] | None
) -> None:
    assert path_and_parameters(argument) == expected


def test_an_address_has_one_spelling() -> None:
    assert canonical("Amélie@Büro.example") == canonical("amélie@xn--bro-hoa.EXAMPLE.")
    assert canonical("e\u0301@a.example") == canonical("é@a.example")


OUR = frozenset({"mail.ostrelle.example"})


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"", Nature.PERSONAL),
        (b"Auto-Submitted: auto-replied", Nature.AUTOMATIC),
        (b"Auto-Submitted: no", Nature.PERSONAL),
        (b"Precedence: bulk", Nature.AUTOMATIC),
        (b"X-Autoreply: yes", Nature.AUTOMATIC),
        (b"Subject: =?utf-8?q?R=C3=A9ponse_automatique_:_Plan?=", Nature.AUTOMATIC),
        (b"Subject: Absence du bureau", Nature.AUTOMATIC),
        (b"Subject: Abwesenheitsnotiz: Plan", Nature.AUTOMATIC),
        (b"Subject: Automatic reply: Plan", Nature.AUTOMATIC),
        (b"Subject: Out of Office: Plan", Nature.AUTOMATIC),
        (b"Subject: Re: autonomie des chariots", Nature.PERSONAL),
        (b"List-Id: <x.mail.ostrelle.example>", Nature.LOOP),
        (b"X-Hops: 3", Nature.LOOP),
        (b"X-Hops: 2", Nature.PERSONAL),
        (b"Content-Type: multipart/report; report-type=delivery-status; boundary=x", Nature.BOUNCE),
    ],
)
def test_what_a_machine_wrote_is_told_from_what_a_person_wrote(
    header: bytes, expected: Nature
) -> None:
    mail = parse(PLAIN + header + (b"\r\n" if header else b"") + b"\r\nBonjour")
    assert nature_of(mail, "lea@ostrelle.example", "lea@ostrelle.example", OUR) is expected


def test_a_null_sender_and_our_own_address_are_no_person() -> None:
    mail = parse(PLAIN + b"\r\nx")
    assert nature_of(mail, "", "lea@ostrelle.example", OUR) is Nature.BOUNCE
    assert (
        nature_of(mail, "noreply@mail.ostrelle.example", "noreply@mail.ostrelle.example", OUR)
        is Nature.OURS
    )


@pytest.mark.parametrize(
    ("header", "is_trusted", "expected"),
    [
        (b"mx.ostrelle.example; dmarc=pass header.from=ostrelle.example", True, Verdict.PASS),
        (b"mx.ostrelle.example 1; spf=pass smtp.mailfrom=lea@ostrelle.example", True, Verdict.PASS),
        (b"mx.ostrelle.example; dkim=pass (good) header.d=ostrelle.example", True, Verdict.PASS),
        (b"mx.ostrelle.example; dkim=pass header.d=bad.example", True, Verdict.NONE),
        (
            b"mx.ostrelle.example; dmarc=fail header.from=ostrelle.example; spf=pass smtp.mailfrom=ostrelle.example",
            True,
            Verdict.FAIL,
        ),
        (b"mx.ostrelle.example; dmarc=pass header.from=ostrelle.example", False, Verdict.NONE),
        (b"other.example; dmarc=pass header.from=ostrelle.example", True, Verdict.NONE),
        (
            b"other.example; none\r\nAuthentication-Results: mx.ostrelle.example; dmarc=pass header.from=ostrelle.example",
            True,
            Verdict.NONE,
        ),
    ],
)
def test_only_the_trusted_relay_s_top_verdict_counts(
    header: bytes, is_trusted: bool, expected: Verdict
) -> None:
    mail = parse(b"Authentication-Results: " + header + b"\r\n" + PLAIN + b"\r\nx")
    found = verdict(
        mail, "lea@ostrelle.example", authserv_id="mx.ostrelle.example", is_trusted_peer=is_trusted
    )
    assert found is expected


def test_no_verdict_posts_only_from_a_trusted_relay() -> None:
    assert may_post(Verdict.NONE, is_trusted_peer=True)
    assert not may_post(Verdict.NONE, is_trusted_peer=False)
    assert not may_post(Verdict.FAIL, is_trusted_peer=True)
