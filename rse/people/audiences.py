"""A narrower circle to suggest people from, such as a space's readers: told by features above."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from rse.identity.models import Person


class Where(NamedTuple):
    """A condition on the table `person`, aliased `p`, with its values."""

    sql: str
    values: tuple[int | str, ...]


Audience = Callable[[Person, int], Awaitable[Where]]
# One entry, "space": those who can read a space. It raises NotFound for a reader who cannot.
audiences: dict[str, Audience] = {}
