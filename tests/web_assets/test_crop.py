"""The square of a picture, chosen by sliders and by dragging, is what is kept."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from rse.identity.models import Person
from rse.kernel.storage import blobs
from tests import make
from tests.web_assets.conftest import Look

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def halves(folder: Path) -> Path:
    """Red at the left, blue at the right."""
    image = Image.new("RGB", (900, 300), "red")
    image.paste("blue", (450, 0, 900, 300))
    image.save(folder / "me.png")
    return folder / "me.png"


async def kept_is_red(person: Person) -> bool:
    digest = (await Person.get(id=person.id)).avatar_digest
    assert digest is not None
    image = Image.open(io.BytesIO(await blobs().read(digest))).convert("RGB")
    red, _green, blue = image.getpixel((190, 190))  # type: ignore[misc]
    return bool(red > blue)


async def test_what_the_small_picture_shows_is_what_is_kept(look: Look, tmp_path: Path) -> None:
    me = await make.account("Inès Kerbrat")
    screen = await look(me)
    page = await screen.open("/people/me/portrait")
    await page.set_input_files("[name=portrait]", halves(tmp_path))
    view = page.locator("canvas.crop-view")
    await expect(view).to_be_visible()
    box = await view.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 90, box["y"] + 90)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 900, box["y"] + 90, steps=5)  # to the picture's left end
    await page.mouse.up()
    assert await page.locator("[name=across]").input_value() == "0"
    async with page.expect_navigation():
        await page.get_by_role("button", name="Use this picture").click()
    assert await kept_is_red(me.person)
    assert screen.faults == []


async def test_without_script_the_sliders_choose(look: Look, tmp_path: Path) -> None:
    me = await make.account("Inès Kerbrat")
    screen = await look(me, script=False)
    page = await screen.open("/people/me/portrait")
    await page.set_input_files("[name=portrait]", halves(tmp_path))
    await page.locator("[name=across]").focus()
    await page.keyboard.press("End")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Use this picture").click()
    assert not await kept_is_red(me.person)
