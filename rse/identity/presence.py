"""The person's own switch over what others see of their being here."""

from .models import Person


async def show_presence(person: Person, *, shown: bool) -> None:
    """Let others see, or not, that the person is active now and writing."""
    await Person.filter(id=person.id).update(shows_presence=shown)
    person.shows_presence = shown
