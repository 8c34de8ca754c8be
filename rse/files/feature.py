"""The files feature."""

from rse.feature import Feature
from rse.kernel.schedule import Timed

from . import actions, privacy, web

feature = Feature(
    name="files",
    title="Files",
    models="rse.files.models",
    privacy=privacy,
    web=web.blueprint,
    schedule=[Timed(name="files.forget_unfinished", seconds=3600, run=actions.forget_unfinished)],
)
