"""`/live`: the page's line to the instance, as WebSocket or as server-sent events."""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import suppress
from typing import Any, Literal, cast

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from quart import Blueprint, Response, request, websocket

from rse.config import settings
from rse.identity.current import current_session
from rse.identity.models import Session
from rse.identity.sessions import session_for
from rse.kernel import i18n
from rse.kernel.errors import NotAllowed, NotFound, SignInRequired
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import LENGTH, parse_public
from rse.web.session import cookie_name

from .hub import hub
from .line import Line
from .listener import RULES, TOPICS_EACH, Listener

blueprint = Blueprint("realtime", __name__)

MESSAGE_LIMIT = 16_384
MESSAGES, WINDOW_SECONDS = 60, 10.0
LEAVE_SECONDS = 2.0


class Ask(BaseModel):
    """What a page says: listen to topics from the last envelope it knows, or stop listening."""

    model_config = ConfigDict(extra="forbid")

    do: Literal["subscribe", "unsubscribe"]
    topics: list[str] = Field(min_length=1, max_length=TOPICS_EACH)
    after: str = Field("", max_length=LENGTH)


@blueprint.websocket("/live")
async def connect() -> tuple[str, int] | None:
    """One socket per tab. Requests' guards do not run here: the cookie and origin are checked."""
    session = await session_for(websocket.cookies.get(cookie_name("session"), ""))
    if websocket.headers.get("Origin", "") != settings().origin:
        return _("This page belongs to another site."), 403
    if session is None:
        return _("Please sign in."), 401
    i18n.use(session.account.person.language, session.account.person.timezone)
    await websocket.accept()
    listener = Listener(session)
    with hub.listening(listener):
        line = cast("Line", websocket._get_current_object())  # type: ignore[attr-defined]
        await _until_first(_read(listener), _write(listener, line), _wait_for_end(listener))
    with suppress(TimeoutError):  # a browser that does not read does not say goodbye either
        async with asyncio.timeout(LEAVE_SECONDS):
            await websocket.close(listener.close_code)
    return None


async def _until_first(*work: Coroutine[Any, Any, None]) -> None:
    """Run all until the first ends; the others end with it."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        done, _running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _wait_for_end(listener: Listener) -> None:
    await listener.closed.wait()


async def _write(listener: Listener, line: Line) -> None:
    while (text := await listener.next()) is not None:
        await line.send_now(text)


async def _read(listener: Listener) -> None:
    """Do what the page asks; a page that asks too much or nonsense is cut off."""
    window, count = time.monotonic(), 0
    while True:
        text = await websocket.receive()
        if time.monotonic() - window > WINDOW_SECONDS:
            window, count = time.monotonic(), 0
        count += 1
        if count > MESSAGES or not await _answer(listener, text):
            listener.close(RULES)
            return


async def _answer(listener: Listener, text: str | bytes) -> bool:
    if len(text) > MESSAGE_LIMIT:
        return False
    try:
        ask = Ask.model_validate(orjson.loads(text))
    except (orjson.JSONDecodeError, ValidationError):
        return False
    if ask.do == "subscribe":
        await hub.subscribe(listener, ask.topics, _last_seen(ask.after))
    else:
        hub.unsubscribe(listener, ask.topics)
    return True


def _last_seen(text: str) -> int:
    """The last envelope a page has seen; one nobody can read is older than all that are kept."""
    try:
        return parse_public(text) if text else 0
    except NotFound:
        return 1


@blueprint.get("/live/events")
async def events() -> Response:
    """The same envelopes for a browser whose way here lets no WebSocket through."""
    session = current_session()
    if session is None:
        raise SignInRequired(_("Please sign in."))
    if request.headers.get("Origin", settings().origin) != settings().origin:
        raise NotAllowed(_("This page belongs to another site."))
    topics = [name for name in request.args.get("topics", "").split(",") if name][:TOPICS_EACH]
    after = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    response = Response(
        _stream(session, topics, _last_seen(after)),
        content_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
    response.timeout = None
    return response


async def _stream(session: Session, topics: list[str], after: int) -> AsyncGenerator[bytes]:
    listener = Listener(session)
    with hub.listening(listener):
        yield b"retry: 3000\n\n"
        await hub.subscribe(listener, topics, after)
        while (text := await listener.next()) is not None:
            number = orjson.loads(text)["id"]
            yield (f"id: {number}\n" if number else "").encode() + f"data: {text}\n\n".encode()
