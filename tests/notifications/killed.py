"""A worker that is killed at a chosen step; started by test_killed.py.

python -m tests.notifications.killed begin|fan_out|go-on

The database and the relay come by the environment. `begin` dies right after its commit, `fan_out`
right after people were told. `go-on` works until nothing is left to do, unless somebody kills it.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta

from rse.config import load
from rse.feed import reactions
from rse.identity.sessions import open_session, session_for
from rse.kernel import clock
from rse.kernel.models import OutboxJob
from rse.mail.models import QUEUED, MailOut
from rse.notifications import notify
from rse.notifications.push import subscriptions
from rse.notifications.push.encryption import Receiver
from rse.runtime import opened, working
from rse.spaces import actions as spaces
from tests import make


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def begin() -> None:
    """Somebody with a device is mentioned: committed, and nothing more."""
    reader = await make.account("Lea Marchetti")
    session = await session_for(await open_session(reader))
    assert session is not None
    keys = Receiver(bytes.fromhex(os.environ["PUSH_KEY"]), bytes.fromhex(os.environ["PUSH_AUTH"]))
    await subscriptions.subscribe(reader.person_id, session, os.environ["PUSH_URL"], keys)
    author = await make.person("Amélie Roussel")
    space = await make.space(author)
    await spaces.admit(space.id, reader.person_id)
    await make.post(author, space, f"Vu, @{reader.person.handle} ?")
    die()


async def notify_and_die(*words: object, **more: object) -> None:
    await notify(*words, **more)  # type: ignore[arg-type]
    die()


async def work() -> None:
    """What `rse worker` does, until everything has settled."""
    async with working():
        while await OutboxJob.exists() or await MailOut.filter(state=QUEUED).exists():
            await asyncio.sleep(0.1)


async def main(what: str) -> None:
    settings = load(environment=dict(os.environ))
    # On PostgreSQL what a dead worker had leased comes back after five minutes.
    clock.shift(timedelta(minutes=float(os.environ.get("MINUTES_LATER", "0"))))
    async with opened(settings, migrating=what == "begin"):
        if what == "begin":
            await begin()
        if what == "fan_out":
            reactions.notify = notify_and_die  # type: ignore[attr-defined]
        await work()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
