"""The last envelopes of each topic, so that who was away for a moment misses nothing."""

from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from rse.kernel.ids import new_id, to_public

KEPT_PER_TOPIC = 64
KEPT_TOPICS = 5_000


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message as it goes out: encoded once, however many listen.

    `position` counts arrivals in this process: ids of several processes may arrive out of order.
    """

    id: int
    topic: str
    text: str
    position: int = 0


def encode(number: int, topic: str, kind: str, data: Mapping[str, object]) -> str:
    """The wire's form; an envelope that is no event of a topic has an empty id."""
    shown = to_public(number) if number else ""
    return orjson.dumps({"id": shown, "topic": topic, "kind": kind, "data": data}).decode()


class _Ring:
    def __init__(self) -> None:
        self.kept: deque[Envelope] = deque(maxlen=KEPT_PER_TOPIC)
        self.lost_id = 0
        self.lost_position = 0

    def add(self, envelope: Envelope) -> None:
        if len(self.kept) == KEPT_PER_TOPIC:
            self.lost_id = max(self.lost_id, self.kept[0].id)
            self.lost_position = self.kept[0].position
        self.kept.append(envelope)


class Rings:
    """The rings of all topics; the topic that was silent longest is forgotten first."""

    def __init__(self) -> None:
        self._rings: OrderedDict[str, _Ring] = OrderedDict()
        self._position = 0
        # Of what was before this process nothing is known.
        self._forgotten_id = new_id()
        self._forgotten_position = 0

    @property
    def position(self) -> int:
        """The last arrival."""
        return self._position

    def add(self, number: int, topic: str, text: str) -> Envelope:
        """Keep what was said on a topic."""
        self._position += 1
        envelope = Envelope(number, topic, text, self._position)
        ring = self._rings.setdefault(topic, _Ring())
        ring.add(envelope)
        self._rings.move_to_end(topic)
        if len(self._rings) > KEPT_TOPICS:
            _topic, oldest = self._rings.popitem(last=False)
            self._forgotten_id = max(self._forgotten_id, oldest.kept[-1].id)
            self._forgotten_position = max(self._forgotten_position, oldest.kept[-1].position)
        return envelope

    def pass_by(self, topic: str, text: str) -> Envelope:
        """Count what is delivered once and not kept."""
        self._position += 1
        return Envelope(0, topic, text, self._position)

    def forget(self) -> None:
        """From here on nothing older can be resumed: something may have been missed."""
        self._rings.clear()
        self._forgotten_id = new_id()
        self._forgotten_position = self._position

    def after_id(self, topic: str, number: int, slack: int = 0) -> Sequence[Envelope] | None:
        """What came after the envelope `number`; None when some of it is not known any more.

        `slack` is how much smaller the id of something later may be, where clocks differ.
        """
        ring = self._rings.get(topic)
        if number - slack < (ring.lost_id if ring and ring.lost_id else self._forgotten_id):
            return None
        return [kept for kept in ring.kept if kept.id > number - slack] if ring else []

    def after_position(self, topic: str, position: int) -> Sequence[Envelope] | None:
        """What arrived after `position`; None when some of it is not known any more."""
        ring = self._rings.get(topic)
        if position < (ring.lost_position if ring and ring.lost_id else self._forgotten_position):
            return None
        return [kept for kept in ring.kept if kept.position > position] if ring else []
