"""What pages and features ask about partners and shares."""

from typing import NamedTuple

from rse.kernel.reads import rows_once, settled_rows

from .io.models import Partner, Share
from .names import object_uri
from .types import PartnerCard, ShareCard


async def partners_of(space_id: int) -> list[PartnerCard]:
    """The companies that read this space now, the host's among them when it is a mirror."""
    shares = await Share.filter(
        space_id=space_id, state="active", partner__state="active"
    ).select_related("partner__organisation")
    return [partner_card(share.partner) for share in shares]


class _Reader(NamedTuple):
    space_id: int
    company: str


READERS = """
SELECT s.space_id, o.name FROM fed_share s JOIN fed_partner p ON p.id = s.partner_id
JOIN organisation o ON o.id = p.organisation_id
WHERE s.state = 'active' AND p.state = 'active' AND s.space_id IS NOT NULL
ORDER BY s.id
"""


async def partner_names() -> dict[int, list[str]]:
    """The companies that read each shared space now. Hot: all shares, for they are few."""
    names: dict[int, list[str]] = {}
    for reader in await rows_once(_Reader, READERS, settled=True):
        names.setdefault(reader.space_id, []).append(reader.company)
    return names


class Company(NamedTuple):
    """A partner company, by its organisation's id."""

    id: int
    name: str


COMPANIES = """
SELECT o.id, o.name FROM fed_partner p JOIN organisation o ON o.id = p.organisation_id
WHERE p.state = 'active' AND EXISTS (
  SELECT 1 FROM fed_share s WHERE s.partner_id = p.id AND s.state = 'active')
ORDER BY o.name LIMIT 12
"""


async def partner_organisations() -> list[Company]:
    """The companies with which a space is shared now. Hot: the views of the home page."""
    return await settled_rows(Company, COMPANIES)


async def is_shared(space_id: int, partner_id: int) -> bool:
    """Whether content flows between this space and that partner now."""
    return await Share.exists(
        space_id=space_id, partner_id=partner_id, state="active", partner__state="active"
    )


async def is_logged(space_id: int) -> bool:
    """Whether what happens here is written down for a partner, to be sent now or later."""
    return await Share.exists(
        space_id=space_id, state="active", partner__state__in=("active", "suspended")
    )


async def mirror_is_live(space_id: int) -> bool:
    """For a mirror: whether its host still shares it and is still an active partner."""
    return await Share.exists(
        space_id=space_id, hosted_by_us=False, state="active", partner__state="active"
    )


async def mirror_of(space_id: int) -> ShareCard | None:
    """The share a mirror belongs to; None for a space of our own."""
    share = await _with_partner(space_id=space_id, hosted_by_us=False)
    return share_card(share) if share else None


async def share(share_id: int) -> ShareCard | None:
    found = await _with_partner(id=share_id)
    return share_card(found) if found else None


async def shares_of(partner_id: int) -> list[ShareCard]:
    """Every share with a partner, newest first."""
    found = await Share.filter(partner_id=partner_id).order_by("-id").select_related("partner")
    return [share_card(share) for share in found]


async def group_uri(space_id: int) -> str:
    """The federation id of a space: the host's for a mirror, ours otherwise."""
    mirrored = await Share.filter(space_id=space_id, hosted_by_us=False).order_by("-id").first()
    return mirrored.group_uri if mirrored else object_uri("spaces", space_id)


async def partner_of_organisation(organisation_id: int) -> PartnerCard | None:
    partner = await Partner.get_or_none(organisation_id=organisation_id).select_related(
        "organisation"
    )
    return partner_card(partner) if partner else None


def partner_card(partner: Partner) -> PartnerCard:
    """Needs the organisation loaded."""
    known = partner.organisation
    return PartnerCard(
        id=partner.id,
        organisation_id=known.id if known else 0,
        name=known.name if known else partner.name,
        host=partner.origin.partition("://")[2],
        hue=known.hue if known else None,
        state=partner.state,  # type: ignore[arg-type]
    )


def share_card(share: Share) -> ShareCard:
    """Needs the partner loaded."""
    return ShareCard(
        id=share.id,
        partner_id=share.partner_id,
        organisation_id=share.partner.organisation_id or 0,
        role="host" if share.hosted_by_us else "guest",
        group_uri=share.group_uri,
        group_name=share.group_name,
        group_summary=share.group_summary,
        space_id=share.space_id,
        state=share.state,  # type: ignore[arg-type]
    )


async def _with_partner(**where: object) -> Share | None:
    return await Share.filter(**where).order_by("-id").select_related("partner").first()
