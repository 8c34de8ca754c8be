"""The channels, declared through the same socket as the features."""

from rse.branding import privacy as branding_privacy, web as branding_web
from rse.feature import Feature
from rse.identity import privacy as identity_privacy
from rse.identity.sessions import forget_expired
from rse.kernel.schedule import Timed

identity = Feature(
    name="identity",
    title="Identity",
    models="rse.identity.models",
    privacy=identity_privacy,
    schedule=[Timed(name="identity.sessions", seconds=3600, run=forget_expired)],
)

branding = Feature(
    name="branding",
    title="Brand",
    models=None,
    privacy=branding_privacy,
    web=branding_web.blueprint,
)

CHANNELS: tuple[Feature, ...] = (identity, branding)
