"""The socket of one page, which is accepted once and then only written to."""

from quart.wrappers import Websocket


class Line(Websocket):
    """What `/live` is asked through."""

    async def send_now(self, text: str) -> None:
        """Send without asking again whether the socket was accepted, as `send` does each time."""
        await self._send(text)
