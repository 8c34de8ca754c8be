"""Who may pin. Pure: no database, no clock."""

from rse.identity.models import Person
from rse.spaces import rules as spaces
from rse.spaces.models import Membership, Space

# More would push what is new off the screen.
MOST = 3


def may_pin(person: Person, space: Space, membership: Membership | None) -> bool:
    """Owners and moderators, while the space is written in."""
    return spaces.may_post(person, space, membership) and spaces.may_moderate(membership)
