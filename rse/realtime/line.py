"""The socket of one page: accepted once, and then written to by the shortest way."""

from hypercorn.typing import ASGISendCallable
from quart.asgi import ASGIWebsocketConnection
from quart.wrappers import Websocket


class SocketConnection(ASGIWebsocketConnection):
    """What an application is asked through over a WebSocket; nobody is told of each message."""

    async def send_data(self, send: ASGISendCallable, data: str | bytes) -> None:
        await send({"type": "websocket.send", "bytes": None, "text": str(data)})


class Line(Websocket):
    """The socket as `/live` sees it."""

    async def send_now(self, text: str) -> None:
        """Send without asking again whether the socket was accepted, as `send` does each time."""
        await self._send(text)
