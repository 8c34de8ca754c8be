"""What the product learns from the account feature."""

from rse.feature import Feature
from rse.kernel.i18n import N_

from . import privacy
from .web import blueprint
from .web_join import blueprint as join
from .web_settings import blueprint as own_settings

blueprint.register_blueprint(join)
blueprint.register_blueprint(own_settings)

feature = Feature(
    name="account",
    title=N_("Account"),
    models=None,
    privacy=privacy,
    web=blueprint,
)
