"""The figures of the first page, each from the part that owns it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rse.federation import admin as federation
from rse.feed.models import Post
from rse.kernel import clock
from rse.kernel.ids import at_time
from rse.ldap.directory import directories
from rse.spaces.models import Space

from . import machinery, members
from .directories import run_rows
from .machinery import JobCounts, MailCounts
from .members import Counts

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DirectoryState:
    """The last run of one directory."""

    name: str
    words: str
    kind: str
    started_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """How the network is doing."""

    people: Counts
    spaces: int
    posts: int
    jobs: JobCounts
    mail: MailCounts
    partners: int
    partners_active: int
    partner_errors: int
    directories: Sequence[DirectoryState]


async def overview() -> Overview:
    partners = await federation.partners()
    return Overview(
        people=await members.counts(),
        spaces=await Space.filter(archived_at=None).count(),
        posts=await Post.filter(id__gte=at_time(clock.now() - WEEK), deleted_at=None).count(),
        jobs=await machinery.job_counts(),
        mail=await machinery.mail_counts(),
        partners=sum(1 for partner in partners if partner.card.state != "terminated"),
        partners_active=sum(1 for partner in partners if partner.card.state == "active"),
        partner_errors=sum(1 for partner in partners if partner.failures),
        directories=[await _last_run(directory.name) for directory in directories()],
    )


async def _last_run(name: str) -> DirectoryState:
    newest = await run_rows(name, limit=1)
    if not newest:
        return DirectoryState(name, "", "", None)
    run = newest[0]
    return DirectoryState(name, run.words, "ok" if run.state == "done" else "warn", run.started_at)
