"""What a page may listen to; each topic asks its own rule."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.ids import parse_public, to_public

Rule = Callable[[Person, int], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Topic:
    """`prefix:id` in the wire's words; `may_listen` is asked at subscription and recheck.

    `may_say` is asked of who tells the others that they write; None: nobody can. A topic that
    `follows` another prefix is rechecked whenever one of those is.
    """

    prefix: str
    may_listen: Rule
    may_say: Rule | None = None
    follows: str = ""


topics: dict[str, Topic] = {}


def topic_of(prefix: str, number: int) -> str:
    """The name of a topic: `space:` and the id as it is written outside."""
    return f"{prefix}:{to_public(number)}"


async def may_listen(person: Person, name: str) -> bool:
    """Whether `person` may listen to the topic `name`; False as well for one that cannot be."""
    topic, number = _read(name)
    return topic is not None and await topic.may_listen(person, number)


async def may_say(person: Person, name: str) -> bool:
    """Whether `person` may tell those who listen to the topic that they write there."""
    topic, number = _read(name)
    return topic is not None and topic.may_say is not None and await topic.may_say(person, number)


def follow(name: str, asked: str) -> bool:
    """Whether the rule of the topic `name` is to be asked again, when that of `asked` is."""
    topic = topics.get(name.partition(":")[0])
    return name == asked or (topic is not None and topic.follows == asked.partition(":")[0])


def _read(name: str) -> tuple[Topic | None, int]:
    prefix, _colon, public = name.partition(":")
    try:
        return topics.get(prefix), parse_public(public)
    except NotFound:
        return None, 0


async def _is_oneself(person: Person, number: int) -> bool:
    return person.id == number


ONESELF = Topic("person", _is_oneself)
