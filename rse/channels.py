"""The channels, declared through the same socket as the features."""

from rse.feature import Feature
from rse.identity import privacy as identity_privacy
from rse.identity.sessions import forget_expired
from rse.kernel.schedule import Timed
from rse.ldap import jobs as ldap_jobs, privacy as ldap_privacy

identity = Feature(
    name="identity",
    title="Identity",
    models="rse.identity.models",
    privacy=identity_privacy,
    schedule=[Timed(name="identity.sessions", seconds=3600, run=forget_expired)],
)

ldap = Feature(
    name="ldap",
    title="Directories",
    models="rse.ldap.models",
    privacy=ldap_privacy,
    schedule=ldap_jobs.SCHEDULE,
    start=ldap_jobs.check_settings,
)

CHANNELS: tuple[Feature, ...] = (identity, ldap)
