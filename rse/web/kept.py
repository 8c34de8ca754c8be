"""Words sent by somebody whose session had ended: carried through the sign-in, and given back.

They travel in the sign-in form itself, so nothing of somebody unknown is stored. Whoever signs in
gets them only if they are the person whose page the form stood on.
"""

from collections.abc import Awaitable, Callable, Mapping

from werkzeug.datastructures import MultiDict

from rse.identity.models import Person
from rse.kernel.ids import to_public

PREFIX = "kept-"
# The form's field that says whose page it stood on: the outside id of the person.
WRITER = "writer"
MAX_CHARACTERS = 300_000

Taker = Callable[[Person, Mapping[str, str]], Awaitable[str]]
# The sign-in page with hidden fields; set by the feature that has the page.
pages: list[Callable[[MultiDict[str, str]], Awaitable[str]]] = []
# Who takes words back: each answers the address to go on at, or nothing.
takers: dict[str, Taker] = {}


def is_kept(form: Mapping[str, str]) -> bool:
    """Whether a form's words are worth carrying."""
    return bool(form.get(WRITER)) and bool(form.get("body", "").strip() or form.get("title"))


def carried(form: MultiDict[str, str]) -> dict[str, str]:
    """A form's fields under names of their own; none when they are too long to travel.

    What was chosen several times travels as one word, with commas.
    """
    fields = {f"{PREFIX}{name}": ",".join(form.getlist(name)) for name in form if name[:1] != "_"}
    return fields if sum(map(len, fields.values())) <= MAX_CHARACTERS else {}


async def give_back(person: Person, form: Mapping[str, str]) -> str:
    """After the sign-in: where the words wait; empty when there are none for this person."""
    words = {
        name.removeprefix(PREFIX): form[name] for name in form if name.startswith(PREFIX)
    }  # fmt: skip
    if words.pop(WRITER, "") != to_public(person.id):
        return ""
    for take in takers.values():
        if address := await take(person, words):
            return address
    return ""
