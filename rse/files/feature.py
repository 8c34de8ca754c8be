"""The files feature."""

from rse.feature import Feature

from . import privacy, web

feature = Feature(
    name="files", title="Files", models="rse.files.models", privacy=privacy, web=web.blueprint
)
