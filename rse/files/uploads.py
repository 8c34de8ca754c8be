"""The files of a form, for every feature that takes some."""

from quart import request
from quart.datastructures import FileStorage

from rse.identity.models import Person
from rse.kernel.ids import to_public

from . import actions


async def uploads(person: Person) -> list[str]:
    """Store the files of a form; their outside ids. Empty pickers send an empty part."""
    sent: list[FileStorage] = (await request.files).getlist("files")
    stored = [
        await actions.store(person, file.filename or "", file.read())
        for file in sent[: actions.MAX_FILES]
        if file.filename
    ]
    return [to_public(file.id) for file in stored]
