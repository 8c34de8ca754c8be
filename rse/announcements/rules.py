"""Who may announce, who is asked, and when they are reminded. Pure: no database, no clock."""

from datetime import datetime, timedelta

from rse.identity.models import Person
from rse.spaces import rules as spaces
from rse.spaces.models import Membership, Space
from rse.spaces.offers import is_offered

# Before the end of a day: at eight in its morning.
MORNING = timedelta(hours=16)
MOST_REMIND_DAYS = 14


def may_announce(
    person: Person, space: Space, membership: Membership | None, *, is_admin: bool
) -> bool:
    """Owners and moderators in their space; administrators in the company's."""
    if not spaces.may_post(person, space, membership):
        return False
    if not is_offered(space, "announcements"):
        return False
    # What waits for a moderator cannot ask everybody in the meantime.
    is_heard = is_admin and space.is_company and not spaces.must_wait(space, membership)
    return spaces.may_moderate(membership) or is_heard


def may_see_receipts(person: Person, author_id: int, membership: Membership | None) -> bool:
    """The author, and the owners and moderators of the space. Only for our own people."""
    return person.is_active and (person.id == author_id or spaces.may_moderate(membership))


def is_asked(
    person: Person, author_id: int, membership: Membership | None, since: datetime | None
) -> bool:
    """Our people who are in the space, the author not; `since` leaves out who came after it.

    Who is excluded is the announcement's own matter: the queries know.
    """
    if person.id == author_id or not person.is_local or not person.is_active:
        return False
    if membership is None or not spaces.is_member(membership):
        return False
    return since is None or membership.since <= since


def reminders_due(closes_at: datetime | None, now: datetime, days: int = 1) -> int:
    """How many reminders should have gone out by now; none once it is over.

    The first goes out `days` before the last day, the second on it, both in the morning.
    """
    if closes_at is None or closes_at <= now:
        return 0
    moments = (closes_at - MORNING - timedelta(days=days), closes_at - MORNING)
    return sum(1 for moment in moments if now >= moment)
