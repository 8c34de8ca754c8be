"""Our doors over a real socket: what hostile and clumsy clients get to hear."""

import asyncio
import time
from pathlib import Path

import pytest

from rse.config_mail import MailLimits
from rse.mail.address import Kind, Token, mint
from rse.mail.smtpd import Arrival
from tests.mail.doors import DOMAIN, KEYS, Client, Lmtp, open_doors, reply_address

MAIL = (
    b"From: Lea <lea@ostrelle.example>\r\nSubject: Re: Plan\r\n"
    b"Message-ID: <1@ostrelle.example>\r\n\r\nBonjour\r\n"
)


async def test_a_mail_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        assert (await client.deliver(MAIL)).startswith("250 2.6.0")
        assert doors.stored() == [MAIL]


@pytest.mark.parametrize(
    "end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\r", b"\r\n.\n", b"\n\0.\r\n", b"\r\r\n.\r\r\n"]
)
async def test_a_second_mail_cannot_be_smuggled_behind_a_bare_line_end(
    tmp_path: Path, end: bytes
) -> None:
    smuggled = (
        b"MAIL FROM:<evil@bad.example>\r\nRCPT TO:<"
        + reply_address().encode()
        + b">\r\nDATA\r\nFrom: evil@bad.example\r\n\r\nx\r\n"
    )
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        assert (await client.deliver(MAIL[:-2] + end + smuggled)).startswith("550 5.5.2")
        assert doors.stored() == []
        # Nothing of the smuggled text was taken for a command.
        assert (await client.say("NOOP")).startswith("250")


async def test_cr_cr_lf_ends_the_data_and_is_refused(tmp_path: Path) -> None:
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        assert (await client.deliver(MAIL[:-2] + b"\r\r\n")).startswith("550 5.5.2")
        assert doors.stored() == []


async def test_lmtp_from_the_relay_mends_line_ends(tmp_path: Path) -> None:
    async with open_doors(tmp_path, Lmtp) as doors, doors.client() as client:
        await client.greet("LHLO")
        assert (await client.deliver(MAIL + b"one\ntwo\rthree\r\n")).startswith("250")
        assert doors.stored() == [MAIL + b"one\r\ntwo\r\nthree\r\n"]


async def test_dots_are_unstuffed_and_an_empty_mail_is_no_mail(tmp_path: Path) -> None:
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        assert (await client.deliver(MAIL + b"..\r\n...x.\r\n.y\r\n")).startswith("250")
        assert doors.stored() == [MAIL + b".\r\n..x.\r\ny\r\n"]
        assert (await client.deliver(b"")).startswith("550 5.7.1")


async def test_a_megabyte_of_addresses_is_refused_quickly(tmp_path: Path) -> None:
    many = b",\r\n ".join(b"user%d@ostrelle.example" % number for number in range(40_000))
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        started = time.process_time()
        assert (await client.deliver(b"To: " + many + b"\r\n" + MAIL)).startswith("554 5.3.4")
        assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    "author",
    [
        b"From: a@good.example\r\nFrom: b@bad.example",
        b"From: Alice <a@good.example> <evil@bad.example>",
        b"From: a@b.example, c@d.example",
    ],
)
async def test_a_mail_of_two_authors_is_refused(tmp_path: Path, author: bytes) -> None:
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        assert (await client.deliver(author + b"\r\n\r\nx\r\n")).startswith("550 5.7.1")
        assert doors.stored() == []


async def test_the_same_mail_again_is_one_mail(tmp_path: Path) -> None:
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        assert (await client.deliver(MAIL)).startswith("250")
        assert (await client.deliver(MAIL)).startswith("250")
        assert doors.stored() == [MAIL]


async def test_a_forged_address_is_refused_at_rcpt(tmp_path: Path) -> None:
    good = reply_address()
    forged = ("a" if good[10] != "a" else "b").join((good[:10], good[11:]))
    bounce = mint(KEYS, Token(Kind.BOUNCE, 1, 2))
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        await client.say("MAIL FROM:<lea@ostrelle.example>")
        assert (await client.say(f"RCPT TO:<{forged}>")).startswith("550 5.1.1")
        assert (await client.say(f"RCPT TO:<nobody@{DOMAIN}>")).startswith("550 5.1.1")
        assert (await client.say(f"RCPT TO:<b{bounce[1:-1]}@{DOMAIN}>")).startswith("550 5.1.1")
        assert (await client.say("RCPT TO:<somebody@elsewhere.example>")).startswith("550 5.7.1")
        assert (await client.say(f"RCPT TO:<{good.upper()}>")).startswith("250 2.1.5")
        assert (await client.say(f"RCPT TO:<{good.replace('.', '%2B', 1)}>")).startswith("250")
        assert (await client.say(f"RCPT TO:<{bounce}@{DOMAIN}>")).startswith("250")
        assert (await client.say("RCPT TO:<postmaster>")).startswith("250")
        assert (await client.say(f"RCPT TO:<Abuse@{DOMAIN}>")).startswith("250")


async def test_a_long_line_is_taken(tmp_path: Path) -> None:
    long = MAIL + b"x" * 1_500 + b"\r\n" + b"y." * 200_000 + b"\r\n"
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        assert (await client.deliver(long)).startswith("250")
        assert doors.stored() == [long]


async def test_more_recipients_than_fifty_wait(tmp_path: Path) -> None:
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        await client.say("MAIL FROM:<lea@ostrelle.example>")
        answers = [
            await client.say(f"RCPT TO:<{reply_address(person_id=number)}>") for number in range(60)
        ]
        assert [answer[:9] for answer in answers] == ["250 2.1.5"] * 50 + ["452 4.5.3"] * 10


