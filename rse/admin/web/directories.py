"""Directories: their state, the last runs, what the next would change, and approval."""

import asyncio

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.admin.actions import operations
from rse.admin.queries import directories as queries
from rse.identity.current import current_account
from rse.kernel.errors import Unavailable
from rse.kernel.i18n import gettext as _
from rse.ldap import runs
from rse.ldap.directory import Directory, named
from rse.ldap.errors import DirectoryError
from rse.web import go, render

blueprint = Blueprint("directories", __name__)

# A page cannot wait as long as a run may last.
PATIENCE_SECONDS = 40


@blueprint.get("/admin/directories")
async def directories() -> ResponseReturnValue:
    return await render("admin/directories.html", directories=await queries.directory_rows())


@blueprint.get("/admin/directories/<name>")
async def directory(name: str) -> ResponseReturnValue:
    chosen = named(name)
    return await render(
        "admin/directory.html",
        directory=await queries.directory_row(chosen),
        runs=await queries.run_rows(chosen.name),
        conflicts=await queries.conflicts(chosen.name),
    )


@blueprint.get("/admin/directories/<name>/runs/<id:run_id>")
async def run(name: str, run_id: int) -> ResponseReturnValue:
    found, changes = await queries.run_with_changes(named(name).name, run_id)
    return await render("admin/directory_run.html", name=name, run=found, changes=changes)


@blueprint.post("/admin/directories/<name>/preview")
async def preview(name: str) -> ResponseReturnValue:
    """Reads the directory now and writes nothing; a post, because it is work for another server."""
    proposal = await _proposal(named(name))
    return await render(
        "admin/directory_preview.html",
        name=name,
        proposal=queries.proposal_view(proposal),
    )


async def _proposal(chosen: Directory) -> runs.Proposal:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await runs.preview(chosen)
    except TimeoutError:
        raise Unavailable(
            _("Reading takes longer than this page can wait. Use the command line for a preview.")
        ) from None
    except DirectoryError as error:
        raise Unavailable(
            _("The directory could not be read: %(reason)s", reason=str(error))
        ) from error


@blueprint.post("/admin/directories/<name>/check")
async def check(name: str) -> ResponseReturnValue:
    chosen = named(name)
    return await render(
        "admin/directory_check.html", name=name, findings=await queries.findings(chosen)
    )


@blueprint.post("/admin/directories/<name>/runs")
async def read_now(name: str) -> ResponseReturnValue:
    await operations.request_sync(current_account(), named(name).name)
    return go(f"/admin/directories/{name}")


@blueprint.post("/admin/directories/<name>/runs/<id:run_id>/approval")
async def approve(name: str, run_id: int) -> ResponseReturnValue:
    found, _changes = await queries.run_with_changes(named(name).name, run_id)
    await operations.request_sync(current_account(), named(name).name, found.id)
    return go(f"/admin/directories/{name}")
