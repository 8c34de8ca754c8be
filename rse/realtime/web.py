"""`/live`: the page's line to the instance, as WebSocket or as server-sent events."""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import suppress
from secrets import randbelow
from typing import Any, Literal, cast

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from quart import Blueprint, Response, jsonify, request, websocket

from rse.config import settings
from rse.identity.current import current_person, current_session
from rse.identity.models import Session
from rse.identity.policy import profile_policy
from rse.identity.sessions import session_for
from rse.kernel import i18n
from rse.kernel.errors import Invalid, NotAllowed, NotFound, SignInRequired
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import LENGTH, parse_public
from rse.kernel.limits import hit
from rse.web.session import cookie_name

from .hub import hub
from .line import Line
from .listener import RULES, TOPICS_EACH, Listener
from .presence import active_among, beat
from .rings import encode
from .typing import tell_of_typing

blueprint = Blueprint("realtime", __name__)

MESSAGE_LIMIT = 16_384
PEOPLE_EACH = 100
MESSAGES, WINDOW_SECONDS = 60, 10.0
LEAVE_SECONDS = 2.0


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ask(_Said):
    """Listen to topics from the last envelope the page knows, or stop listening."""

    do: Literal["subscribe", "unsubscribe"]
    topics: list[str] = Field(min_length=1, max_length=TOPICS_EACH)
    after: str = Field("", max_length=LENGTH)


class Here(_Said):
    """Somebody has the page in front of them, and sees these people on it."""

    do: Literal["here"]
    people: list[str] = Field(default=[], max_length=PEOPLE_EACH)


class Writes(_Said):
    """Somebody is writing where this topic is about."""

    do: Literal["typing"]
    topic: str = Field(max_length=60)


_telling: TypeAdapter[Here | Writes] = TypeAdapter(Here | Writes)
_saying: TypeAdapter[Ask | Here | Writes] = TypeAdapter(Ask | Here | Writes)


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
        line = cast("Line", websocket._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
        await _until_first(_read(listener), _write(listener, line), _wait_for_end(listener))
    with suppress(TimeoutError):  # a browser that does not read does not say goodbye either
        async with asyncio.timeout(LEAVE_SECONDS):
            await websocket.close(listener.close_code, str(listener.spread_seconds or ""))
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
        said = _saying.validate_json(text)
    except ValidationError:
        return False
    if not isinstance(said, Ask):
        kind, data = await _hear(listener.person.id, said)
        if kind:
            listener.say(encode(0, "", kind, data))
    elif said.do == "subscribe":
        await hub.subscribe(listener, said.topics, _last_seen(said.after))
    else:
        hub.unsubscribe(listener, said.topics)
    return True


async def _hear(person_id: int, said: Here | Writes) -> tuple[str, dict[str, object]]:
    """What a page tells of its reader, and the answer: « off » when nobody wants to know."""
    if isinstance(said, Writes):
        told = await tell_of_typing(hub, person_id, said.topic)
        return ("", {}) if told else ("off", {"do": said.do})
    if not (await profile_policy()).presence:
        return "off", {"do": said.do}
    await beat(person_id)
    asked = {number: one for one in said.people if (number := _last_seen(one)) > 1}
    present = await active_among(list(asked))
    return "present", {"people": [asked[number] for number in present], "words": _("Active now")}


@blueprint.post("/live/said")
async def say() -> Response:
    """What a page tells over its socket, from a page whose way here lets none through."""
    person = current_person()
    await hit(f"live.said:{person.id}", MESSAGES, int(WINDOW_SECONDS))
    try:
        said = _telling.validate_json(await request.get_data())
    except ValidationError:
        raise Invalid(_("This cannot be read.")) from None
    kind, data = await _hear(person.id, said)
    return jsonify({"id": "", "topic": "", "kind": kind, "data": data})


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
        if listener.spread_seconds:
            yield f"retry: {500 + randbelow(listener.spread_seconds * 1000)}\n\n".encode()
