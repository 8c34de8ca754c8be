"""Carries signals between processes over Redis pub/sub; nothing durable, nothing depended on."""

import asyncio
import logging
from secrets import token_hex
from typing import Any

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from rse.kernel.redis import name_of

from .hub import Hub

log = logging.getLogger(__name__)

# How far the clocks of two processes may differ: two seconds, as ids count them.
CLOCK_SLACK = 2000 << 22
BACKLOG = 10_000
LONGEST_WAIT_SECONDS = 10.0
_TROUBLE = (RedisError, OSError, TimeoutError)


class Bridge:
    """Sends what this process signals, and delivers what the others do."""

    def __init__(self, hub: Hub, redis: Redis) -> None:
        self._hub = hub
        self._redis = redis
        self._channel = name_of("live")
        self._self = token_hex(8)
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue(BACKLOG)
        self._tasks: list[asyncio.Task[None]] = []
        self.connected = asyncio.Event()

    def start(self) -> None:
        self._hub.forward = self.send
        self._hub.slack = CLOCK_SLACK
        self._tasks = [
            asyncio.create_task(self._publish(), name="live.publish"),
            asyncio.create_task(self._listen(), name="live.listen"),
        ]

    async def stop(self) -> None:
        """Send what waits, for a second at most, and let go."""
        self._hub.forward = None
        try:
            async with asyncio.timeout(1):
                await self._outgoing.join()
        except TimeoutError:
            log.warning("%s live signals were not sent", self._outgoing.qsize())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def send(self, message: dict[str, object]) -> None:
        """Queue a message for the other processes; the newest is lost when Redis is long away."""
        try:
            self._outgoing.put_nowait(orjson.dumps({"from": self._self, **message}))
        except asyncio.QueueFull:
            log.warning("a live signal was not sent to other processes")

    async def _publish(self) -> None:
        while True:
            message = await self._outgoing.get()
            await self._publish_one(message)
            self._outgoing.task_done()

    async def _publish_one(self, message: bytes) -> None:
        wait = 0.1
        while True:
            try:
                await self._redis.publish(self._channel, message)
            except _TROUBLE as error:
                log.warning("Redis takes no signals: %s", type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)
            else:
                return

    async def _listen(self) -> None:
        wait = 0.1
        while True:
            try:
                await self._listen_once()
            except _TROUBLE as error:
                log.warning("Redis sends no signals: %s", type(error).__name__)
                wait = 0.1 if self.connected.is_set() else min(wait * 2, LONGEST_WAIT_SECONDS)
            self.connected.clear()
            await asyncio.sleep(wait)

    async def _listen_once(self) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=False) as subscription:
            await subscription.subscribe(self._channel)
            async for message in subscription.listen():
                if message["type"] == "subscribe":
                    # While nobody listened here, others may have signalled.
                    self._hub.resync_all()
                    self.connected.set()
                elif message["type"] == "message":
                    self._take(orjson.loads(message["data"]))

    def _take(self, message: dict[str, Any]) -> None:
        if message["from"] == self._self:
            return
        if message["do"] == "signal":
            self._hub.receive(message["id"], message["topic"], message["text"])
        elif message["do"] == "drop":
            self._hub.drop_here(message["person"])
        elif message["do"] == "recheck":
            self._hub.recheck_here(message["topic"], message["person"])
