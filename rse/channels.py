"""The channels, declared through the same socket as the features."""

from rse.feature import Feature
from rse.federation import privacy as federation_privacy
from rse.federation.events import ActivitiesArrived, ActivitiesQueued
from rse.federation.io import apply, delivery, housekeeping, pull, routes
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

federation = Feature(
    name="federation",
    title="Federation",
    models="rse.federation.io.models",
    privacy=federation_privacy,
    web=routes.blueprint,
    reactions={
        ActivitiesArrived: [apply.apply_arrived],
        ActivitiesQueued: [delivery.wake_up],
    },
    schedule=[
        Timed(name="federation.deliver", seconds=1, run=delivery.keep_delivering),
        Timed(name="federation.apply", seconds=5, run=apply.retry_waiting),
        Timed(name="federation.pull", seconds=300, run=pull.catch_up_all),
        Timed(name="federation.forget", seconds=3600, run=housekeeping.tidy),
    ],
)

CHANNELS: tuple[Feature, ...] = (identity, federation)
