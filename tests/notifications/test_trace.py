"""An administrator follows one notice from event to answer, and reads no word of anybody."""

from datetime import timedelta

import pytest
from quart import Quart

from rse.admin.models import AdminAudit
from rse.kernel import clock
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications import notify, preferences, trace
from rse.notifications.models import NoticeTrace
from tests import make
from tests.mail.post_office import post_office
from tests.mail.stories import mentioned
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def test_from_the_event_to_the_relay_s_answer_without_any_words(
    app: Quart, browser: Browser
) -> None:
    async with post_office(app) as office:
        reader, post, _mail = await mentioned(office)
    await browser.sign_in(await make.account("Nora", admin=True))
    page = await browser.text(f"/admin/notifications/trace?person={reader.handle}")
    assert "Somebody mentions me" in page
    assert "atelier" not in page
    [decision] = await NoticeTrace.filter(person_id=reader.id, step="decided", kind="feed.mention")
    one = await browser.text(f"/admin/notifications/trace/{to_public(decision.id)}")
    for word in ("Decided", "Queued", "Handed over", "no, a mail goes out at once"):
        assert (word in one) == (word != "no, a mail goes out at once"), word
    by_object = f"/admin/notifications/trace?thing=/posts/{to_public(post.id)}%23c-1"
    assert "Lea Marchetti" in await browser.text(by_object)
    assert "Nothing found" in await browser.text("/admin/notifications/trace?person=nobody")
    early = "/admin/notifications/trace?before=2001-01-01T00:00&person="
    assert "Nothing found" in await browser.text(early + reader.handle)
    assert await AdminAudit.exists(action="notices.traced", subject=reader.handle)


async def test_why_somebody_was_not_told_is_there_too() -> None:
    owner = await make.person()
    space = await make.space(owner, access="secret")
    muted, outside = await make.member(space, "Lea"), await make.person("Rui")
    await preferences.mute(muted.id, space.id)
    await make.post(owner, space, f"@{muted.handle} @{outside.handle}")
    await drain()
    [row] = await NoticeTrace.filter(person_id=muted.id, kind="feed.mention")
    assert row.reason == "in_app=level mail=level push=level digest=level"
    assert not await NoticeTrace.filter(person_id=outside.id).exclude(step="turned_away")


async def test_a_second_run_of_the_same_job_leaves_no_second_decision() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader = await make.member(space)
    await make.post(owner, space, f"@{reader.handle}")
    await drain()
    before = await NoticeTrace.filter(person_id=reader.id).count()
    row = await NoticeTrace.filter(person_id=reader.id, kind="feed.mention").first()
    assert row is not None
    await notify("feed.mention", [reader.id], key=row.event_key, object_id=row.object_id)
    assert await NoticeTrace.filter(person_id=reader.id).count() == before


async def test_it_is_forgotten_after_its_days() -> None:
    owner = await make.person()
    space = await make.space(owner)
    await make.member(space)
    await make.post(owner, space)
    await drain()
    clock.shift(timedelta(days=29))
    await trace.forget_old()
    assert await NoticeTrace.exists()
    clock.shift(timedelta(days=2))
    await trace.forget_old()
    assert not await NoticeTrace.exists()


async def test_only_administrators_come_in(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    for page in ("", "/trace"):
        assert (await browser.get(f"/admin/notifications{page}")).status_code == 403


async def test_the_rules_for_all_are_kept_and_refused_beside_the_field(browser: Browser) -> None:
    await browser.sign_in(await make.account("Nora", admin=True))
    form: dict[str, str | list[str]] = {
        "digest": "daily", "digest_hour": "7", "digest_weekday": "2", "quiet_from": "19:00",
        "quiet_to": "07:30", "days_off": ["5", "6"], "holidays": "2026-12-25\n2027-01-01",
        "people_may_choose": "on", "urgent_passes": "on", "trace_days": "10",
    }  # fmt: skip
    assert (await browser.post("/admin/notifications", form)).status_code == 303
    page = await browser.text("/admin/notifications")
    assert "2026-12-25\n2027-01-01" in page
    assert "Your company is quiet" in await browser.text("/settings/notifications")
    answer = await browser.post("/admin/notifications", {**form, "holidays": "Noël"})
    text = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "“Noël” is no day." in text
    await browser.post("/admin/notifications/defaults", {"in_app": ["feed.post"]})
    person = await make.person()
    assert (await preferences.matrix(person.id))["feed.post"] == {"in_app"}
    assert (await preferences.matrix(person.id))["announcements.new"] == {"in_app"}
