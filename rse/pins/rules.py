"""Who may pin. Pure: no database, no clock."""

from rse.identity.models import Person
from rse.spaces import rules as spaces
from rse.spaces.models import Membership, Space
from rse.spaces.offers import is_offered

# More would push what is new off the screen.
MOST = 3


def may_pin(person: Person, space: Space, membership: Membership | None) -> bool:
    """Owners and moderators, while the space is written in."""
    if not is_offered(space, "pins"):
        return False
    return spaces.may_take_part(person, space, membership) and spaces.may_moderate(membership)


def may_unpin(person: Person, space: Space, membership: Membership | None) -> bool:
    """As for pinning; what stands above from before the space was without pins can still go."""
    return spaces.may_take_part(person, space, membership) and spaces.may_moderate(membership)
