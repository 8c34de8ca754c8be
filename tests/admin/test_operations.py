"""General settings, the brand, jobs and mail."""

import pytest
from quart import Quart

from rse.admin.models import AdminAudit
from rse.identity.models import Account, Organisation, Person
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.kernel.models import OutboxJob
from rse.mail.models import FAILED, QUEUED, MailOut, Suppression
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
GENERAL = {
    "company": "Ostrelle",
    "language": "de",
    "timezone": "Europe/Berlin",
    "terms": "Be kind.",
}


@pytest.fixture(autouse=True)
async def admin(browser: Browser) -> Account:
    account = await make.account("Zoé Admin", admin=True)
    await browser.sign_in(account)
    await OutboxJob.all().delete()
    return account


async def test_general_settings_hold_from_the_next_page_on(browser: Browser, app: Quart) -> None:
    assert (await browser.post("/admin/general", GENERAL)).status_code == 303
    page = await browser.text("/admin/general")
    assert 'value="Ostrelle"' in page
    assert "Be kind." in page
    assert (await Organisation.get(is_ours=True)).name == "Ostrelle"
    newcomer = await make.account()
    assert newcomer.person.timezone == "Europe/Berlin"
    assert '<html lang="de"' in await Browser(app).text("/sign-in")
    assert '<html lang="fr"' in await (
        await Browser(app).get("/sign-in", Accept_Language="fr")
    ).get_data(as_text=True)
    [act] = await AdminAudit.all()
    assert act.action == "general.changed"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("company", " "),
        ("company", "x" * 121),
        ("language", "xx"),
        ("timezone", "Mars"),
        ("terms", "x" * 50_001),
    ],
)
async def test_a_wrong_setting_changes_nothing(browser: Browser, field: str, value: str) -> None:
    response = await browser.post("/admin/general", {**GENERAL, field: value})
    body = await response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'class="error"' in body
    assert not await Organisation.exists(name="Ostrelle")


async def test_new_terms_are_dated_and_the_same_ones_are_not(browser: Browser) -> None:
    from rse.identity.community import community

    await browser.post("/admin/general", GENERAL)
    dated = (await community()).terms_changed_at
    assert dated is not None
    await browser.post("/admin/general", {**GENERAL, "company": "Other"})
    assert (await community()).terms_changed_at == dated


async def test_the_brand_page_shows_what_is_proven(browser: Browser) -> None:
    page = await browser.text("/admin/branding")
    assert "accent-text" in page
    assert "Too faint" not in page


async def failing() -> OutboxJob:
    return await OutboxJob.create(
        subscriber="nowhere.at_all",
        payload={"event": "test.gone"},
        attempts=3,
        last_error="LookupError: <nowhere>",
    )


async def test_a_failed_job_is_shown_with_its_error_and_tried_again(browser: Browser) -> None:
    job = await failing()
    await drain()
    page = await browser.text("/admin/jobs")
    assert "LookupError" in page
    assert "<nowhere>" not in page
    before = (await OutboxJob.get(id=job.id)).due_at
    assert (await browser.post(f"/admin/jobs/{to_public(job.id)}/retry")).status_code == 303
    assert (await OutboxJob.get(id=job.id)).due_at < before
    [act] = await AdminAudit.all()
    assert (act.action, act.subject) == ("job.retried", "nowhere.at_all")


async def test_a_job_that_is_done_is_not_there_to_be_tried(browser: Browser) -> None:
    assert (await browser.post(f"/admin/jobs/{to_public(5)}/retry")).status_code == 404


async def test_the_overview_counts_failed_jobs(browser: Browser) -> None:
    await failing()
    assert "Failed, to be tried again</dt><dd>1</dd>" in await browser.text("/admin")


async def test_a_test_mail_goes_to_the_one_who_asks(browser: Browser, admin: Account) -> None:
    response = await browser.post("/admin/mail/test")
    assert f"A test mail to {admin.person.email}" in await response.get_data(as_text=True)
    mail = await MailOut.get(kind="system.test")
    assert mail.person_id == admin.person_id
    await MailOut.all().delete()
    await Person.filter(id=admin.person_id).update(email=None)
    refused = await browser.post("/admin/mail/test")
    assert refused.status_code == 422
    assert not await MailOut.exists()


async def test_waiting_and_failed_mails_are_shown_without_their_words(
    browser: Browser, admin: Account
) -> None:
    waiting = await MailOut.create(
        key="a", kind="system.test", person=admin.person, last_error="452 full"
    )
    await MailOut.create(key="b", kind="system.test", state=FAILED, last_error="550 <nobody>")
    page = await browser.text("/admin/mail")
    assert "452 full" in page
    assert "550 &lt;nobody&gt;" in page
    assert (await browser.post(f"/admin/mail/{to_public(waiting.id)}/retry")).status_code == 303
    assert (await MailOut.get(id=waiting.id)).state == QUEUED
    gone = await MailOut.get(key="b")
    assert (await browser.post(f"/admin/mail/{to_public(gone.id)}/retry")).status_code == 404


async def test_an_address_that_bounced_can_be_written_to_again(browser: Browser) -> None:
    blocked = await Suppression.create(address="full@ostrelle.example", score=9)
    assert "full@ostrelle.example" in await browser.text("/admin/mail")
    url = f"/admin/mail/suppressions/{to_public(blocked.id)}/lift"
    assert (await browser.post(url)).status_code == 303
    assert not await Suppression.exists()
    assert (await browser.post(url)).status_code == 404


async def test_the_record_goes_on_where_a_page_ends(browser: Browser, admin: Account) -> None:
    for number in range(55):
        await AdminAudit.create(
            actor=admin.person, action="mail.tested", subject=f"line {number:02}"
        )
    page = await browser.text("/admin/audit")
    assert "line 54" in page
    assert "line 04" not in page
    last = (await AdminAudit.get(subject="line 05")).id
    assert "line 04" in await browser.text(f"/admin/audit?before={to_public(last)}")
