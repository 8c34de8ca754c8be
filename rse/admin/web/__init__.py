"""The pages of the administration: none of them opens for anybody but administrators."""

from quart import Blueprint

from rse.identity.current import current_admin

from . import (
    directories,
    federation,
    general,
    invitations,
    mail,
    members,
    notices,
    outsiders,
    overview,
    profiles,
)

blueprint = Blueprint("admin", __name__)
for _pages in (
    overview,
    members,
    outsiders,
    invitations,
    general,
    profiles,
    directories,
    federation,
    mail,
    notices,
):
    blueprint.register_blueprint(_pages.blueprint)


@blueprint.before_request
async def for_administrators_only() -> None:
    """One guard for all of them, so that no page can forget it."""
    current_admin()
