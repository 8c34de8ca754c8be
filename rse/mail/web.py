"""Pages behind links in mails: leave a conversation's mail, look at kept words and post them."""

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.config import settings
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import Invalid, RseError
from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import using
from rse.mail import bounce, drafts
from rse.mail.deeds import Deed, deed_of
from rse.mail.mime import parse
from rse.mail.models import MailDraft
from rse.mail.serving import spool
from rse.mail.types import MailFile
from rse.mail.unsubscribe import is_digest, kind_of, token_of, unsubscribe
from rse.web.csrf import csrf_exempt
from rse.web.render import go, render

blueprint = Blueprint("mail", __name__, url_prefix="/m")

ONE_CLICK = ("List-Unsubscribe", "One-Click")


@blueprint.get("/u/<token>")
async def unsubscribe_page(token: str) -> ResponseReturnValue:
    """Only shows a button: programs that open every link must change nothing."""
    return await _unsubscribe_page(token, is_done=False)


@blueprint.post("/u/<token>")
@csrf_exempt
async def unsubscribe_now(token: str) -> ResponseReturnValue:
    """The button of the page, or of the mail program (RFC 8058): the token is the right."""
    form = await request.form
    if form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        await unsubscribe(token_of(token))
        return "", 200
    if form.get("scope") not in {"thread", "kind"}:
        raise Invalid(_("Choose what you want no more mail about."))
    await unsubscribe(token_of(token), whole_kind=form["scope"] == "kind")
    return await _unsubscribe_page(token, is_done=True)


@blueprint.get("/d/<token>")
async def draft_page(token: str) -> ResponseReturnValue:
    draft = await drafts.draft_for(token)
    return await _draft_page(draft, error="")


@blueprint.post("/d/<token>")
@csrf_exempt
async def post_draft(token: str) -> ResponseReturnValue:
    """Post kept words; refused once more, they stay where they are."""
    draft = await drafts.draft_for(token)
    with using(draft.person.language, draft.person.timezone):
        try:
            await drafts.post(draft, await _files_of(draft))
        except RseError as error:
            return await _draft_page(draft, error=error.message), error.status
    return await _draft_page(await drafts.draft_for(token), error="")


@blueprint.get("/a/<token>")
async def deed_page(token: str) -> ResponseReturnValue:
    """Shows the thing and one button: programs that open every link must do nothing."""
    return await _deed_page(await deed_of(token), is_done=False)


@blueprint.post("/a/<token>")
@csrf_exempt
async def do_deed(token: str) -> ResponseReturnValue:
    """The token is the right to do this one thing; doing it twice is doing it once."""
    found = await deed_of(token)
    with using(found.person.language, found.person.timezone):
        await found.action.run(found.person, found.object_id)
    return await _deed_page(found, is_done=True)


async def _deed_page(found: Deed, *, is_done: bool) -> str:
    person, action = found.person, found.action
    with using(person.language, person.timezone):
        title, text = await action.show(person, found.object_id)
        return await render(
            "mail/deed.html", title=title, text=text, label=_(action.label),
            done=_(action.done), is_done=is_done,
        )  # fmt: skip


@blueprint.post("/again")
async def write_again() -> ResponseReturnValue:
    """The reader's address takes mail again, they say."""
    await bounce.write_again(current_person())
    return go("/settings/notifications")


async def _unsubscribe_page(token: str, *, is_done: bool) -> str:
    found = token_of(token)
    person = await Person.get_or_none(id=found.person_id)
    with using(person.language if person else settings().community.language):
        kind = kind_of(found)
        return await render(
            "mail/unsubscribe.html",
            token=token,
            kind=_(kind.title) if kind else "",
            is_digest=is_digest(found),
            is_done=is_done,
        )


async def _draft_page(draft: MailDraft, *, error: str) -> str:
    with using(draft.person.language, draft.person.timezone):
        return await render("mail/draft.html", draft=draft, error=error)


async def _files_of(draft: MailDraft) -> tuple[MailFile, ...]:
    """The files of the raw mail, as long as it is kept."""
    try:
        entry = spool().read(draft.spool_name)
    except FileNotFoundError:
        return ()
    return parse(entry.raw).files
