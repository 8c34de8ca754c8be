"""The brand's files over HTTP: stylesheet, icons and manifest."""

import asyncio

import orjson
from quart import Blueprint, Response

from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.web.assets import IMMUTABLE, asset, content_hash, files
from rse.web.render import partial
from rse.web.shell import Shell

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


@blueprint.get("/offline")
async def offline() -> str:
    """What the installed app shows without a connection: the brand, and nothing of the reader."""
    return await partial("web/offline.html", shell=Shell(), scheme="")


@blueprint.get("/service-worker.js")
async def service_worker() -> Response:
    """The worker, with the version and the files it keeps; it changes when one of them does."""
    response = Response(_worker(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _worker() -> bytes:
    shell = ["/offline", asset("app.css"), brand().css_href, asset("fonts/inter-latin.woff2")]
    shell += [brand().icon_href("icon.svg"), asset("js/trusted-types.js")]
    facts = {
        "VERSION": f"{content_hash()}{brand().digest}",
        "SHELL": shell,
        "ICON": brand().icon_href("icon-192.png"),
    }
    head = "".join(
        f"const {name} = {orjson.dumps(value).decode()};\n" for name, value in facts.items()
    )
    return head.encode() + files()["worker/service-worker.js"].body


@blueprint.get("/manifest.webmanifest")
async def manifest() -> Response:
    body = orjson.dumps({**brand().manifest(), **_doors()})
    response = Response(body, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _doors() -> dict[str, object]:
    """Ways into the installed app: shortcuts, and what other apps share with it."""
    places = ((_("Write a post"), "/?compose=1"), (_("Notifications"), "/notifications"))
    return {
        "shortcuts": [{"name": name, "url": url} for name, url in places],
        "share_target": {
            "action": "/share",
            "method": "GET",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }


def _kept(body: bytes, content_type: str, digest: str) -> Response:
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = IMMUTABLE if digest == brand().digest else "no-cache"
    return response
