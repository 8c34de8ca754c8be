"""General settings, and the brand in force."""

from zoneinfo import available_timezones

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.account.queries import our_name
from rse.admin.actions import operations
from rse.admin.drafts import GeneralDraft
from rse.branding.brand import brand
from rse.branding.tokens import PAIRS
from rse.config import settings
from rse.identity.community import community
from rse.identity.current import current_account
from rse.kernel.errors import RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.web import go, render
from rse.web.form import Form, refused, typed

blueprint = Blueprint("general", __name__)

# The swatch's class, its name, and the two roles it shows.
SAMPLES = (
    ("sw-accent", N_("Text on accent"), "on-accent", "accent"),
    ("sw-soft", N_("Accent text"), "accent-text", "accent-soft"),
    ("sw-quiet", N_("Secondary text"), "text-3", "canvas"),
    ("sw-bar", N_("Text in the bar"), "bar-text", "bar-bg"),
)


@blueprint.get("/admin/general")
async def general() -> ResponseReturnValue:
    live = await community()
    values = {"language": live.language, "timezone": live.timezone, "terms": live.terms}
    return await _page(Form({**values, "company": await our_name()}))


@blueprint.post("/admin/general")
async def change_general() -> ResponseReturnValue:
    try:
        await operations.change_general(current_account(), await parse(GeneralDraft))
    except RseError as error:
        return refused(error, await _page(await typed(error)))
    return go("/admin/general")


async def _page(form: Form) -> str:
    zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
    return await render(
        "admin/general.html",
        form=form,
        zones=zones,
        terms_changed_at=(await community()).terms_changed_at,
        address=settings().origin,
        reactions=settings().community.reactions,
    )


@blueprint.get("/admin/branding")
async def branding() -> ResponseReturnValue:
    shown = brand()
    return await render(
        "admin/branding.html",
        theme=settings().brand.theme,
        shown=shown,
        samples=[
            (sample, _(label), shown.ratios[front, back]) for sample, label, front, back in SAMPLES
        ],
        pairs=[
            (pair, shown.ratios[pair.front, pair.back])
            for pair in PAIRS
            if (pair.front, pair.back) in shown.ratios
        ],
    )
