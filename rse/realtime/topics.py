"""What a page may listen to; each topic asks its own rule."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.ids import parse_public, to_public


@dataclass(frozen=True, slots=True)
class Topic:
    """`prefix:id` in the wire's words; `may_listen` is asked at subscription and recheck."""

    prefix: str
    may_listen: Callable[[Person, int], Awaitable[bool]]


topics: dict[str, Topic] = {}


def topic_of(prefix: str, number: int) -> str:
    """The name of a topic: `space:` and the id as it is written outside."""
    return f"{prefix}:{to_public(number)}"


async def may_listen(person: Person, name: str) -> bool:
    """Whether `person` may listen to the topic `name`; False as well for one that cannot be."""
    prefix, _colon, public = name.partition(":")
    topic = topics.get(prefix)
    if topic is None:
        return False
    try:
        number = parse_public(public)
    except NotFound:
        return False
    return await topic.may_listen(person, number)


async def _is_oneself(person: Person, number: int) -> bool:
    return person.id == number


ONESELF = Topic("person", _is_oneself)
