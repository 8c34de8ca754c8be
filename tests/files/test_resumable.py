"""Uploads in pieces: begun, cut, gone on with, refused in words; the tus protocol's core."""

import io
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from PIL import Image
from quart import Quart, Response

from rse.feed.models import Post
from rse.files import actions, partial, privacy
from rse.files.metadata import without_metadata
from rse.files.models import StoredFile, Upload
from rse.identity.models import Account
from rse.kernel import clock
from rse.kernel.errors import Conflict, Invalid, TooLarge, Unavailable
from rse.kernel.ids import to_public
from rse.kernel.storage import blobs
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
PIECE = "application/offset+octet-stream"
TEXT = b"Bonjour, voici le rapport."


class Uploader:
    """A client that speaks tus."""

    def __init__(self, app: Quart, browser: Browser) -> None:
        self._client = browser._client
        self._browser = browser

    async def ask(self, method: str, path: str, body: bytes = b"", **more: str) -> Response:
        headers = {
            "Host": "127.0.0.1", "Tus-Resumable": "1.0.0", "Accept": "application/json",
            "X-CSRF-Token": await self._browser.form_token(),
            **{name.replace("_", "-"): value for name, value in more.items()},
        }  # fmt: skip
        verb = getattr(self._client, method.lower())
        answer: Response = await verb(path, data=body, headers=headers)
        return answer

    async def begin(self, name: str, size: int) -> Response:
        return await self.ask(
            "POST", "/files/uploads", Upload_Length=str(size),
            Upload_Metadata=f"filename {b64encode(name.encode()).decode()}",
        )  # fmt: skip

    async def piece(self, path: str, at: int, body: bytes) -> Response:
        return await self.ask("PATCH", path, body, Upload_Offset=str(at), Content_Type=PIECE)

    async def whole(self, name: str, content: bytes) -> Response:
        begun = await self.begin(name, len(content))
        assert begun.status_code == 201, await begun.get_data(as_text=True)
        return await self.piece(begun.headers["Location"], 0, content)


@pytest.fixture
async def account() -> Account:
    return await make.account("Inès Kerbrat")


@pytest.fixture
async def uploader(app: Quart, browser: Browser, account: Account) -> Uploader:
    await browser.sign_in(account)
    return Uploader(app, browser)


async def title_of(answer: Response) -> str:
    return str((await answer.get_json(force=True))["title"])


async def test_it_goes_on_where_it_was_cut(uploader: Uploader, account: Account) -> None:
    begun = await uploader.begin("rapport.txt", len(TEXT))
    path = begun.headers["Location"]
    assert "Upload-Expires" in begun.headers
    first = await uploader.piece(path, 0, TEXT[:10])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "10")
    where = await uploader.ask("HEAD", path)
    assert (where.headers["Upload-Offset"], where.headers["Upload-Length"]) == ("10", "26")
    assert where.headers["Cache-Control"] == "no-store"
    assert (await uploader.piece(path, 4, TEXT[4:])).status_code == 409
    assert (await uploader.piece(path, 10, TEXT[10:])).headers["Upload-Offset"] == "26"
    file = await StoredFile.get(uploader_id=account.person_id)
    assert (path.endswith(to_public(file.id)), file.name) == (True, "rapport.txt")
    assert await blobs().read(file.digest) == TEXT
    # The answer to the last piece may be lost: asking again says it is whole.
    assert (await uploader.ask("HEAD", path)).headers["Upload-Offset"] == "26"
    assert await Upload.all().count() == 0
    assert await partial.offset(file.id) == 0


async def test_what_arrived_before_the_connection_broke_is_kept(account: Account) -> None:
    upload = await actions.begin(account.person, "long.txt", 100)

    async def breaking() -> AsyncIterator[bytes]:
        yield b"x" * 40
        raise ConnectionResetError

    with pytest.raises(Unavailable):
        await actions.receive(account.person, upload.id, 0, breaking())
    assert await partial.offset(upload.id) == 40


async def test_only_its_owner_goes_on_with_it(uploader: Uploader, browser: Browser) -> None:
    path = (await uploader.begin("notes.txt", 10)).headers["Location"]
    await browser.sign_in(await make.account())
    assert (await uploader.ask("HEAD", path)).status_code == 404
    assert (await uploader.piece(path, 0, b"0123456789")).status_code == 404


async def test_two_connections_do_not_mix_their_bytes(account: Account) -> None:
    upload = await actions.begin(account.person, "notes.txt", 10)

    async def another() -> AsyncIterator[bytes]:
        yield b"01234"
        with pytest.raises(Conflict):
            await actions.receive(account.person, upload.id, 0, another())
        yield b"56789"

    await actions.receive(account.person, upload.id, 0, another())
    assert (await StoredFile.get(id=upload.id)).size == 10


async def test_more_than_was_announced_is_refused(account: Account) -> None:
    upload = await actions.begin(account.person, "notes.txt", 3)

    async def more() -> AsyncIterator[bytes]:
        yield b"four"

    with pytest.raises(TooLarge):
        await actions.receive(account.person, upload.id, 0, more())


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("setup.exe", 10, "is a program"),
        ("film.mkv", 15_000_001, "too large: 15 MB at most"),
        ("nothing.txt", 0, "is empty"),
        ("\u202e", 10, "no name"),
    ],
)
async def test_it_is_refused_before_a_byte_is_sent(
    uploader: Uploader, name: str, size: int, sentence: str
) -> None:
    answer = await uploader.begin(name, size)
    assert answer.status_code in {413, 422}
    assert sentence in await title_of(answer)


