"""What the product learns from the account feature."""

from rse.feature import Feature
from rse.identity.events import InvitationMade, LinkRequested
from rse.kernel.i18n import N_
from rse.kernel.schedule import Timed
from rse.web import kept

from . import notices, privacy, reactions
from .events import JoinRequested
from .web import blueprint
from .web.doors import sign_in_again
from .web.own import navigation


async def start() -> None:
    """Whoever was signed out while writing meets the sign-in page, with the words."""
    kept.pages[:] = [sign_in_again]


feature = Feature(
    name="account",
    title=N_("Account"),
    models="rse.account.models",
    privacy=privacy,
    web=blueprint,
    navigation=[navigation],
    reactions={
        LinkRequested: [reactions.mail_link],
        InvitationMade: [reactions.mail_invitation],
        JoinRequested: [reactions.tell_administrators],
    },
    notices=notices.KINDS,
    schedule=[Timed(name="account.requests", seconds=86_400, run=reactions.forget_waiting)],
    start=start,
)
