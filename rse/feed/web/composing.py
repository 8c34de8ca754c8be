"""The composer on a page of its own: refused words come back in it, and a preview stands above."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from quart import request
from quart.typing import ResponseReturnValue

from rse.feed.actions.words import words_of
from rse.feed.audience import choices
from rse.feed.drafts import MAX_WORDS
from rse.files.models import StoredFile
from rse.files.uploads import kept
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import Invalid, NotFound, RseError
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public
from rse.kernel.text import clean_text
from rse.spaces import queries as spaces
from rse.web.render import fragment_wanted, partial, render

from .blueprint import blueprint

# What stands in the place of bytes that were no UTF-8.
UNREADABLE = "\ufffd"


def check_readable(form: Mapping[str, str]) -> None:
    """Refuse words that arrived damaged, instead of publishing them with holes."""
    for name in ("title", "body"):
        if UNREADABLE in form.get(name, ""):
            sentence = _("Some characters arrived damaged. Replace each � and send again.")
            raise Invalid(sentence, {name: sentence})


async def refused(author: Person, error: RseError) -> ResponseReturnValue:
    """The composer with all that was typed and sent, and what to do about it."""
    fields = error.fields if isinstance(error, Invalid) else {}
    try:
        files = await kept(author)
    except RseError:
        files = []
    return await compose_page(author, files, error.message, fields), error.status


async def compose_page(
    author: Person,
    files: Sequence[StoredFile],
    error: str = "",
    fields: Mapping[str, str] | None = None,
    preview: str = "",
) -> str:
    form = await request.form
    return await render(
        "feed/compose.html", error=error, fields=fields or {}, typed=form, files=files,
        title=form.get("title", ""), sent_key=form.get("key", ""),
        choices=await choices(author), preview=Markup(preview),  # noqa: S704 - sanitised
    )  # fmt: skip


@blueprint.post("/posts/preview")
async def preview() -> ResponseReturnValue:
    """How the words would look, and who would be told; nothing is published."""
    author = current_person()
    form = await request.form
    body = clean_text(form.get("body", ""))[:MAX_WORDS]
    try:
        view = await spaces.writable_space(author, parse_public(form.get("space", "")))
        html = (await words_of(author, body, view.space.id)).html
    except NotFound:
        html = ""
    except RseError as error:
        return await refused(author, error)
    if fragment_wanted():
        return await partial("feed/_preview.html", html=Markup(html))  # noqa: S704 - sanitised
    return await compose_page(author, await kept(author), preview=html)
