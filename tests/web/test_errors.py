"""Refusals and faults: a sentence, a reference for the logs, and nothing inside out."""

import json
import logging
from urllib.parse import quote

import pytest

from rse.kernel import reads
from rse.kernel.logs import JsonLines
from tests import make
from tests.web_client import Browser


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    caplog.handler.setFormatter(JsonLines())
    return caplog


async def test_a_fault_shows_a_reference_that_is_in_the_logs(
    browser: Browser, lines: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.sign_in(await make.account())

    async def broken(*_arguments: object) -> list[object]:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("rse.feed.queries.home_page", broken)
    answer = await browser.get("/")
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "secret detail" not in page
    [fault] = [json.loads(line) for line in lines.text.splitlines() if "unexpected error" in line]
    assert fault["request"] in page


async def test_the_error_page_stands_without_a_database(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.sign_in(await make.account())

    async def gone(*_arguments: object) -> list[object]:
        raise OSError("no database")

    monkeypatch.setattr(reads, "_fetch", gone)
    answer = await browser.get("/")
    assert answer.status_code == 500
    assert "<h1" in await answer.get_data(as_text=True)


async def test_the_logs_name_the_route_and_nobody(
    browser: Browser, lines: pytest.LogCaptureFixture
) -> None:
    await browser.sign_in(await make.account("Solène Marquet"))
    await browser.get("/people?q=Marquet")
    answered = [json.loads(line) for line in lines.text.splitlines() if '"answered"' in line]
    assert answered[-1]["route"].startswith("people.")
    assert answered[-1]["request"]
    assert "Marquet" not in lines.text


async def test_a_program_gets_problem_json(browser: Browser) -> None:
    answer = await browser.get("/posts/0000000000000", Accept="application/json")
    problem = json.loads(await answer.get_data())
    assert answer.status_code in {401, 404}
    assert answer.content_type == "application/problem+json"
    assert problem["title"]


async def test_every_answer_carries_the_policy(browser: Browser) -> None:
    for path in ("/sign-in", "/nothing-here", "/files/0000000000000/x"):
        answer = await browser.get(path)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example"]
)
async def test_sign_in_leads_to_no_other_site(browser: Browser, elsewhere: str) -> None:
    await browser.sign_in(await make.account())
    answer = await browser.get(f"/sign-in?next={quote(elsewhere)}")
    assert answer.headers["Location"] == "/"


async def test_a_fault_in_the_error_page_itself_still_gets_a_guarded_answer(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.sign_in(await make.account())

    async def broken(*_arguments: object, **_named: object) -> str:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("rse.web.errors.partial", broken)
    answer = await browser.get("/nowhere")
    assert answer.status_code in {404, 500}
    assert "secret detail" not in await answer.get_data(as_text=True)
    assert "Content-Security-Policy" in answer.headers
