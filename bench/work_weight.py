"""page-weight: what a page weighs, and how soon a slow phone shows it, in Chromium."""

import gzip
import os
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from playwright.async_api import BrowserContext, Response, async_playwright

from bench import world
from bench.frame import Bar, Prepare, Prepared, cpu_of, workload
from bench.served import Server
from bench.world import World
from rse.identity.models import Account
from rse.identity.sessions import open_session
from rse.kernel.ids import to_public
from rse.web.session import cookie_name
from tests.testenv import chromium
from tests.testenv.find import find

POSTS, LOADS = 1_000, int(os.environ.get("RSE_BENCH_LOADS", "3"))
PAGES = ("home", "post", "space", "people", "search")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# A mid-range phone on a fair mobile network: a quarter of this processor, 1.6 Mbit/s, 150 ms.
SLOWER = int(os.environ.get("RSE_BENCH_SLOWER", "4"))
NETWORK = {
    "offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750,
}  # fmt: skip
WATCH = """
window.seen = {lcp: 0, cls: 0, inp: 0};
new PerformanceObserver(l => l.getEntries().forEach(e => seen.lcp = e.startTime))
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(l => l.getEntries().forEach(e => e.hadRecentInput || (seen.cls += e.value)))
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(l => l.getEntries().forEach(e => seen.inp = Math.max(seen.inp, e.duration)))
  .observe({type: 'event', durationThreshold: 16, buffered: true});
"""
BARS = (
    Bar("", 40, count="html_kB"), Bar("", 30, count="css_kB"), Bar("", 45, count="script_kB"),
    Bar("", 1500, count="LCP_ms"), Bar("", 150, count="INP_ms"), Bar("", 0.05, count="CLS"),
)  # fmt: skip


class Seen(NamedTuple):
    """One load of one page."""

    sent: dict[str, int]
    times: dict[str, float]


def _path(page: str, made: World) -> str:
    return {
        "home": "/",
        "post": f"/posts/{to_public(made.last_post)}",
        "space": f"/spaces/{to_public(1)}",
        "people": "/people",
        "search": "/search?q=livret",
    }[page]


async def _browser(stack: AsyncExitStack) -> Any:
    program = find(["chromium"]).need("chromium")
    if not chromium.driver_runs():
        folder = Path(stack.enter_context(TemporaryDirectory()))
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(chromium.driver(program, folder))
    playwright = await stack.enter_async_context(async_playwright())
    launched = await playwright.chromium.launch(
        executable_path=program.path, env=dict(program.env()), args=FLAGS
    )
    stack.push_async_callback(launched.close)
    return launched


async def _load(context: BrowserContext, address: str) -> Seen:
    """A first visit: nothing is kept from before."""
    page, answers = await context.new_page(), list[Response]()
    page.on("response", lambda answer: answers.append(answer))
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await session.send("Network.emulateNetworkConditions", NETWORK)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.add_init_script(WATCH)
    await page.goto(address, wait_until="load", timeout=60_000)
    await page.wait_for_timeout(500)
    times = await page.evaluate("() => ({...seen})")
    await page.mouse.click(195, 400)
    await page.keyboard.press("Tab")
    await page.wait_for_timeout(300)
    times["inp"] = await page.evaluate("() => seen.inp")
    sent = {"document": 0, "stylesheet": 0, "script": 0}
    for answer in answers:
        if (kind := answer.request.resource_type) in sent:
            sent[kind] += len(gzip.compress(await answer.body(), 6))
    await page.close()
    return Seen(sent, times)


def _counts(seen: list[Seen]) -> dict[str, int | float | str]:
    sent, times = seen[-1].sent, [one.times for one in seen]
    return {
        "html_kB": round(sent["document"] / 1000, 1), "css_kB": round(sent["stylesheet"] / 1000, 1),
        "script_kB": round(sent["script"] / 1000, 1),
        "LCP_ms": round(median(one["lcp"] for one in times)),
        "INP_ms": round(median(one["inp"] for one in times)),
        "CLS": round(median(one["cls"] for one in times), 3),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def _page(name: str) -> Prepare:
    async def prepare() -> Prepared:
        stack = AsyncExitStack()
        async with world.filled(POSTS) as (settings, made):
            account = await Account.get(person_id=made.readers["usual"].id)
            token = await open_session(account)
        server = await Server.start("ours", settings.server.data_dir)
        stack.push_async_callback(server.stop)
        address = f"http://127.0.0.1:{server.port}"
        context = await (await _browser(stack)).new_context(
            viewport={"width": 390, "height": 844}, service_workers="block"
        )
        await context.add_cookies(
            [{"name": cookie_name("session"), "value": token, "url": address}]
        )

        async def load() -> Seen:
            return await _load(context, address + _path(name, made))

        await load()  # the server's own first time
        counts = _counts([await load() for _ in range(LOADS)])
        headers = {"Cookie": f"{cookie_name('session')}={token}"}

        async def ask() -> None:
            await server.ask(_path(name, made), headers)

        clock = cpu_of(server.pid)
        return Prepared(ask, 10, cpu_seconds=clock, counts=counts, close=stack.aclose)

    prepare.__name__ = f"page_weight_{name}"
    return prepare


for _name in PAGES:
    workload(f"{_name} on a slow phone: bytes sent, LCP, INP, CLS", *BARS)(_page(_name))
