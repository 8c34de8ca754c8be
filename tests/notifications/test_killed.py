"""kill -9 between any two steps from the event to the delivery: everything arrives, once."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.notifications.push_service import PushService, serving
from tests.testenv.mailcatcher import MailCatcher
from tests.testenv.postgres import PostgresServer

pytestmark = [pytest.mark.twoproc, pytest.mark.slow]


@dataclass
class Worker:
    """The worker processes of one story, one after the other, each later than the one before."""

    environment: dict[str, str]
    process: asyncio.subprocess.Process | None = None
    minutes: int = 0
    kills: list[str] = field(default_factory=list)

    async def run(self, what: str) -> int:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.notifications.killed", what,
            env={**os.environ, **self.environment, "MINUTES_LATER": str(self.minutes)},
        )  # fmt: skip
        self.minutes += 7
        async with asyncio.timeout(90):
            return await self.process.wait()

    def kill(self, where: str) -> None:
        """Once at each place."""
        if where not in self.kills and self.process is not None:
            self.kills.append(where)
            os.kill(self.process.pid, signal.SIGKILL)


@dataclass
class KillingCatcher(MailCatcher):
    """Takes the mail, and kills the worker before it hears that it was taken."""

    worker: Worker | None = None

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if self.worker is not None:
            self.worker.kill("mail")
        return answer


class Story:
    """A relay, a push service, a database, and workers that die."""

    def __init__(self, worker: Worker, catcher: KillingCatcher, push: PushService) -> None:
        self.worker, self.catcher, self.push = worker, catcher, push
        catcher.worker = worker


def database(request: pytest.FixtureRequest, folder: Path) -> dict[str, str]:
    """A database of the story's own, on the engine of this run."""
    if request.config.getoption("--engine") != "postgres":
        return {"RSE_DATABASE__URL": ""}
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return {"RSE_DATABASE__URL": server.create(f"rse_killed_{os.getpid()}")}


@pytest_asyncio.fixture(loop_scope="session")
async def story(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Story]:
    catcher = KillingCatcher()
    async with serving() as push, catcher:
        worker = Worker({
            **database(request, tmp_path),
            "RSE_SERVER__DATA_DIR": str(tmp_path), "RSE_SERVER__PUBLIC_URL": "http://127.0.0.1:8800",
            "RSE_LOG__LEVEL": "error", "RSE_NETWORK__ALLOWED_PRIVATE": '["127.0.0.0/8"]',
            "RSE_MAIL__DOMAIN": "mail.ostrelle.example", "RSE_MAIL__RELAY__HOST": "127.0.0.1",
            "RSE_MAIL__RELAY__PORT": str(catcher.port), "RSE_MAIL__RELAY__TLS": "none",
            "PUSH_URL": push.endpoint, "PUSH_KEY": push.receiver.public.hex(),
            "PUSH_AUTH": push.receiver.auth.hex(),
        })  # fmt: skip
        push.before_answer = lambda: worker.kill("push")
        yield Story(worker, catcher, push)


async def test_nothing_is_lost_and_nothing_is_told_twice_whatever_step_is_the_last(
    story: Story,
) -> None:
    worker = story.worker
    assert await worker.run("begin") == -signal.SIGKILL, "after the commit"
    assert await worker.run("fan_out") == -signal.SIGKILL, "after the fan-out"
    assert story.catcher.caught == []
    runs = 0
    while await worker.run("go-on") != 0:
        runs += 1
        assert runs < 6, "it never settles"
    assert sorted(worker.kills) == ["mail", "push"]
    # At least once by mail, and a mail program sees one: the Message-ID is the same.
    numbers = {str(mail.message["Message-ID"]) for mail in story.catcher.caught}
    assert (len(numbers), len(story.catcher.caught)) == (1, 2)
    # A push that came twice replaces itself: it bears the same tag.
    assert len({story.push.read(number)["tag"] for number in range(len(story.push.came))}) == 1
    assert await worker.run("go-on") == 0
    assert len(story.catcher.caught) == 2
