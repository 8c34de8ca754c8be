"""Changes to follows."""

from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, NotAllowed, NotFound
from rse.kernel.i18n import gettext as _

from .events import PersonFollowed
from .models import Follow

# The followed feed names them all in one query.
MOST_FOLLOWED = 500


async def follow(person: Person, followed_id: int) -> None:
    """Follow somebody who is with us; doing it twice changes nothing."""
    followed = await Person.get_or_none(id=followed_id)
    if followed is None:
        raise NotFound(_("This person does not exist, or not any more."))
    if followed.id == person.id:
        raise NotAllowed(_("You cannot follow yourself."))
    if not followed.is_active:
        raise Conflict(_("This account is switched off, and cannot be followed."))
    if await Follow.exists(follower_id=person.id, followed_id=followed.id):
        return
    if await Follow.filter(follower_id=person.id).count() >= MOST_FOLLOWED:
        raise Conflict(_("You follow %(n)s people, more than this is too many.", n=MOST_FOLLOWED))
    made = Follow(follower_id=person.id, followed_id=followed.id)
    async with transaction() as change:
        await Follow.bulk_create([made], ignore_conflicts=True)
        # Pressed twice at once, one of the two rows was not written: its event would name nothing.
        if await Follow.exists(id=made.id):
            change.record(PersonFollowed(made.id))


async def unfollow(person: Person, followed_id: int) -> None:
    """Stop following, also somebody who has left."""
    await Follow.filter(follower_id=person.id, followed_id=followed_id).delete()


async def toggle(person: Person, followed_id: int) -> bool:
    """Follow or stop following; whether they are followed now."""
    if await Follow.exists(follower_id=person.id, followed_id=followed_id):
        await unfollow(person, followed_id)
        return False
    await follow(person, followed_id)
    return True
