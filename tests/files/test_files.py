"""Uploads: stored, shown, handed over, and only to those who may read the post."""

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rse.feed import actions as feed
from rse.feed.drafts import CommentDraft, PostDraft
from rse.feed.models import Post
from rse.files import actions, queries, rules
from rse.files.models import StoredFile
from rse.files.pictures import picture as preview_of
from rse.files.pictures import true_type
from rse.identity.models import Person
from rse.kernel.errors import Invalid, NotFound, TooLarge
from rse.kernel.ids import to_public
from rse.kernel.storage import blobs
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


def picture(size: tuple[int, int] = (64, 48), kind: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    image = Image.new("RGB", size, "#355f66")
    exif = Image.Exif()
    exif[0x010F] = "a camera of ours"
    image.save(buffer, kind, exif=exif)
    return buffer.getvalue()


async def post_with(author: Person, *files: StoredFile) -> Post:
    space = await make.space(author, access="invitation")
    ids = [to_public(file.id) for file in files]
    return await feed.publish(
        author, PostDraft(space=to_public(space.id), body="Voir la photo", files=ids)
    )


async def test_a_picture_gets_a_preview_without_what_the_camera_wrote() -> None:
    file = await actions.store(await make.person(), "photo.jpg", picture())
    preview = await blobs().read(file.preview_digest or "")
    assert Image.open(io.BytesIO(preview)).format == "WEBP"
    assert b"a camera of ours" not in preview
    assert (file.width, file.height) == (64, 48)


async def test_only_readers_of_the_post_get_its_files(browser: Browser) -> None:
    author = await make.account()
    file = await actions.store(author.person, "Plan.pdf", b"%PDF-1.4 plan")
    await post_with(author.person, file)
    address = f"/files/{to_public(file.id)}/Plan.pdf"
    await browser.sign_in(author)
    answer = await browser.get(address)
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    await browser.sign_in(await make.account())
    assert (await browser.get(address)).status_code == 404


async def test_an_upload_belongs_to_its_uploader_until_it_is_published() -> None:
    author, other = await make.person(), await make.person()
    file = await actions.store(author, "notes.txt", b"bonjour")
    assert (await queries.file_for(author, file.id)).id == file.id
    with pytest.raises(NotFound):
        await queries.file_for(other, file.id)
    with pytest.raises(NotFound):
        await post_with(other, file)
    assert await Post.all().count() == 0


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("page.png", b"<html><script>", "text/plain"),
        ("photo.jpg", b"MZ\x90\x00", "application/octet-stream"),
        ("report.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument"),
        ("picture.svg", b"<svg onload=alert(1)>", "text/plain"),
        ("x.txt", b"%PDF-1.7", "application/pdf"),
    ],
    ids=["page", "program", "document", "drawing", "pdf"],
)
def test_the_type_is_what_the_content_says(name: str, head: bytes, expected: str) -> None:
    assert true_type(name, head).startswith(expected)


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n broken", picture()[:200], b"GIF89a\x00\x00", b"\xff\xd8\xff"],
    ids=["png", "cut short", "gif", "three bytes"],
)
async def test_a_broken_picture_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        await actions.store(await make.person(), "photo", content)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=12),
    st.integers(0, 3000),
)
def test_no_damage_to_a_picture_is_anything_but_a_refusal(
    kind: str, changes: list[tuple[int, int]], length: int
) -> None:
    content = bytearray(picture(kind=kind))
    for place, value in changes:
        content[place % len(content)] = value
    with suppress(Invalid):
        preview_of(bytes(content[: length or None]), f"image/{kind.lower()}")


async def test_a_picture_that_unfolds_to_gigabytes_is_refused() -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    with pytest.raises(Invalid):
        await actions.store(await make.person(), "bomb.png", bomb.getvalue())


async def test_an_empty_file_and_a_huge_one_are_refused() -> None:
    person = await make.person()
    with pytest.raises(Invalid):
        await actions.store(person, "empty.txt", b"")
    with pytest.raises(TooLarge):
        await actions.store(person, "huge.bin", b"\x00" * (rules.max_bytes("huge.bin") + 1))


async def test_a_path_in_a_name_is_only_a_name() -> None:
    file = await actions.store(await make.person(), "../../etc/passwd\u202e", b"x")
    assert file.name == "passwd"


async def test_a_deleted_post_s_files_go_with_it() -> None:
    author = await make.person()
    file = await actions.store(author, "Plan.pdf", b"%PDF-1.4 unique")
    post = await post_with(author, file)
    await feed.delete(author, post.id)
    with pytest.raises(NotFound):
        await queries.file_for(author, file.id)
    await actions.remove_of(post_id=post.id)
    assert not blobs().path(file.digest).exists()


async def test_the_files_of_a_deleted_comment_are_gone_with_it() -> None:
    author = await make.person()
    post = await make.post(author)
    file = await actions.store(author, "notes.txt", b"bonjour")
    draft = CommentDraft(body="Voici", files=[to_public(file.id)])
    comment = await feed.comment(author, post.id, draft)
    assert (await queries.file_for(author, file.id)).id == file.id
    await feed.delete_comment(author, comment.id)
    with pytest.raises(NotFound):
        await queries.file_for(author, file.id)


async def test_forgetting_a_post_leaves_the_preview_another_post_shows() -> None:
    author = await make.person()
    gone, kept = [await actions.store(author, "photo.jpg", picture()) for _ in range(2)]
    gone_post = await post_with(author, gone)
    await post_with(author, kept)
    await actions.remove_of(post_id=gone_post.id)
    assert await blobs().read(kept.digest)
    assert await blobs().read(kept.preview_digest or "")
