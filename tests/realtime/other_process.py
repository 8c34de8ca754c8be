"""Another process of the same instance: says one thing to everybody, and ends.

python -m tests.realtime.other_process REDIS NAMESPACE signal TOPIC WORD
python -m tests.realtime.other_process REDIS NAMESPACE recheck TOPIC
python -m tests.realtime.other_process REDIS NAMESPACE drop PERSON
"""

import asyncio
import sys

from rse.kernel import redis
from rse.realtime.hub import Hub
from rse.realtime.redis_bridge import Bridge


async def main(url: str, namespace: str, what: str, *details: str) -> None:
    redis.open_client(url, namespace)
    client = redis.client()
    assert client is not None
    hub = Hub()
    bridge = Bridge(hub, client)
    bridge.start()
    await bridge.connected.wait()
    if what == "signal":
        await hub.signal(details[0], "said", {"word": details[1]})
    elif what == "recheck":
        await hub.recheck(details[0])
    else:
        await hub.drop(int(details[0]))
    await bridge.stop()
    await redis.close_client()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
