"""Uploads that go on after a cut: the core of the tus protocol 1.0.0, and three extensions."""

import asyncio
import binascii
from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import UTC
from email.utils import format_datetime

from quart import Response, request

from rse.config import settings
from rse.files import actions, queries
from rse.files.rules import MEGABYTE
from rse.identity.current import current_person
from rse.kernel import limits
from rse.kernel.errors import Invalid, Unavailable
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public

from .blueprint import blueprint

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
PIECE = "application/offset+octet-stream"
# A dead connection holds the upload no longer than this; the next one goes on.
STALL_SECONDS = 20
PRECONDITION_FAILED, UNSUPPORTED = 412, 415
PER_HOUR = 600


@blueprint.route("/files/uploads", methods=["OPTIONS"])
async def abilities() -> Response:
    """What this server can do, for clients that ask."""
    response = _answer(204)
    most = max(settings().files.max_mb, settings().files.max_picture_mb)
    response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = EXTENSIONS
    response.headers["Tus-Max-Size"] = str(most * MEGABYTE)
    return response


@blueprint.post("/files/uploads")
async def begin() -> Response:
    """Announce a file: its length, and its name in Upload-Metadata."""
    person = current_person()
    if refusal := _other_version():
        return refusal
    await limits.hit(f"uploads:{person.id}", PER_HOUR, 3600)
    upload = await actions.begin(person, _name(), _number("Upload-Length"))
    response = _answer(201, queries.Progress(0, upload.size, upload.expires_at))
    response.headers["Location"] = f"/files/uploads/{to_public(upload.id)}"
    return response


@blueprint.route("/files/uploads/<id:upload_id>", methods=["HEAD"])
async def where(upload_id: int) -> Response:
    """How far it got."""
    if refusal := _other_version():
        return refusal
    return _answer(200, await queries.progress(current_person(), upload_id))


@blueprint.patch("/files/uploads/<id:upload_id>")
async def go_on(upload_id: int) -> Response:
    """The next piece, from Upload-Offset on."""
    person = current_person()
    if refusal := _other_version():
        return refusal
    if request.mimetype != PIECE:
        return _answer(UNSUPPORTED)
    reached = await actions.receive(person, upload_id, _number("Upload-Offset"), _arriving())
    return _answer(204, reached)


@blueprint.delete("/files/uploads/<id:upload_id>")
async def abandon(upload_id: int) -> Response:
    """Take it back."""
    await actions.abandon(current_person(), upload_id)
    return _answer(204)


async def _arriving() -> AsyncIterator[bytes]:
    body = aiter(request.body)
    while True:
        try:
            async with asyncio.timeout(STALL_SECONDS):
                piece = await anext(body)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Unavailable(_("The connection stood still. Go on with the upload.")) from None
        yield piece


def _other_version() -> Response | None:
    """The answer to a client that speaks another version of the protocol."""
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    response = _answer(PRECONDITION_FAILED)
    response.headers["Tus-Version"] = VERSION
    return response


def _answer(status: int, progress: queries.Progress | None = None) -> Response:
    response = Response(b"", status)
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    if progress:
        response.headers["Upload-Offset"] = str(progress.offset)
        response.headers["Upload-Length"] = str(progress.size)
        if progress.expires_at:
            response.headers["Upload-Expires"] = format_datetime(
                progress.expires_at.astimezone(UTC), usegmt=True
            )
    return response


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Invalid(_("This upload is not in the expected form."))
    return int(text)


def _name() -> str:
    """The name in the metadata: « filename » and its UTF-8 in base64."""
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _space, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return b64decode(value, validate=True).decode("utf-8", "replace")
            except (binascii.Error, ValueError):
                break
    return ""
