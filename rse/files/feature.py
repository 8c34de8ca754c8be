"""The files feature."""

from rse.feature import Feature
from rse.kernel.schedule import Timed

from . import actions, privacy, sweeping, web
from .texts import readings

feature = Feature(
    name="files",
    title="Files",
    models="rse.files.models",
    privacy=privacy,
    web=web.blueprint,
    schedule=[
        Timed(name="files.forget_unfinished", seconds=3600, run=actions.forget_unfinished),
        Timed(name="files.sweep", seconds=6 * 3600, run=sweeping.sweep),
        # By the clock and not in the outbox: a file that takes its time keeps no notice waiting.
        Timed(name="files.texts", seconds=5, run=readings.read_waiting),
        Timed(name="files.unread", seconds=3600, run=readings.want_missing),
    ],
)