def bomb() -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.jpg", b"<html><script>alert(1)</script>", "not what its name says"),
        ("facture.pdf", b"PK\x03\x04 zip", "not what its name says"),
        ("notes.txt", b"MZ\x90\x00\x03", "whatever its name says"),
        ("bomb.png", bomb(), "bomb.png: This picture has too many pixels"),
        ("cut.png", b"\x89PNG\r\n\x1a\n broken", "cut.png: This picture cannot be read"),
    ],
    ids=["page", "archive", "program", "bomb", "damaged"],
)
async def test_a_lie_is_told_when_it_is_whole(
    uploader: Uploader, name: str, content: bytes, sentence: str
) -> None:
    answer = await uploader.whole(name, content)
    assert answer.status_code == 422
    assert sentence in await title_of(answer)
    assert await StoredFile.all().count() == await Upload.all().count() == 0


async def test_a_drawing_and_a_page_are_never_shown_in_place(
    uploader: Uploader, browser: Browser
) -> None:
    for name in ("logo.svg", "page.html"):
        await uploader.whole(name, b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>")
        file = await StoredFile.get(name=name)
        answer = await browser.get(f"/files/{to_public(file.id)}/{name}")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "image" not in answer.headers["Content-Type"]


async def test_another_version_or_type_is_told(uploader: Uploader) -> None:
    assert (await uploader.ask("HEAD", "/files/uploads/0000000000000")).status_code == 404
    answer = await uploader.ask("POST", "/files/uploads", Tus_Resumable="0.2.2")
    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
    path = (await uploader.begin("notes.txt", 10)).headers["Location"]
    wrong = await uploader.ask("PATCH", path, b"x", Upload_Offset="0", Content_Type="text/plain")
    assert wrong.status_code == 415
    odd = await uploader.ask("PATCH", path, b"x", Upload_Offset="-1", Content_Type=PIECE)
    assert odd.status_code == 422
    can = await uploader.ask("OPTIONS", "/files/uploads")
    assert can.headers["Tus-Extension"] == "creation,expiration,termination"


async def test_it_can_be_taken_back_and_is_forgotten_after_a_day(
    uploader: Uploader, account: Account
) -> None:
    path = (await uploader.begin("notes.txt", 10)).headers["Location"]
    await uploader.piece(path, 0, b"01234")
    assert (await uploader.ask("DELETE", path)).status_code == 204
    assert (await uploader.ask("HEAD", path)).status_code == 404
    left = await actions.begin(account.person, "left.txt", 10)
    clock.shift(timedelta(hours=25))
    await actions.forget_unfinished()
    assert not await Upload.exists(id=left.id)
    await actions.begin(account.person, "mine.txt", 10)
    await privacy.erase(account.person_id)
    assert await Upload.all().count() == 0


async def test_too_many_under_way_are_refused(account: Account) -> None:
    for number in range(actions.MAX_UNFINISHED):
        await actions.begin(account.person, f"{number}.txt", 10)
    with pytest.raises(Invalid, match="under way"):
        await actions.begin(account.person, "one more.txt", 10)


async def test_files_sent_ahead_come_with_the_post_and_with_the_form_that_was_refused(
    uploader: Uploader, browser: Browser, account: Account
) -> None:
    space = await make.space(account.person)
    await uploader.whole("rapport.txt", TEXT)
    file = await StoredFile.get(name="rapport.txt")
    form: dict[str, str | list[str]] = {
        "space": to_public(space.id), "body": "x" * 20_001, "uploads": [to_public(file.id)],
    }  # fmt: skip
    refused = await browser.post("/posts", form)
    page = await refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "rapport.txt" in page
    assert f'value="{to_public(file.id)}" checked' in page
    assert (await browser.post("/posts", {**form, "body": "Voici"})).status_code == 303
    post = await Post.get(author_id=account.person_id)
    assert (await StoredFile.get(id=file.id)).post_id == post.id


def photo(kind: str) -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "a camera of ours", 6
    more = {"comment": b"taken at home"} if kind == "JPEG" else {}
    Image.new("RGB", (64, 48), "#355f66").save(buffer, kind, exif=exif, **more)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_the_camera_wrote_is_not_in_the_file_either(kind: str) -> None:
    before = photo(kind)
    after = without_metadata(before, f"image/{kind.lower()}")
    assert b"a camera of ours" in before
    assert b"a camera of ours" not in after
    assert b"taken at home" not in after
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert new.tobytes() == old.tobytes()
        if kind == "JPEG":  # it still stands upright
            assert new.getexif()[0x0112] == 6


@pytest.mark.parametrize("length", [4, 20, 30, 100])
def test_a_picture_cut_short_is_left_as_it_is_or_shorter(length: int) -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        cut = photo(kind)[:length]
        assert len(without_metadata(cut, f"image/{kind.lower()}")) <= len(cut) + 40
