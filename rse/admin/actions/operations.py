"""The network's own settings, and a hand for its machinery: jobs, mail, directories."""

from rse.admin.drafts import GeneralDraft
from rse.admin.events import SyncRequested
from rse.identity import people
from rse.identity.community import change_community
from rse.identity.models import Account
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid, NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.kernel.models import OutboxJob
from rse.mail import system
from rse.mail.events import MailQueued
from rse.mail.models import QUEUED, MailOut, Suppression

from .audit import note


async def change_general(actor: Account, draft: GeneralDraft) -> None:
    """Name, language, time zone and terms: in force from the next page on."""
    async with transaction():
        await people.our_organisation(draft.company)
        await change_community(draft.language, draft.timezone, draft.terms)
        await note(actor, "general.changed", subject=draft.company)


async def retry_job(actor: Account, job_id: int) -> None:
    """Run a waiting job now."""
    async with transaction():
        job = await OutboxJob.get_or_none(id=job_id)
        if job is None:
            raise NotFound(_("This job has been done in the meantime."))
        await OutboxJob.filter(id=job_id).update(due_at=clock.now())
        await note(actor, "job.retried", subject=job.subscriber)


async def send_test_mail(actor: Account) -> None:
    """A mail to oneself, by the same way as every other."""
    if not actor.person.email:
        raise Invalid(_("You have no mail address. Add one to your account first."))
    async with transaction():
        await system.send(
            "test",
            actor.person.email,
            actor.person.language,
            {"name": actor.person.display_name},
            person_id=actor.person_id,
        )
        await note(actor, "mail.tested")


async def retry_mail(actor: Account, mail_id: int) -> None:
    """Try a waiting mail now."""
    async with transaction() as change:
        if not await MailOut.filter(id=mail_id, state=QUEUED).update(due_at=clock.now()):
            raise NotFound(_("This mail does not wait any more."))
        change.record(MailQueued(mail_id))
        await note(actor, "mail.retried", subject=to_public(mail_id))


async def lift_suppression(actor: Account, suppression_id: int) -> None:
    """Write again to an address whose mails came back."""
    async with transaction():
        found = await Suppression.get_or_none(id=suppression_id)
        if found is None:
            raise NotFound(_("Mail goes to this address again already."))
        await Suppression.filter(id=found.id).delete()
        await note(actor, "mail.unblocked", subject=found.address)


async def request_sync(actor: Account, directory: str, approve: int = 0) -> None:
    """Have a directory read by the worker; a run may take minutes."""
    async with transaction() as change:
        change.record(SyncRequested(directory, approve))
        await note(actor, "directory.approved" if approve else "directory.read", subject=directory)
