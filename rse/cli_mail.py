"""Commands about mail: receive it, feed one in, send a test, look at the queues."""

import argparse
import asyncio
import signal
import sys
import time
from typing import TypeAlias

from rse.config import settings
from rse.kernel import clock, crypto
from rse.kernel.i18n import using
from rse.kernel.ids import new_id
from rse.mail import intake, ours, serving, system
from rse.mail.address import Kind
from rse.mail.models import FAILED, QUEUED, MailOut
from rse.mail.out import compose, queue, relay
from rse.mail.smtpd import Arrival
from rse.runtime import opened

# argparse names no public type.
Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001

# What a mail server takes as "keep it and try again" and as "give it back" (sysexits.h).
TEMPORARY, UNUSABLE = 75, 69


def register(commands: Subparsers) -> None:
    """Add this module's commands."""
    mail = commands.add_parser("mail", help="serve, test, ingest, queue").add_subparsers(
        required=True, metavar="action"
    )
    mail.add_parser(
        "serve", help="receive mail; beside other processes on PostgreSQL"
    ).set_defaults(func=serve)
    test = mail.add_parser("test", help="send a test mail and say what the relay answered")
    test.add_argument("address")
    test.set_defaults(func=send_test)
    feed = mail.add_parser(
        "ingest", help="take one mail from standard input, for a mail server's pipe"
    )
    feed.add_argument("recipient", nargs="+")
    feed.add_argument("--sender", default="", help="the envelope sender; empty for a bounce")
    feed.set_defaults(func=ingest)
    show = mail.add_parser("queue", help="count what waits, in and out")
    show.add_argument(
        "--retry", action="store_true", help="try everything that waits, or failed, now"
    )
    show.set_defaults(func=show_queues)


async def serve(options: argparse.Namespace) -> int:
    """Receive until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    if not (settings().mail.smtp_bind or settings().mail.lmtp_bind):
        print("Set mail.smtp_bind or mail.lmtp_bind: there is no door to open.", file=sys.stderr)
        return 2
    async with opened(options.settings), serving.receiving():
        await stopping.wait()
    return 0


async def send_test(options: argparse.Namespace) -> int:
    """Send past the queue, so that the relay's answer is seen at once."""
    target = settings().mail.relay
    if not target.host:
        print("Set mail.relay.host: no mail leaves this instance.", file=sys.stderr)
        return 2
    crypto.open_master_key(settings().server.data_dir / "master.key")
    with using(settings().community.language):
        letter = system.letter("test", options.address, {}, new_id())
    bounce = ours.token_address(Kind.BOUNCE, 0, 0)
    try:
        await relay.send(relay.Posting(bounce, options.address, compose.compose(letter)), target)
    except (relay.TemporaryFailure, relay.PermanentFailure) as error:
        print(
            f"{target.host}:{target.port} ({target.tls}): {type(error).__name__}: {error}",
            file=sys.stderr,
        )
        return 1
    print(f"{target.host}:{target.port} ({target.tls}) took the mail.")
    return 0


async def ingest(options: argparse.Namespace) -> int:
    """Needs no database: the mail is in the spool, or its server keeps it."""
    crypto.open_master_key(settings().server.data_dir / "master.key")
    refused = [to for to in options.recipient if ours.routes().refusal(to)]
    content = await asyncio.to_thread(
        sys.stdin.buffer.read, settings().mail.limits.message_bytes + 1
    )
    if refused or len(content) > settings().mail.limits.message_bytes:
        print("No such address" if refused else "Too much mail data", file=sys.stderr)
        return UNUSABLE
    arrival = Arrival(options.sender, tuple(options.recipient), "127.0.0.1", "PIPE", content)
    answer = await intake.Intake(serving.spool()).receive(arrival)
    print(answer, file=sys.stderr)
    return {"2": 0, "4": TEMPORARY}.get(answer[0], UNUSABLE)


async def show_queues(options: argparse.Namespace) -> int:
    """What waits, what failed, and for how long the oldest has waited."""
    async with opened(options.settings):
        if options.retry:
            await MailOut.filter(state__in=[QUEUED, FAILED]).update(
                state=QUEUED, due_at=clock.now()
            )
            await queue.send_due()
        for state in (QUEUED, FAILED):
            print(f"out {state}: {await MailOut.filter(state=state).count()}")
    store = serving.spool()
    for state, count in store.depth().items():
        if count or state == "received":
            print(f"in {state}: {count}")
    waiting = store.due(time.time())
    print(f"in due now: {len(waiting)}")
    return 0
