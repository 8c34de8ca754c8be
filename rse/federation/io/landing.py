"""The page an invite link opens when somebody follows it instead of pasting it."""

from rse.federation.core import invite
from rse.identity.people import our_organisation
from rse.web import render

from .inbox import blueprint


@blueprint.get(invite.PATH)
async def explain_link() -> str:
    """Says where the link belongs. What follows the # never reaches us."""
    company = (await our_organisation()).name
    return await render("federation/join.html", company=company)
