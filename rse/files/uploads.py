"""The files of a form, for every feature that takes some."""

from collections.abc import Sequence

from quart import g, request
from quart.datastructures import FileStorage

from rse.identity.models import Person
from rse.kernel.errors import Invalid, NotFound, RseError
from rse.kernel.i18n import ngettext
from rse.kernel.ids import parse_public, to_public

from . import actions, queries
from .models import StoredFile

# A script sends files ahead, piece by piece; the form then carries their ids under this name.
AHEAD = "uploads"


async def uploads(person: Person) -> list[str]:
    """Store the files of a form; outside ids of these and of those sent ahead, in order.

    When one is refused the others are kept: `kept` gives them for the form that comes back.
    """
    ids, refusal = await _received(person)
    g.files_in_hand = ids
    if refusal is not None:
        raise refusal
    return ids


async def kept(person: Person) -> list[StoredFile]:
    """The files of the form that was refused: they need not be sent again."""
    ids: Sequence[str] | None = g.get("files_in_hand")
    if ids is None:  # the words were refused before a file was looked at
        ids, _refusal = await _received(person)
    return await queries.in_hand(person, [parse_public(text) for text in ids])


async def _received(person: Person) -> tuple[list[str], RseError | None]:
    ahead = await _ahead(person)
    # Empty pickers send an empty part.
    sent: list[FileStorage] = [f for f in (await request.files).getlist("files") if f.filename]
    if len(ahead) + len(sent) > actions.MAX_FILES:
        sentence = ngettext(
            "Add at most %(n)s file at once.", "Add at most %(n)s files at once.", actions.MAX_FILES
        )
        return ahead[: actions.MAX_FILES], Invalid(sentence, {"files": sentence})
    refusal: RseError | None = None
    for file in sent:
        try:
            stored = await actions.store(person, file.filename or "", file.read())
            ahead.append(to_public(stored.id))
        except RseError as error:
            refusal = refusal or error
    return ahead, refusal


async def _ahead(person: Person) -> list[str]:
    """What was sent ahead and is still there; one that is gone is said to be, by `attach`."""
    texts = dict.fromkeys(filter(None, (await request.form).getlist(AHEAD)))
    found: list[str] = []
    for text in texts:
        try:
            found.append(to_public(parse_public(text)))
        except NotFound:
            continue
    return found
