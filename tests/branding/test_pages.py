"""The brand over HTTP."""

import io

import orjson
import pytest
from PIL import Image
from quart import Quart
from quart.typing import TestClientProtocol as Client

from rse.branding import brand
from rse.web.assets import content_hash
from tests import make
from tests.web_client import Browser


async def test_the_stylesheet_is_kept_for_ever_at_its_own_address(client: Client) -> None:
    response = await client.get(brand().css_href)
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    assert (await response.get_data(as_text=True)).startswith("@layer brand{:root{--rse-")


async def test_an_old_address_still_answers_but_is_not_kept(client: Client) -> None:
    response = await client.get("/brand/0000000000000000.css")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"


async def test_the_manifest_names_the_brand_and_icons_that_exist(client: Client) -> None:
    manifest = await (await client.get("/manifest.webmanifest")).get_json(force=True)
    assert manifest["name"] == brand().name
    for icon in manifest["icons"]:
        response = await client.get(icon["src"])
        image = Image.open(io.BytesIO(await response.get_data(as_text=False)))
        assert "x".join(map(str, image.size)) == icon["sizes"]


async def test_the_favicon_is_there(client: Client) -> None:
    response = await client.get("/favicon.ico")
    assert response.mimetype == "image/vnd.microsoft.icon"


@pytest.mark.parametrize("name", ["icon-9.png", "..%2ftheme.toml"])
async def test_other_names_are_not_found(client: Client, name: str) -> None:
    assert (await client.get(f"/brand/{brand().digest}/{name}")).status_code == 404


async def test_pages_carry_the_brand_and_nothing_else(app: Quart, client: Client) -> None:
    page = await (await client.get("/sign-in")).get_data(as_text=True)
    assert f"<b>{brand().name}</b>" in page
    assert brand().css_href in page
    assert "RSE" not in page


async def test_the_app_can_be_installed_shared_with_and_keeps_its_identity(client: Client) -> None:
    manifest = await (await client.get("/manifest.webmanifest")).get_json(force=True)
    assert (manifest["id"], manifest["start_url"], manifest["display"]) == ("/", "/", "standalone")
    assert "maskable" in {icon["purpose"] for icon in manifest["icons"]}
    assert manifest["share_target"]["method"] == "GET"
    assert [entry["url"] for entry in manifest["shortcuts"]] == ["/?compose=1", "/notifications"]


async def test_what_the_worker_keeps_exists_and_its_version_follows_the_content(
    client: Client,
) -> None:
    response = await client.get("/service-worker.js")
    text = await response.get_data(as_text=True)
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    assert f'const VERSION = "{content_hash()}{brand().digest}"' in text
    [line] = [line for line in text.splitlines() if line.startswith("const SHELL = ")]
    for address in orjson.loads(line.removeprefix("const SHELL = ").rstrip(";")):
        assert (await client.get(address)).status_code == 200, address


async def test_the_offline_page_says_nothing_of_its_reader(browser: Browser) -> None:
    await browser.sign_in(await make.account("Inès Kerbrat"))
    response = await browser.get("/offline")
    page = await response.get_data(as_text=True)
    assert f"<b>{brand().name}</b>" in page
    assert "Inès" not in page and "_csrf" not in page


async def test_signing_out_clears_what_the_browser_keeps(browser: Browser) -> None:
    await browser.sign_in(await make.account("Inès Kerbrat"))
    assert "Page-Session" in (await browser.get("/")).headers
    response = await browser.post("/sign-out")
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert "Page-Session" not in (await browser.get("/sign-in")).headers
