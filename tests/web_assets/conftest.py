"""The instance on a port of its own, and Chromium in front of it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from hypercorn.asyncio import serve
from hypercorn.config import Config
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from quart import Quart

from rse import config
from rse.config import Settings
from rse.identity.models import Account
from rse.identity.sessions import open_session
from rse.web.session import cookie_name
from tests.testenv.programs import Program

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Wear = Callable[[str], None]


@pytest_asyncio.fixture(loop_scope="session")
async def site(app: Quart, settings: Settings) -> AsyncIterator[str]:
    """The address of the instance; it believes in it, so that its own checks of origin hold."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = settings.server.model_copy(update={"public_url": address})
    config.use(settings.model_copy(update={"server": server}))
    hypercorn = Config()
    hypercorn.bind = [f"fd://{listening.detach()}"]
    hypercorn.graceful_timeout = 0.2
    hypercorn.accesslog = hypercorn.errorlog = None
    ending = asyncio.Event()
    serving = asyncio.create_task(
        serve(_without_lifespan(app), hypercorn, shutdown_trigger=ending.wait)  # type: ignore[arg-type]
    )
    yield address
    ending.set()
    await serving
    config.use(settings)


def _without_lifespan(app: Quart) -> object:
    async def asgi(scope: dict[str, object], receive: object, send: object) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)  # type: ignore[arg-type]
            return
        for reply in ("lifespan.startup.complete", "lifespan.shutdown.complete"):
            await receive()  # type: ignore[operator]
            await send({"type": reply})  # type: ignore[operator]

    return asgi


@pytest.fixture
def wear(site: str) -> Wear:
    """Dress the running instance in another brand."""

    def change(theme: str) -> None:
        brand = config.settings().brand.model_copy(update={"theme": theme})
        config.use(config.settings().model_copy(update={"brand": brand}))

    return change


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(chromium_program: Program) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_program.path,
            env=dict(chromium_program.env()),
            args=FLAGS,
        )
        yield browser
        await browser.close()


class Screen:
    """A page that remembers what went wrong on it."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.faults.append(message.text) if message.type in {"error", "warning"} else None
            ),
        )

    async def open(self, path: str) -> Page:
        await self.page.goto(self.address + path, wait_until="load")
        return self.page

    async def axe(self) -> list[str]:
        """Rules of accessibility that the page breaks, with where. Axe comes past the CSP."""
        session = await self.page.context.new_cdp_session(self.page)
        await session.send("Runtime.evaluate", {"expression": AXE.read_text()})
        found: list[str] = await self.page.evaluate(
            "rules => axe.run({runOnly: rules}).then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')))",
            RULES,
        )
        return found

    async def too_wide(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(await self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


Look = Callable[..., Awaitable[Screen]]


@pytest_asyncio.fixture(loop_scope="session")
async def look(site: str, chromium: Browser) -> AsyncIterator[Look]:
    """Sit down at a browser as somebody: `screen = await look(account, width=390, dark=True)`."""
    contexts: list[BrowserContext] = []

    async def sit_down(
        account: Account | None = None,
        *,
        width: int = 1440,
        dark: bool = False,
        script: bool = True,
    ) -> Screen:
        context = await chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="en-GB",
        )
        contexts.append(context)
        context.set_default_timeout(8000)
        if account:
            token = await open_session(account)
            await context.add_cookies(
                [{"name": cookie_name("session"), "value": token, "url": site}]
            )
        return Screen(await context.new_page(), site)

    yield sit_down
    for context in contexts:
        await context.close()
