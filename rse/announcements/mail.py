"""« I have read it », said from a mail."""

from rse.identity.models import Person
from rse.kernel.i18n import N_
from rse.kernel.text import excerpt, to_plain
from rse.mail.types import MailAction

from . import actions, queries

SHOWN = 600


async def show(person: Person, post_id: int) -> tuple[str, str]:
    """The announcement's title and words, if the person may still read it."""
    _found, post, view = await queries.announcement_for(person, post_id)
    plain = to_plain(post.html)
    return post.title or view.space.name, plain if len(plain) < SHOWN else excerpt(plain, SHOWN)


ACTIONS = (
    MailAction(
        kind="announcements.read",
        label=N_("I have read it"),
        done=N_("It is noted that you have read it."),
        show=show,
        run=actions.acknowledge,
    ),
)
