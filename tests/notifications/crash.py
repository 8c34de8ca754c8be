"""A worker that is killed between telling a person and mailing them; started by test_crash.py.

python -m tests.notifications.crash DATA_DIR begin|die|go-on
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tortoise import Tortoise

from rse.config import load
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.events import Event, subscriptions
from rse.kernel.jobs import drain
from rse.notifications import NoticesCreated, due_by_mail, mark_mailed, notify
from rse.notifications.kinds import NoticeKind, NoticeRef, NoticeText, kinds
from rse.runtime import opened
from tests import make

LOG = "mailed.txt"


@dataclass(frozen=True, slots=True)
class Spoke(Event):
    name = "test.spoke"
    person_id: int


async def describe(refs: Sequence[NoticeRef]) -> Mapping[int, NoticeText]:
    return {ref.id: NoticeText(sentence="Somebody spoke", url="/") for ref in refs}


async def tell(event: Spoke) -> None:
    await notify("test.spoke", [event.person_id], key="spoke:1", object_id=1)
    if sys.argv[2] == "die":
        os.kill(os.getpid(), signal.SIGKILL)


async def mail(event: NoticesCreated) -> None:
    for number in event.notice_ids:
        if await due_by_mail(number):
            with (Path(sys.argv[1]) / LOG).open("a") as file:
                file.write(f"{number}\n")
            await mark_mailed(number, sent=True)


async def main(folder: str, what: str) -> None:
    kinds["test.spoke"] = NoticeKind("test.spoke", "Somebody speaks", describe)
    subscriptions.add(Spoke, tell)
    subscriptions.add(NoticesCreated, mail)
    settings = load(environment={"RSE_SERVER__DATA_DIR": folder, "RSE_LOG__LEVEL": "error"})
    async with opened(settings, migrating=False):
        if what == "begin":
            await Tortoise.generate_schemas()
            person = await make.person("Inès")
            async with transaction() as change:
                change.record(Spoke(person.id))
        else:
            clock.shift(timedelta(minutes=6 if what == "go-on" else 0))
            await drain()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
