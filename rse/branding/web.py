"""The brand's files over HTTP: stylesheet, icons and manifest."""

import asyncio

import orjson
from quart import Blueprint, Response

from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.web.assets import IMMUTABLE

from .brand import brand

blueprint = Blueprint("branding", __name__)


@blueprint.get("/brand/<digest>.css")
async def stylesheet(digest: str) -> Response:
    return _kept(brand().stylesheet.encode(), "text/css; charset=utf-8", digest)


@blueprint.get("/brand/<digest>/<name>")
async def icon(digest: str, name: str) -> Response:
    if name not in brand().icon_set.names():
        raise NotFound(_("This file does not exist."))
    body, content_type = await asyncio.to_thread(brand().icon_set.get, name)
    return _kept(body, content_type, digest)


@blueprint.get("/favicon.ico")
async def favicon() -> Response:
    body, content_type = await asyncio.to_thread(brand().icon_set.get, "favicon.ico")
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blueprint.get("/manifest.webmanifest")
async def manifest() -> Response:
    body = orjson.dumps(brand().manifest())
    response = Response(body, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _kept(body: bytes, content_type: str, digest: str) -> Response:
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = IMMUTABLE if digest == brand().digest else "no-cache"
    return response
