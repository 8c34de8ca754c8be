"""deliver: our partners' logs go out, signed, over real sockets; nothing is lost by a kill -9.

`python -m bench.work_deliver` sends what is due in the instance of the environment, and ends.
"""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from tortoise.expressions import F

from bench import world
from bench.frame import Bar, Prepared, workload
from bench.remotes import Process
from rse.config import Settings
from rse.federation.core import jcs, keys, stream
from rse.federation.core.vocab import Activity, Note
from rse.federation.io import delivery, keyring
from rse.federation.io.log import locked_lane
from rse.federation.io.models import CONTENT, FedOut, Lane
from rse.federation.names import activity_uri, object_uri
from rse.kernel import clock, schedule
from rse.kernel.db import dialect, transaction
from rse.kernel.ids import new_id
from rse.runtime import opened
from tests.federation.conftest import befriend, free_port
from tests.federation.peer import Peer

REMOTES, KILLED_AT, EACH = 20, 0.2, 10 * stream.PAGE_ITEMS
WORDS = "façade quai toile livret atelier mobilité réunion plan devis jeudi équipe " * 2
SIGN = "deliver-rsa-sign"
# At least 0.6 deliveries for each RSA-2048 signature the same core could make.
MOST = 1.67


@dataclass(slots=True)
class Sending:
    """An instance with its partners, and the time that was spent on filling their logs."""

    stack: AsyncExitStack
    settings: Settings
    remotes: Process
    partners: list[int] = field(default_factory=list)
    filling: float = 0.0

    async def fill(self, each: int) -> None:
        """Let so many activities wait for each partner; not a part of what is measured."""
        start = time.process_time()
        for partner_id in self.partners:
            await _append(partner_id, each)
        self.filling += time.process_time() - start

    async def send(self) -> None:
        await asyncio.gather(*map(delivery.deliver, self.partners))

    def clock(self) -> float:
        return time.process_time() - self.filling


@workload("one RSA-2048 signature, as `openssl speed rsa2048` makes it")
async def deliver_rsa_sign() -> Prepared:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    async def sign() -> None:
        key.sign(b"deliver", padding.PKCS1v15(), SHA256())

    return Prepared(sign, rounds_of=500)


@workload("send one activity to each of 20 partners: one of these deliveries", Bar(SIGN, MOST))
async def deliver_one() -> Prepared:
    sending = await _opened()

    async def send() -> None:
        await sending.fill(1)
        await sending.send()

    return Prepared(
        send, rounds_of=5, requests=REMOTES, cpu_seconds=sending.clock, close=sending.stack.aclose
    )


@workload("catch up: one activity, of pages of 64 to each of 20 partners", Bar(SIGN, MOST))
async def deliver_page() -> Prepared:
    sending = await _opened()

    async def send() -> None:
        await sending.fill(stream.PAGE_ITEMS)
        await sending.send()

    return Prepared(
        send, rounds_of=2, requests=REMOTES * stream.PAGE_ITEMS, cpu_seconds=sending.clock,
        close=sending.stack.aclose,
    )  # fmt: skip


@workload("one activity of a backlog, after the sender was killed in the middle of it")
async def deliver_after_kill() -> Prepared:
    sending = await _opened()
    await sending.fill(EACH)
    whole = REMOTES * EACH
    sender = _sender(sending.settings)
    while (await sending.remotes.tally()).get("activities", 0) < whole * KILLED_AT:
        await asyncio.sleep(0.02)
        assert sender.poll() is None, "the sender ended by itself"
    sender.kill()
    sender.wait()
    reached = (await sending.remotes.tally())["activities"]
    assert reached < whole, "killed too late"
    assert await asyncio.to_thread(_sender(sending.settings).wait) == 0
    tally = await sending.remotes.tally()
    lost = whole - tally["acknowledged"]
    assert (lost, tally.get("gaps", 0)) == (0, 0), tally
    counts: dict[str, int | float | str] = {
        "killed_after": reached, "of": whole, "lost": lost,
        "twice": tally["activities"] - whole, "sent_again": tally["again"],
    }  # fmt: skip

    async def send() -> None:
        await sending.fill(stream.PAGE_ITEMS)
        await sending.send()

    return Prepared(
        send, rounds_of=1, requests=REMOTES * stream.PAGE_ITEMS, cpu_seconds=sending.clock,
        counts=counts, close=sending.stack.aclose,
    )  # fmt: skip


async def _opened() -> Sending:
    stack = AsyncExitStack()
    settings = await stack.enter_async_context(world.instance())
    keyring.forget()
    key = keys.to_multikey((await keyring.root_key()).public_key())
    remotes = Process(free_port(), key)
    stack.callback(remotes.stop)
    await remotes.tally()
    sending = Sending(stack, settings, remotes)
    for number in range(2, 2 + REMOTES):
        origin = f"http://127.0.0.{number}:{remotes.port}"
        partner = await befriend(Peer("", settings.origin, origin=origin), f"Company {number}")
        sending.partners.append(partner.id)
    return sending


async def _append(partner_id: int, count: int) -> None:
    """What `log.append` writes, in one go."""
    async with transaction():
        lane = await locked_lane(partner_id, CONTENT, outgoing=True)
        chain, rows = lane.head_chain, []
        for seq in range(lane.head + 1, lane.head + 1 + count):
            activity = _activity()
            body = jcs.canonical(activity.to_json())
            digest = stream.digest_of(body)
            chain = stream.link(chain, digest)
            rows.append(
                FedOut(
                    partner_id=partner_id, lane=CONTENT, seq=seq, activity_id=activity.id,
                    body=body, digest=digest, chain=chain,
                )
            )  # fmt: skip
        await FedOut.bulk_create(rows)
        await Lane.filter(id=lane.id).update(head=lane.head + count, head_chain=chain)


def _activity() -> Activity:
    number, group = new_id(), object_uri("spaces", 1)
    actor = object_uri("people", 1)
    note = Note(
        id=object_uri("posts", number), attributed_to=actor, audience=group,
        content=f"<p>{WORDS}</p>", published=clock.now(),
    )  # fmt: skip
    return Activity(
        id=activity_uri(f"bench:{number}"), type="Create", actor=actor, published=clock.now(),
        audience=group, object=note,
    )  # fmt: skip


def _sender(settings: Settings) -> subprocess.Popen[bytes]:
    """Another process of the same instance, that sends until nothing waits."""
    environment = {**os.environ, "RSE_BENCH_FOLDER": str(settings.server.data_dir)}
    return subprocess.Popen([sys.executable, "-m", "bench.work_deliver"], env=environment)


async def _send_all(settings: Settings) -> None:
    async with opened(settings, migrating=False):
        if dialect() == "sqlite":  # as at every start: whoever held a turn is dead
            await schedule.release_turns()
        while waiting := await Lane.filter(outgoing=True).exclude(acked__gte=F("head")):
            await asyncio.gather(*(delivery.deliver(lane.partner_id) for lane in waiting))
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(_send_all(world.settings_in(Path(os.environ["RSE_BENCH_FOLDER"]))))
