"""Previews: looked at after the post is written, by the guarded client, kept once, taken off."""

import asyncio
import io
import socket
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
import pytest_asyncio
from PIL import Image

from rse.feed import actions as feed
from rse.feed.drafts import EditDraft, PostDraft
from rse.feed.models import Post
from rse.files.actions import release
from rse.identity.models import Account
from rse.kernel import clock
from rse.kernel.http import Client
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.kernel.storage import blobs
from rse.previews import actions, fetching
from rse.previews.models import LinkPreview, PostLink
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


def png(size: tuple[int, int] = (900, 600)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "#355f66").save(buffer, "PNG")
    return buffer.getvalue()


HTML = "text/html; charset=utf-8"
PAGE = '<title>Le pont neuf</title><meta property="og:image" content="/bridge.png">'


class Site:
    """Another web site, on a port of its own, that remembers what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.address = ""

    def put(self, path: str, body: str | bytes, kind: str = HTML, status: int = 200,
            **headers: str) -> str:  # fmt: skip
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, {"Content-Type": kind, **headers}, content)
        return self.address + path

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        path = head[0].split(" ")[1]
        self.asked.append((path, dict(h.lower().split(": ", 1) for h in head[1:] if ": " in h)))
        status, headers, body = self.pages.get(path, (404, {}, b""))
        lines = [f"HTTP/1.1 {status} x", *(f"{n}: {v}" for n, v in headers.items())]
        lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()
        writer.close()


@pytest_asyncio.fixture(loop_scope="session")
async def site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """A site on this machine, which the administrator allows to be asked."""
    found = Site()
    listening = socket.create_server(("127.0.0.1", 0))
    found.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = await asyncio.start_server(found.answer, sock=listening)
    client = Client(["127.0.0.0/8"], "test")
    monkeypatch.setattr(fetching, "_client", client)
    found.put("/pont", PAGE)
    found.put("/bridge.png", png(), "image/png")
    yield found
    server.close()
    await client.close()


async def written(account: Account, body: str, uri: str | None = None) -> Post:
    space = await make.space(account.person, access="invitation")
    post = await feed.publish(account.person, PostDraft(space=to_public(space.id), body=body))
    if uri:
        await Post.filter(id=post.id).update(uri=uri)
    await drain()
    return post


@pytest.fixture
async def ines(browser: Browser) -> Account:
    account = await make.account("Inès Kerbrat", admin=True)
    await browser.sign_in(account)
    return account


async def test_a_card_shows_the_page_and_its_picture_from_here(
    site: Site, browser: Browser, ines: Account
) -> None:
    post = await written(ines, f"Regardez {site.address}/pont")
    page = await browser.text(f"/posts/{to_public(post.id)}")
    assert "Le pont neuf" in page
    assert "bridge.png" not in page
    picture = await browser.get(f"/previews/{to_public(post.id)}/picture.webp")
    with Image.open(io.BytesIO(await picture.get_data(as_text=False))) as image:
        assert (image.format, image.width) == ("WEBP", 640)
    headers = site.asked[0][1]
    assert "cookie" not in headers
    assert "referer" not in headers
    await browser.sign_in(await make.account())
    assert (await browser.get(f"/previews/{to_public(post.id)}/picture.webp")).status_code == 404


async def test_a_page_is_asked_once_for_all_posts_until_it_is_old(
    site: Site, ines: Account
) -> None:
    for _again in range(3):
        await written(ines, f"Voir {site.address}/pont")
    assert [path for path, _headers in site.asked] == ["/pont", "/bridge.png"]
    assert await LinkPreview.all().count() == 1
    clock.shift(timedelta(days=8))
    site.put("/pont", "<title>Le pont fermé</title>")
    await written(ines, f"Voir {site.address}/pont")
    preview = await LinkPreview.get()
    assert (preview.title, preview.picture_digest) == ("Le pont fermé", None)


async def test_a_redirect_is_followed_three_times_at_most(site: Site, ines: Account) -> None:
    for number in range(5):
        site.put(f"/{number}", "", status=302, Location=f"/{number + 1}")
    site.put("/3", "<title>Arrivé</title>")
    await written(ines, f"{site.address}/0")
    assert (await LinkPreview.get()).title == "Arrivé"
    site.put("/3", "", status=302, Location="/4")
    site.put("/4", "<title>Trop loin</title>")
    await written(ines, f"{site.address}/0?again")
    assert not await LinkPreview.exists(title="Trop loin")


async def test_no_private_address_is_asked_not_even_by_a_redirect(
    site: Site, ines: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(ines, "http://169.254.169.254/latest/meta-data/")
    site.put("/away", "", status=302, Location="http://10.0.0.1/")
    await written(ines, f"{site.address}/away")
    guarded = Client([], "test")
    monkeypatch.setattr(fetching, "_client", guarded)
    for address in (f"{site.address}/pont", f"http://localhost:{site.address[-5:]}/pont"):
        site.asked.clear()
        await written(ines, address + "?guarded")
        assert site.asked == []
    await guarded.close()
    assert await LinkPreview.exclude(title="").count() == 0


Put = Callable[[Site], str]


@pytest.mark.parametrize(
    "put",
    [
        lambda site: site.put("/x", b"\x00" * 100, "application/octet-stream"),
        lambda site: site.put("/x", "<title>x</title>" + " " * 2_100_000),
        lambda site: site.put("/x", "<title>x</title>", HTML, 200, **{"Content-Encoding": "gzip"}),
        lambda site: site.put("/x", "<p>no title</p>"),
        lambda site: site.put("/x", "<title>x</title>", status=500),
        lambda site: site.put("/x", "", status=302, Location="ftp://x.example/"),
        lambda _site: "http://nowhere.invalid/",
    ],
    ids=["file", "huge", "packed", "mute", "broken", "elsewhere", "no such host"],
)
async def test_what_has_nothing_to_show_is_only_a_link(
    site: Site, browser: Browser, ines: Account, put: Put
) -> None:
    post = await written(ines, f"Voir {put(site)}")
    assert "link-card" not in await browser.text(f"/posts/{to_public(post.id)}")
    assert (await LinkPreview.get()).expires_at < clock.now() + timedelta(hours=2)


async def test_a_bomb_or_a_broken_picture_leaves_the_words(site: Site, ines: Account) -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    site.put("/bridge.png", bomb.getvalue(), "image/png")
    await written(ines, f"Voir {site.address}/pont")
    preview = await LinkPreview.get()
    assert (preview.title, preview.picture_digest) == ("Le pont neuf", None)


async def test_a_slow_page_is_given_up(
    site: Site, ines: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.05)

    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until whoever asked has hung up
        writer.close()

    server = await asyncio.start_server(slowly, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await written(ines, f"http://127.0.0.1:{port}/")
    assert (await LinkPreview.get()).title == ""
    server.close()


async def test_its_author_takes_it_off_with_one_click(
    site: Site, browser: Browser, ines: Account
) -> None:
    post = await written(ines, f"Voir {site.address}/pont")
    here = f"/posts/{to_public(post.id)}"
    assert "Remove this preview" in await browser.text(here)
    theo = await make.account("Théo Lindqvist")
    other = Browser(browser._app)
    await other.sign_in(theo)
    assert (await other.post(f"/previews/{to_public(post.id)}/removal")).status_code == 404
    await browser.post(f"/previews/{to_public(post.id)}/removal")
    assert "link-card" not in await browser.text(here)
    await feed.edit(ines.person, post.id, EditDraft(body=f"Voyez {site.address}/pont"))
    await drain()
    assert "link-card" not in await browser.text(here)
    site.put("/autre", "<title>Autre page</title>")
    await feed.edit(ines.person, post.id, EditDraft(body=f"Voyez {site.address}/autre"))
    await drain()
    assert "Autre page" in await browser.text(here)


async def test_the_administrator_switches_it_off(
    site: Site, browser: Browser, ines: Account
) -> None:
    assert "Look at the pages" in await browser.text("/admin/link-previews")
    await browser.post("/admin/link-previews", {})
    await written(ines, f"Voir {site.address}/pont")
    assert site.asked == []
    await browser.post("/admin/link-previews", {"are_on": "on"})
    await written(ines, f"Voir {site.address}/pont")
    assert len(site.asked) == 2
    await browser.sign_in(await make.account())
    assert (await browser.get("/admin/link-previews")).status_code == 403


async def test_a_partner_s_words_make_us_ask_nowhere(site: Site, ines: Account) -> None:
    space = await make.space(ines.person)
    draft = PostDraft(space=to_public(space.id), body=f"Voir {site.address}/pont")
    post = await feed.publish(ines.person, draft)
    await Post.filter(id=post.id).update(uri="https://brumelis.example/fed/posts/1")
    await drain()
    assert site.asked == []


async def test_it_goes_with_its_post_and_its_picture_when_nobody_shows_it(
    site: Site, ines: Account
) -> None:
    post = await written(ines, f"Voir {site.address}/pont")
    digest = (await LinkPreview.get()).picture_digest or ""
    await release(digest)
    assert blobs().path(digest).exists()
    await feed.delete(ines.person, post.id)
    await drain()
    assert await PostLink.all().count() == 0
    await actions.forget_unused()
    assert await LinkPreview.all().count() == 1
    clock.shift(timedelta(days=8))
    await actions.forget_unused()
    assert await LinkPreview.all().count() == 0
    assert not blobs().path(digest).exists()
