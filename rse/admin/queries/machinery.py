"""Jobs and mail: what waits, what failed, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rse.kernel import clock
from rse.kernel.ids import made_at
from rse.kernel.models import OutboxJob
from rse.kernel.pages import NEWEST, Page, page_of
from rse.mail.models import DROPPED, FAILED, QUEUED, SENT, MailDraft, MailOut, Suppression

PAGE = 50
LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class JobCounts:
    """`late` are due for longer than a worker that runs would leave them."""

    waiting: int
    failed: int
    late: int


async def job_counts() -> JobCounts:
    failed = OutboxJob.exclude(last_error="")
    return JobCounts(
        waiting=await OutboxJob.all().count(),
        failed=await failed.count(),
        late=await OutboxJob.filter(due_at__lt=clock.now() - LATE).count(),
    )


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job that failed at least once."""

    id: int
    subscriber: str
    event: str
    attempts: int
    made_at: datetime
    due_at: datetime
    error: str
    lane: str


async def failed_jobs(before: int | None = None) -> Page[JobRow]:
    found = (
        await OutboxJob.filter(id__lt=before or NEWEST)
        .exclude(last_error="")
        .order_by("-id")
        .limit(PAGE + 1)
    )
    page = page_of(found, lambda job: job.id, PAGE)
    return Page([_job(job) for job in page.items], page.next_cursor)


def _job(job: OutboxJob) -> JobRow:
    return JobRow(
        id=job.id,
        subscriber=job.subscriber,
        event=str(job.payload.get("event", "")),
        attempts=job.attempts,
        made_at=made_at(job.id),
        due_at=job.due_at,
        error=job.last_error,
        lane=job.lane,
    )


@dataclass(frozen=True, slots=True)
class MailCounts:
    """How mail stands. Settled mails are remembered for as long as they can be answered."""

    queued: int
    sent: int
    dropped: int
    failed: int
    kept_drafts: int


async def mail_counts() -> MailCounts:
    return MailCounts(
        queued=await MailOut.filter(state=QUEUED).count(),
        sent=await MailOut.filter(state=SENT).count(),
        dropped=await MailOut.filter(state=DROPPED).count(),
        failed=await MailOut.filter(state=FAILED).count(),
        kept_drafts=await MailDraft.filter(posted_at=None, expires_at__gt=clock.now()).count(),
    )


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail that waits or failed; never its words."""

    id: int
    kind: str
    person: str
    attempts: int
    made_at: datetime
    due_at: datetime
    error: str


async def mails(state: str, before: int | None = None) -> Page[MailRow]:
    """Mails in one state, newest first."""
    found = (
        await MailOut.filter(state=state, id__lt=before or NEWEST)
        .select_related("person")
        .order_by("-id")
        .limit(PAGE + 1)
    )
    page = page_of(found, lambda mail: mail.id, PAGE)
    return Page([_mail(mail) for mail in page.items], page.next_cursor)


def _mail(mail: MailOut) -> MailRow:
    return MailRow(
        id=mail.id,
        kind=mail.kind,
        person=mail.person.display_name if mail.person else "",
        attempts=mail.attempts,
        made_at=made_at(mail.id),
        due_at=mail.due_at,
        error=mail.last_error,
    )


async def suppressions() -> list[Suppression]:
    return await Suppression.all().order_by("-last_bounce_at").limit(100)
