"""Portraits: honest pictures become small squares, the others are refused with a sentence."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image
from quart import Quart
from werkzeug.datastructures import FileStorage

from rse.identity import portraits
from rse.identity.models import Person
from rse.kernel.ids import to_public
from rse.kernel.storage import blobs
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **options: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **options)
    return written.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6
    return picture(exif=exif)


def bomb() -> bytes:
    """A PNG head that promises 30,000 by 30,000 pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + name
            + content
            + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


async def upload(
    browser: Browser, content: bytes, kind: str, name: str = "me.jpg"
) -> tuple[int, str]:
    response = await browser._client.post(
        "/people/me/portrait",
        form={"_csrf": await browser.form_token()},
        files={"portrait": FileStorage(io.BytesIO(content), filename=name, content_type=kind)},
        headers={"Host": "127.0.0.1"},
    )
    return response.status_code, await response.get_data(as_text=True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_a_picture_becomes_a_small_square_without_its_past(
    browser: Browser, app: Quart, kind: str
) -> None:
    account = await make.account()
    await browser.sign_in(account)
    content = with_place() if kind == "JPEG" else picture(kind)
    assert (await upload(browser, content, f"image/{kind.lower()}"))[0] == 303
    digest = (await Person.get(id=account.person_id)).avatar_digest
    assert digest is not None
    kept = await blobs().read(digest)
    image = Image.open(io.BytesIO(kept))
    assert (image.format, image.size) == ("WEBP", (portraits.SIDE, portraits.SIDE))
    assert not image.getexif()
    assert b"taken at home" not in kept
    url = f"/people/{to_public(account.person_id)}/avatar/{digest[:16]}"
    assert url in await browser.text("/people")
    for address in (
        url,
        url + ".webp",
        f"/people/{to_public(account.person_id)}/avatar/{digest}.webp",
    ):
        response = await browser.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]
        assert "private" in response.headers["Cache-Control"]
    assert (await Browser(app).get(url)).status_code == 303


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (lambda: b"<html><script>alert(1)</script>", "image/png", "not the picture its name says"),
        (
            lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "image/svg+xml",
            "JPEG, PNG, WebP or GIF",
        ),
        (lambda: picture("PNG"), "image/jpeg", "not the picture its name says"),
        (lambda: picture("TIFF"), "image/jpeg", "not the picture its name says"),
        (lambda: picture("TIFF"), "image/tiff", "JPEG, PNG, WebP or GIF"),
        (lambda: picture()[:300], "image/jpeg", "not the picture its name says"),
        (lambda: b"", "image/png", "not the picture its name says"),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "image/png", "not the picture its name says"),
        (bomb, "image/png", "not the picture its name says"),
        (lambda: picture("GIF", (7200, 7200)), "image/gif", "too many pixels"),
        (lambda: b"x" * (portraits.MAX_BYTES + 1), "image/png", "at most 8"),
        (lambda: picture(), "application/octet-stream", "JPEG, PNG, WebP or GIF"),
    ],
)
async def test_what_is_no_honest_picture_is_refused_with_a_sentence(
    browser: Browser, content: Callable[[], bytes], kind: str, sentence: str
) -> None:
    account = await make.account()
    await browser.sign_in(account)
    status, body = await upload(browser, content(), kind)
    assert status == 422
    assert sentence in body
    assert (await Person.get(id=account.person_id)).avatar_digest is None


async def test_pressing_without_a_picture_is_explained(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    status, body = await upload(browser, b"", "application/octet-stream", "")
    assert status == 422
    assert "Choose a picture first" in body


async def test_no_other_file_is_served_as_a_portrait(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    other = await blobs().put(b"somebody's letter")
    await upload(browser, picture(), "image/jpeg")
    home = f"/people/{to_public(account.person_id)}/avatar"
    digest = str((await Person.get(id=account.person_id)).avatar_digest)
    for name in (other.digest, digest[:8], "", "..%2f..%2fmaster.key", digest + "0"):
        assert (await browser.get(f"{home}/{name}.webp")).status_code == 404


async def test_a_removed_portrait_is_gone_at_its_old_address(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    await upload(browser, picture(), "image/jpeg")
    digest = str((await Person.get(id=account.person_id)).avatar_digest)
    assert (await browser.post("/people/me/portrait/remove")).status_code == 303
    url = f"/people/{to_public(account.person_id)}/avatar/{digest}.webp"
    assert (await browser.get(url)).status_code == 404


def halves() -> bytes:
    """A wide picture, red at the left and blue at the right."""
    image = Image.new("RGB", (900, 300), "red")
    image.paste("blue", (450, 0, 900, 300))
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("across", "colour"), [("0", "red"), ("1000", "blue"), ("-50", "red"), ("99999", "blue")]
)
async def test_the_part_that_was_chosen_is_kept(browser: Browser, across: str, colour: str) -> None:
    me = await make.account()
    await browser.sign_in(me)
    response = await browser._client.post(
        "/people/me/portrait",
        form={"_csrf": await browser.form_token(), "across": across, "down": "500", "side": "400"},
        files={"portrait": FileStorage(io.BytesIO(halves()), "me.png", content_type="image/png")},
        headers={"Host": "127.0.0.1"},
    )
    assert response.status_code == 303
    digest = (await Person.get(id=me.person_id)).avatar_digest
    assert digest is not None
    kept = Image.open(io.BytesIO(await blobs().read(digest))).convert("RGB")
    red, _green, blue = kept.getpixel((190, 190))  # type: ignore[misc]
    assert (red > blue) == (colour == "red")
    assert kept.size == (384, 384)


def test_a_cut_stays_inside_whatever_is_asked() -> None:
    for cut in (portraits.Cut(), portraits.Cut(-9, 5000, 0), portraits.Cut(1000, 0, 10**9)):
        for size in ((1, 1), (3, 700), (700, 3)):
            left, top, right, bottom = cut.box(*size)
            assert 0 <= left < right <= size[0]
            assert 0 <= top < bottom <= size[1]
