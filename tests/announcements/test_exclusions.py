"""Who is left out, who is asked, and a list that anybody can verify."""

import io
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from rse.announcements import actions, queries
from rse.announcements.drafts import AnnouncementDraft
from rse.announcements.models import Announcement
from rse.feed.models import Post
from rse.kernel import clock
from rse.kernel.errors import NotAllowed
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications.models import Notification
from rse.spaces import actions as spaces
from tests import make
from tests.announcements.world import announce, day_after
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def test_who_is_left_out_by_name_or_space_is_neither_asked_nor_counted() -> None:
    owner = await make.person()
    space, crew = await make.space(owner), await make.space(owner, "Équipe de nuit")
    asked, named = await make.member(space, "Lea"), await make.member(space, "Rui")
    by_space = await make.member(space, "Théo")
    await spaces.admit(crew.id, by_space.id)
    draft = AnnouncementDraft(
        space=to_public(space.id), body="Casque.", except_people=f"@{named.handle.upper()},",
        except_spaces=[to_public(crew.id)],
    )  # fmt: skip
    post = await actions.publish(owner, draft)
    await drain()
    assert [p.person_id for p in await Notification.filter(kind="announcements.new")] == [asked.id]
    assert (await queries.progress_of([post.id]))[post.id].asked == 1
    for person in (named, by_space):
        assert await queries.standing(person) == []
        [state] = await queries.states(person, [post.id])
        assert not state.asked
        with pytest.raises(NotAllowed):
            await actions.acknowledge(person, post.id)
    assert await queries.standing(asked) == [post.id]


async def test_the_form_counts_before_anything_is_published(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    people = [await make.member(space) for _each in range(4)]
    form = {
        "space": to_public(space.id),
        "body": "Gardez ceci",
        "except_people": f"@{people[0].handle}",
    }
    answer = await browser.post("/announcements", {**form, "do": "count"})
    page = await answer.get_data(as_text=True)
    assert "3 people are asked." in page
    assert "Gardez ceci" in page
    assert not await Post.all().exists()
    answer = await browser.post("/announcements", {**form, "except_people": "@nobody.here"})
    assert answer.status_code == 422
    assert "Nobody here is called @nobody.here." in await answer.get_data(as_text=True)
    other = await make.space(access="secret")
    answer = await browser.post("/announcements", {**form, "except_spaces": to_public(other.id)})
    assert answer.status_code == 404
    assert not await Post.all().exists()
    await browser.post("/announcements", {**form, "do": "publish", "urgent": "on"})
    assert (await Announcement.get()).is_urgent


async def test_the_first_reminder_comes_as_many_days_before_as_was_chosen() -> None:
    owner = await make.person()
    space = await make.space(owner)
    await make.member(space)
    draft = AnnouncementDraft(
        space=to_public(space.id), body="Casque.", last_day=day_after(10), remind_days=7
    )
    await actions.publish(owner, draft)
    closes_at = (await Announcement.get()).closes_at
    assert closes_at
    for before, count in (
        (timedelta(days=7, hours=17), 0), (timedelta(days=7, hours=15), 1),
        (timedelta(days=1, hours=15), 1), (timedelta(hours=15), 2),
    ):  # fmt: skip
        clock.shift(closes_at - before - clock.now())
        await actions.remind()
        await drain()
        assert await Notification.filter(kind="announcements.reminder").count() == count


async def test_openssl_verifies_the_archive_and_refuses_a_changed_list(
    browser: Browser, tmp_path: Path
) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    reader = await make.member(space, "Lea")
    post = await announce(account.person, space)
    await actions.acknowledge(reader, post.id)
    answer = await browser.get(f"/announcements/{to_public(post.id)}/receipts.zip")
    archive = zipfile.ZipFile(io.BytesIO(await answer.get_data(as_text=False)))
    archive.extractall(tmp_path)
    assert "Lea" in (tmp_path / "receipts.csv").read_text("utf-8-sig")
    assert await browser.text("/announcements/key.pem") == (tmp_path / "key.pem").read_text()
    verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin",
              "-in", "receipts.csv", "-sigfile", "receipts.csv.sig"]  # fmt: skip
    assert subprocess.run(verify, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    text = (tmp_path / "receipts.csv").read_bytes()
    (tmp_path / "receipts.csv").write_bytes(text.replace(b"Lea", b"Rui"))
    assert subprocess.run(verify, cwd=tmp_path, check=False, capture_output=True).returncode != 0
