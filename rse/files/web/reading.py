"""Files to look at and to keep."""

from urllib.parse import quote

from quart import Response

from rse.files import queries
from rse.files.rules import ending
from rse.identity.current import current_person
from rse.kernel.storage import blobs

from .blueprint import blueprint

# What a browser may show in place; everything else is handed over as a download.
SHOWN_IN_PLACE = {"application/pdf", "text/plain"}
# Text that a browser might take for a page or a drawing with scripts in it.
NEVER_IN_PLACE = {"svg", "svgz", "html", "htm", "xhtml", "xml", "xsl"}


@blueprint.get("/files/<id:file_id>/preview.webp")
async def preview(file_id: int) -> Response:
    """The small, clean picture of an image."""
    file = await queries.file_for(current_person(), file_id)
    content = await blobs().read(file.preview_digest or file.digest)
    response = Response(
        content, content_type="image/webp" if file.preview_digest else "application/octet-stream"
    )
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@blueprint.get("/files/<id:file_id>/<name>")
async def download(file_id: int, name: str) -> Response:
    """The file itself. The name in the address is for people only."""
    file = await queries.file_for(current_person(), file_id)
    shown = file.media_type in SHOWN_IN_PLACE and ending(file.name) not in NEVER_IN_PLACE
    place = "inline" if shown else "attachment"
    response = Response(await blobs().read(file.digest), content_type=file.media_type)
    if file.media_type == "text/plain":
        response.content_type = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(file.name)}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
