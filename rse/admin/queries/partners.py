"""Partner companies as the administration shows them."""

from rse.federation import admin as federation
from rse.federation.admin import PartnerStatus
from rse.kernel.errors import NotFound
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.spaces.models import Space

STATES = {
    "offered": N_("waits for the other company"),
    "verifying": N_("compare the code"),
    "active": N_("active"),
    "suspended": N_("suspended"),
    "terminated": N_("ended"),
}
SHARE_STATES = {
    "invited": N_("offered"),
    "accepted": N_("accepted, being prepared"),
    "active": N_("shared"),
    "ended": N_("ended"),
    "rejected": N_("declined"),
}


def state_words() -> dict[str, str]:
    return {name: _(words) for name, words in STATES.items()}


def share_words() -> dict[str, str]:
    return {name: _(words) for name, words in SHARE_STATES.items()}


async def code_to_compare(partner: PartnerStatus) -> str:
    """The twelve digits, while there is something to compare: also for the side that waits."""
    if partner.card.state != "verifying":
        return ""
    return await federation.code(partner.card.id)


async def shareable_spaces(partner: PartnerStatus) -> list[Space]:
    """Spaces of ours that this partner has not been offered, the company's own left out."""
    taken = {share.space_id for share in partner.shares if share.state not in {"ended", "rejected"}}
    spaces = (
        await Space.filter(uri=None, is_company=False, archived_at=None)
        .order_by("search_name")
        .limit(500)
    )
    return [space for space in spaces if space.id not in taken]


async def share_belongs(partner_id: int, share_id: int) -> None:
    """NotFound unless the share is this partner's."""
    partner = await federation.partner(partner_id)
    if all(share.id != share_id for share in partner.shares):
        raise NotFound(_("This space is not shared with this partner."))
