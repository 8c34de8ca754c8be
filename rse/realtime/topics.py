"""What a page may listen to; each topic asks its own rule."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rse.identity.models import Person


@dataclass(frozen=True, slots=True)
class Topic:
    """`prefix:id` in the wire's words; `may_listen` is asked at subscription."""

    prefix: str
    may_listen: Callable[[Person, int], Awaitable[bool]]


topics: dict[str, Topic] = {}
