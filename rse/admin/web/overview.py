"""The first page, the audit record and the jobs."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.admin.actions import operations
from rse.admin.queries import audit, machinery
from rse.admin.queries.overview import overview as figures
from rse.identity.current import current_account
from rse.mail.out.queue import is_on
from rse.web import go, render

from .asked import asked_id

blueprint = Blueprint("overview", __name__)


@blueprint.get("/admin")
async def overview() -> ResponseReturnValue:
    return await render("admin/overview.html", figures=await figures(), mail_is_on=is_on())


@blueprint.get("/admin/audit")
async def audit_page() -> ResponseReturnValue:
    return await render("admin/audit.html", acts=await audit.audit_rows(asked_id("before")))


@blueprint.get("/admin/jobs")
async def jobs() -> ResponseReturnValue:
    return await render(
        "admin/jobs.html",
        counts=await machinery.job_counts(),
        jobs=await machinery.failed_jobs(asked_id("before")),
    )


@blueprint.post("/admin/jobs/<id:job_id>/retry")
async def retry_job(job_id: int) -> ResponseReturnValue:
    await operations.retry_job(current_account(), job_id)
    return go("/admin/jobs")
