"""What the product learns from the account feature."""

from rse.feature import Feature
from rse.identity.events import InvitationMade, LinkRequested
from rse.kernel.i18n import N_

from . import privacy, reactions
from .web import blueprint
from .web.own import navigation

feature = Feature(
    name="account",
    title=N_("Account"),
    models=None,
    privacy=privacy,
    web=blueprint,
    navigation=[navigation],
    reactions={LinkRequested: [reactions.mail_link], InvitationMade: [reactions.mail_invitation]},
)
