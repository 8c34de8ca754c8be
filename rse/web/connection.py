"""One exchange with a browser: every answer gets our headers and a line in the log.

Quart sends a body that is whole in two messages and from a task of its own; here it goes at once.
"""

import asyncio
import logging

from hypercorn.typing import ASGISendCallable
from quart import Request, Response
from quart.asgi import ASGIHTTPConnection
from quart.typing import ResponseTypes
from quart.wrappers.response import DataBody

from .headers import headers_of

log = logging.getLogger(__name__)


class Connection(ASGIHTTPConnection):
    """What an application is asked through over HTTP."""

    async def handle_request(self, request: Request, send: ASGISendCallable) -> None:
        response = await self.app.handle_request(request)
        # The route's name, never the address: addresses hold ids and search words.
        log.info(
            "answered", extra={"route": request.endpoint or "", "status": response.status_code}
        )
        try:
            async with asyncio.timeout(self._seconds(response)):
                await send(
                    {
                        "type": "http.response.start",
                        "status": response.status_code,
                        "headers": headers_of(request, response),
                    }
                )
                await self._send_body(send, response)
        except TimeoutError:
            log.warning("the answer was not taken in time")

    def _seconds(self, response: ResponseTypes) -> float | None:
        """How long sending may take; None for a stream that sets itself no end."""
        if isinstance(response, Response) and response.timeout is not Ellipsis:
            return None if response.timeout is None else float(response.timeout)
        return float(self.app.config["RESPONSE_TIMEOUT"])

    async def _send_body(self, send: ASGISendCallable, response: ResponseTypes) -> None:
        if isinstance(response, Response) and isinstance(response.response, DataBody):
            body = response.response
            await _send(send, body.data[body.begin : body.end], more=False)
            return
        if isinstance(response, Response):
            async with response.response as pieces:
                async for piece in pieces:
                    await _send(send, piece, more=True)
        else:
            for piece in response.response:
                await _send(send, piece, more=True)
        await _send(send, b"", more=False)


async def _send(send: ASGISendCallable, data: str | bytes, *, more: bool) -> None:
    body = data.encode() if isinstance(data, str) else data
    await send({"type": "http.response.body", "body": body, "more_body": more})
