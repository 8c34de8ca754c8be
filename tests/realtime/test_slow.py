"""A browser that does not read is cut off; nobody else notices."""

import asyncio
import base64
import socket

from rse.config import settings
from rse.identity.models import Account, Session
from rse.kernel import clock
from rse.realtime.hub import hub
from rse.realtime.listener import WAITING_LIMIT, Listener
from tests import make
from tests.realtime.page import Room, Site, cookies

LONG = "x" * 40_000


async def stubborn(site: Site, account: Account, room: Room) -> socket.socket:
    """A client that subscribes and never reads again."""
    host, port = site.address.split(":")
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(line, (host, int(port)))
    headers = {
        "Host": site.address, "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": base64.b64encode(b"k" * 16).decode(),
        "Origin": settings().origin, **await cookies(account),
    }  # fmt: skip
    words = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    await loop.sock_sendall(line, f"GET /live HTTP/1.1\r\n{words}\r\n".encode())
    assert b"101" in await loop.sock_recv(line, 4096)
    message = f'{{"do":"subscribe","topics":["{room.topic}"]}}'.encode()
    # A masked text frame; the mask of zeros changes nothing.
    frame = bytes([0x81, 0x80 | len(message), 0, 0, 0, 0]) + message
    await loop.sock_sendall(line, frame)
    await loop.sock_recv(line, 4096)
    return line


async def test_a_slow_client_is_dropped_and_others_live(site: Site, room: Room) -> None:
    slow, fast = await make.account("Slow"), await make.account("Fast")
    room.welcome |= {slow.person_id, fast.person_id}
    async with site.page(fast) as page:
        await page.listen(room.topic)
        line = await stubborn(site, slow, room)
        try:
            assert len(hub.listeners()) == 2
            said = 0
            async with asyncio.timeout(30):
                while len(hub.listeners()) == 2:
                    await room.say(LONG)
                    assert await page.words(1) == [LONG]
                    said += 1
            assert said >= WAITING_LIMIT
            assert [each.person.id for each in hub.listeners()] == [fast.person_id]
            await room.say("and on we go")
            assert await page.words(1) == ["and on we go"]
        finally:
            line.close()


async def test_a_signal_to_many_leaves_room_for_others(site: Site, room: Room) -> None:
    """Two thousand listeners in this process: the loop is never held for all of them at once."""
    account = await make.account()
    room.welcome.add(account.person_id)
    session = await Session.create(
        account=account, token_key="k", token_hash=b"", expires_at=clock.now()
    )
    session.account = account
    listeners = [Listener(session) for _ in range(2000)]
    for listener in listeners:
        await hub.subscribe(listener, [room.topic])
        await listener.next()
    turns = 0
    hub.post(room.topic, "said", {"word": "all"})
    while not all(each._waiting for each in listeners):
        await asyncio.sleep(0)
        turns += 1
    assert turns >= 4
    for listener in listeners:
        hub.unsubscribe(listener, [room.topic])
