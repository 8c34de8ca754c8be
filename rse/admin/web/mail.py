"""Mail: what waits, what failed, addresses that bounce, and a test."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.admin.actions import operations
from rse.admin.queries import machinery
from rse.config import settings
from rse.identity.current import current_account
from rse.kernel.errors import RseError
from rse.kernel.i18n import gettext as _
from rse.mail.models import FAILED, QUEUED
from rse.mail.ours import domain
from rse.mail.out.queue import is_on
from rse.web import go, render
from rse.web.form import Form, refused, typed

from .asked import asked_id

blueprint = Blueprint("mail", __name__)


@blueprint.get("/admin/mail")
async def mail() -> ResponseReturnValue:
    return await _page(Form())


@blueprint.post("/admin/mail/test")
async def send_test() -> ResponseReturnValue:
    account = current_account()
    try:
        await operations.send_test_mail(account)
    except RseError as error:
        return refused(error, await _page(await typed(error)))
    address = account.person.email or ""
    return await _page(Form(), _("A test mail to %(address)s is on its way.", address=address))


@blueprint.post("/admin/mail/<id:mail_id>/retry")
async def retry(mail_id: int) -> ResponseReturnValue:
    await operations.retry_mail(current_account(), mail_id)
    return go("/admin/mail")


@blueprint.post("/admin/mail/suppressions/<id:suppression_id>/lift")
async def lift(suppression_id: int) -> ResponseReturnValue:
    await operations.lift_suppression(current_account(), suppression_id)
    return go("/admin/mail")


async def _page(form: Form, done: str = "") -> str:
    chosen = settings().mail
    return await render(
        "admin/mail.html",
        form=form,
        done=done,
        is_on=is_on(),
        relay=f"{chosen.relay.host}:{chosen.relay.port}" if is_on() else "",
        doors=[door for door in (chosen.smtp_bind, chosen.lmtp_bind) if door],
        domain=domain(),
        counts=await machinery.mail_counts(),
        waiting=await machinery.mails(QUEUED, asked_id("waiting")),
        failed=await machinery.mails(FAILED, asked_id("failed")),
        suppressions=await machinery.suppressions(),
    )
