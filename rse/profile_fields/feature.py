"""The profile fields feature. Its pages are those of people and of the administration."""

from rse.feature import Feature
from rse.kernel.i18n import N_

from . import privacy

feature = Feature(
    name="profile_fields",
    title=N_("Profile fields"),
    models="rse.profile_fields.models",
    privacy=privacy,
)
