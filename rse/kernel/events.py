"""Domain events: facts that happened, named in the past tense."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeVar


@dataclass(frozen=True, slots=True)
class Event:
    """A fact, carrying ids only: a subscriber reads the present state itself."""

    name: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        return asdict(self)


Subscriber = Callable[[Any], Awaitable[None]]
SubscriberT = TypeVar("SubscriberT", bound=Callable[[Any], Awaitable[None]])


def ordered(subscriber: SubscriberT) -> SubscriberT:
    """Mark a subscriber that must see events in the order they happened."""
    subscriber.lane = key_of(subscriber)  # type: ignore[attr-defined]
    return subscriber


def immediate(subscriber: SubscriberT) -> SubscriberT:
    """Mark a subscriber that runs inside the transaction of its event, before the commit.

    For what must hold at that very moment, such as an access that ends. Database work only.
    """
    subscriber.immediate = True  # type: ignore[attr-defined]
    return subscriber


def is_immediate(subscriber: Subscriber) -> bool:
    return bool(getattr(subscriber, "immediate", False))


def key_of(subscriber: Subscriber) -> str:
    return f"{subscriber.__module__}.{subscriber.__qualname__}"


def lane_of(subscriber: Subscriber) -> str:
    """The queue a subscriber's jobs stand in; empty when order does not matter."""
    return str(getattr(subscriber, "lane", ""))


class Subscriptions:
    """Who reacts to which event. Filled once, at start-up, from the features."""

    def __init__(self) -> None:
        self._by_event: dict[type[Event], dict[str, Subscriber]] = {}

    def add(self, event: type[Event], subscriber: Subscriber) -> None:
        self._by_event.setdefault(event, {})[key_of(subscriber)] = subscriber

    def clear(self) -> None:
        self._by_event.clear()

    def subscribers(self, event: type[Event]) -> dict[str, Subscriber]:
        return self._by_event.get(event, {})

    def find(self, key: str, event_name: str) -> tuple[type[Event], Subscriber]:
        """The event type and subscriber a job names; LookupError when the product dropped it."""
        for event, subscribers in self._by_event.items():
            if event.name == event_name and key in subscribers:
                return event, subscribers[key]
        raise LookupError(f"{key} on {event_name}")


subscriptions = Subscriptions()
