"""What the product learns from the administration."""

from collections.abc import Sequence

from rse.feature import Feature
from rse.identity.current import current_session
from rse.identity.models import Person
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.schedule import Timed
from rse.web.shell import NavItem

from . import privacy, reactions
from .events import InvitationsWanted, SyncRequested
from .web import blueprint

PAGES = (
    (N_("Overview"), "/admin", "chart-column"),
    (N_("General"), "/admin/general", "sliders-horizontal"),
    (N_("Branding"), "/admin/branding", "palette"),
    (N_("Profiles"), "/admin/profiles", "id-card"),
    (N_("Members and roles"), "/admin/members", "users"),
    (N_("Invitations"), "/admin/invitations", "user-plus"),
    (N_("Requests to join"), "/admin/requests", "door-open"),
    (N_("Directories"), "/admin/directories", "network"),
    (N_("Federation"), "/admin/federation", "link"),
    (N_("Mail"), "/admin/mail", "mail"),
    (N_("Notifications"), "/admin/notifications", "bell"),
    (N_("Jobs"), "/admin/jobs", "refresh-cw"),
    (N_("Audit log"), "/admin/audit", "list"),
)


async def navigation(_person: Person) -> Sequence[NavItem]:
    """Only for administrators."""
    session = current_session()
    if session is None or not session.account.is_admin:
        return []
    return [
        NavItem(group="admin", label=_(label), url=url, icon=icon, position=number)
        for number, (label, url, icon) in enumerate(PAGES)
    ]


feature = Feature(
    name="admin",
    title=N_("Administration"),
    models="rse.admin.models",
    privacy=privacy,
    web=blueprint,
    reactions={
        SyncRequested: [reactions.read_directory],
        InvitationsWanted: [reactions.make_invitations],
    },
    navigation=[navigation],
    schedule=[Timed(name="admin.lists", seconds=86_400, run=reactions.forget_lists)],
)
