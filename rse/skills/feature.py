"""The skills feature."""

from rse.feature import Feature
from rse.kernel.i18n import N_

from . import privacy, web

feature = Feature(
    name="skills",
    title=N_("Skills"),
    models="rse.skills.models",
    privacy=privacy,
    web=web.blueprint,
)