async def test_too_large_a_mail_is_refused_by_its_size_and_by_its_bytes(tmp_path: Path) -> None:
    async with (
        open_doors(tmp_path, limits=MailLimits(message_bytes=20_000)) as doors,
        doors.client() as client,
    ):
        await client.greet()
        assert "250-SIZE 20000" in client.seen
        assert (await client.say("MAIL FROM:<lea@ostrelle.example> SIZE=30000")).startswith("552")
        assert (await client.deliver(MAIL + b"x" * 70 * 1_000 + b"\r\n")).startswith("552 5.3.4")
        assert (await client.deliver(MAIL)).startswith("250")
        assert doors.stored() == [MAIL]


@pytest.mark.parametrize("door", ["smtp", "lmtp"])
async def test_a_broken_inside_says_nothing_and_keeps_the_mail_with_its_sender(
    tmp_path: Path, door: str
) -> None:
    async def broken(arrival: Arrival) -> str:
        raise RuntimeError("password=hunter2 at db.internal.example")

    kind = Lmtp if door == "lmtp" else None
    async with (
        open_doors(tmp_path, *([kind] if kind else []), receive=broken) as doors,
        doors.client() as client,
    ):
        await client.greet("LHLO" if kind else "EHLO")
        assert await client.deliver(MAIL) == "451 4.3.0 Try again later"
        assert "hunter2" not in "".join(client.seen)
        assert (await client.say("NOOP")).startswith("250")


async def test_lmtp_answers_once_per_recipient(tmp_path: Path) -> None:
    async with open_doors(tmp_path, Lmtp) as doors, doors.client() as client:
        await client.greet("LHLO")
        assert (await client.deliver(MAIL, reply_address(1), reply_address(2))).startswith("250")
        assert (await client.answer()).startswith("250")
        assert (await client.say("NOOP")).startswith("250 2.0.0")
        assert (
            await client.deliver(
                b"Subject: nobody\r\n\r\nx\r\n", reply_address(1), reply_address(2)
            )
        ).startswith("550")
        assert (await client.answer()).startswith("550")
        assert (await client.say("QUIT")).startswith("221")


async def test_lmtp_is_only_for_our_relay(tmp_path: Path) -> None:
    async with open_doors(tmp_path, Lmtp, trusted=False) as doors, doors.client() as client:
        assert (await client.answer()).startswith("554 5.7.1")
        assert await client.reader.read() == b""


async def _trickle(client: Client) -> None:
    for _ in range(100):
        await client.send(b"x")
        await asyncio.sleep(0.05)


async def test_a_client_that_stalls_is_sent_away(tmp_path: Path) -> None:
    limits = MailLimits(command_seconds=0.2, data_seconds=0.4)
    async with open_doors(tmp_path, limits=limits) as doors, doors.client() as client:
        await client.answer()
        assert (await client.answer()).startswith("421 4.4.2")
        async with doors.client() as slow:
            await slow.greet()
            await slow.say("MAIL FROM:<lea@ostrelle.example>")
            await slow.say(f"RCPT TO:<{reply_address()}>")
            await slow.say("DATA")
            started = time.monotonic()
            with pytest.raises(ConnectionError):
                await _trickle(slow)
            assert time.monotonic() - started < 3
        assert doors.stored() == []


async def test_no_address_may_take_all_connections(tmp_path: Path) -> None:
    limits = MailLimits(connections=6, connections_per_address=3)
    async with open_doors(tmp_path, limits=limits, trusted=False) as doors:
        clients = [await asyncio.open_connection("127.0.0.1", doors.port) for _ in range(4)]
        greetings = [(await reader.readline()).decode()[:3] for reader, _ in clients]
        for _, writer in clients:
            writer.close()
        assert greetings == ["220", "220", "220", "421"]
        for _ in range(50):
            await asyncio.sleep(0.01)
            if not doors.house.inside:
                break
        assert not doors.house.inside
        async with doors.client() as client:
            assert (await client.answer()).startswith("220")


async def test_a_connection_carries_only_so_many_mails(tmp_path: Path) -> None:
    async with (
        open_doors(tmp_path, limits=MailLimits(messages_per_connection=2)) as doors,
        doors.client() as client,
    ):
        await client.greet()
        await client.deliver(MAIL)
        await client.deliver(MAIL + b"2\r\n")
        assert (await client.say("MAIL FROM:<lea@ostrelle.example>")).startswith("421 4.7.0")


@pytest.mark.parametrize(
    "command", ["AUTH PLAIN AGEAYg==", "STARTTLS", "VRFY postmaster", "EXPN all"]
)
async def test_what_we_do_not_speak_is_not_spoken(tmp_path: Path, command: str) -> None:
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        assert (await client.say(command)).startswith("500")


@pytest.mark.parametrize(
    "command",
    [
        "MAIL FROM:<" + "(" * 900 + ">",
        "MAIL FROM:<" + "a" * 5_000,
        "RCPT TO:<x>",
        "\x00",
        "MAIL",
        "DATA x",
        "EHLO",
    ],
)
async def test_a_malformed_command_gets_a_refusal_and_the_session_lives(
    tmp_path: Path, command: str
) -> None:
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        assert (await client.say(command))[:1] == "5"
        assert (await client.deliver(MAIL)).startswith("250")


async def test_pipelined_commands_are_answered_in_order(tmp_path: Path) -> None:
    async with open_doors(tmp_path) as doors, doors.client() as client:
        await client.greet()
        await client.send(
            b"MAIL FROM:<>\r\nRCPT TO:<"
            + reply_address().encode()
            + b">\r\nDATA\r\n"
            + MAIL
            + b".\r\nNOOP\r\nQUIT\r\n"
        )
        answers = [await client.answer() for _ in range(6)]
        assert [answer[:3] for answer in answers] == ["250", "250", "354", "250", "250", "221"]
