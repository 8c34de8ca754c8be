"""A real Exim in front of us: SMTP in, LMTP to our door."""

import asyncio
import smtplib
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.mail.doors import DOMAIN, Lmtp, open_doors, reply_address
from tests.testenv.exim import Exim
from tests.testenv.programs import Program

pytestmark = pytest.mark.slow

MAIL = (
    "From: Lea <lea@ostrelle.example>\r\nSubject: Re: Plan\r\n"
    "Message-ID: <1@ostrelle.example>\r\n\r\nBonjour à tous\r\n..\r\n"
)


def send(port: int, *recipients: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        return client.sendmail("lea@ostrelle.example", list(recipients), MAIL.encode())


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Look again until it holds: another program does the work."""
    for _ in range(300):
        if await holds():
            return
        await asyncio.sleep(0.1)
    raise TimeoutError


async def test_exim_hands_over_by_lmtp_and_keeps_nothing(
    tmp_path: Path, exim_program: Program
) -> None:
    async with open_doors(tmp_path / "spool", Lmtp) as doors:
        results = "dmarc=pass header.from=ostrelle.example"
        async with Exim(exim_program, doors.port, DOMAIN, results) as exim:

            async def has_delivered() -> bool:
                return bool(doors.stored()) and await exim.queued() == 0

            recipients = reply_address(1), reply_address(2)
            assert await asyncio.to_thread(send, exim.port, *recipients) == {}
            await until(has_delivered)
            raw = doors.stored()[0]
            assert raw.startswith(b"Authentication-Results: mx.ostrelle.example; dmarc=pass")
            assert raw.endswith("\r\nBonjour à tous\r\n..\r\n".encode())
            # One status per recipient: neither is sent a second time.
            await asyncio.sleep(2.5)
            assert len(doors.stored()) == 1


async def test_exim_keeps_the_mail_while_our_door_is_shut(
    tmp_path: Path, exim_program: Program
) -> None:
    async with open_doors(tmp_path / "spool", Lmtp) as doors:
        port = doors.port
    async with Exim(exim_program, port, DOMAIN) as exim:

        async def is_kept() -> bool:
            return await exim.queued() == 1

        await asyncio.to_thread(send, exim.port, reply_address())
        await until(is_kept)
