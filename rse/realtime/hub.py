"""Tells open pages at once what has changed: topics, listeners, signals."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from rse.kernel.db import Change
from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import using
from rse.kernel.ids import new_id

from .listener import RULES, SIGNED_OUT, SLOW, TOPICS_EACH, Listener
from .rings import Envelope, Rings, encode
from .topics import follow, may_listen

SLICE = 500
PER_PERSON = 30
# How many pages may come back each second after a restart; one costs about a millisecond.
CONNECTS_A_SECOND = 200
SILENCE_SECONDS = 20.0

Forward = Callable[[dict[str, object]], None]


class Hub:
    """The listeners of this process, by topic and by person."""

    def __init__(self) -> None:
        self.rings = Rings()
        # Takes what other processes must hear too; set when there is more than one.
        self.forward: Forward | None = None
        # How far the clocks of processes may differ, in ids; envelopes may be sent twice for it.
        self.slack = 0
        self._by_topic: dict[str, set[Listener]] = {}
        self._by_person: dict[int, set[Listener]] = {}
        self._outgoing: asyncio.Queue[Envelope] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._rechecks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to deliver; called once by each process."""
        self._outgoing = asyncio.Queue()
        self._tasks = [
            asyncio.create_task(self._deliver(), name="live"),
            asyncio.create_task(self._ping(), name="live.ping"),
        ]

    async def stop(self) -> None:
        """End every connection, then stop."""
        self.close_all()
        for task in (*self._tasks, *self._rechecks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    def close_all(self) -> None:
        """End every connection; the pages come back by themselves, to whoever serves then."""
        listeners = self.listeners()
        spread = max(2, len(listeners) // CONNECTS_A_SECOND)
        for listener in listeners:
            listener.close(SLOW, spread)

    # Signals

    async def signal(self, topic: str, kind: str, data: Mapping[str, object]) -> None:
        """Signal now: for reactions, which run after the commit."""
        self.post(topic, kind, data)
        await asyncio.sleep(0)

    def post(self, topic: str, kind: str, data: Mapping[str, object]) -> None:
        """Send a signal to all who listen to the topic, in every process."""
        number = new_id()
        text = encode(number, topic, kind, data)
        self.receive(number, topic, text)
        self._tell_others({"do": "signal", "id": number, "topic": topic, "text": text})

    def pass_on(self, topic: str, kind: str, data: Mapping[str, object]) -> None:
        """Send what is over in a moment: who is away then never hears of it."""
        text = encode(0, topic, kind, data)
        self.receive(0, topic, text)
        self._tell_others({"do": "signal", "id": 0, "topic": topic, "text": text})

    def receive(self, number: int, topic: str, text: str) -> None:
        """Deliver a signal in this process alone; one without a number is not kept."""
        envelope = (
            self.rings.add(number, topic, text) if number else self.rings.pass_by(topic, text)
        )
        if self._tasks:
            self._outgoing.put_nowait(envelope)

    async def _deliver(self) -> None:
        while True:
            envelope = await self._outgoing.get()
            listeners = list(self._by_topic.get(envelope.topic, ()))
            for start in range(0, len(listeners), SLICE):
                for listener in listeners[start : start + SLICE]:
                    listener.deliver(envelope)
                await asyncio.sleep(0)  # a company-wide signal must not hold up requests

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(SILENCE_SECONDS / 5)
            for listener in self.listeners():
                listener.ping_after(SILENCE_SECONDS)

    # Listeners

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Know the listener for the length of its connection."""
        own = self._by_person.setdefault(listener.person.id, set())
        own.add(listener)
        if len(own) > PER_PERSON:
            listener.close(RULES)
        try:
            yield
        finally:
            listener.close(SLOW)
            self.unsubscribe(listener, list(listener.wanted))
            own.discard(listener)
            if not own:
                self._by_person.pop(listener.person.id, None)

    def listeners(self) -> list[Listener]:
        return [listener for own in self._by_person.values() for listener in own]

    async def subscribe(self, listener: Listener, names: Sequence[str], after: int = 0) -> None:
        """Listen to topics, each by its own rule; `after` is the last envelope received."""
        allowed = [name for name in dict.fromkeys(names) if await self._admit(listener, name)]
        missed: list[Envelope] = []
        gaps = []
        for name in allowed:
            found = self.rings.after_id(name, after, self.slack) if after else []
            gaps += [name] if found is None else []
            missed += found or []
        if not listener.room_for(missed):
            gaps, missed = allowed, []
        # In order of ids over all topics: a browser resumes from the one last id it has seen.
        for envelope in sorted(missed, key=lambda envelope: envelope.id):
            listener.say(envelope.text)
        for name in allowed:
            if listener in self._by_topic.get(name, ()):
                listener.reached.setdefault(name, self.rings.position)
                self._tell_place(listener, name, "resync" if name in gaps else "subscribed")

    def _tell_place(self, listener: Listener, topic: str, kind: str) -> None:
        """A message whose id is a place to resume from: all that is older has to go before it."""
        for name, reached in list(listener.reached.items()):
            for envelope in self.rings.after_position(name, reached) or ():
                listener.deliver(envelope)
        listener.tell(topic, kind, new_id())

    async def _admit(self, listener: Listener, name: str) -> bool:
        """Ask a topic's rule. The listener stands there, deaf, while it is asked: a recheck that
        comes in between takes them out again and asks anew, so no answer is used that has aged."""
        if len(listener.wanted) >= TOPICS_EACH:
            _refuse(listener, name)
            return False
        listener.wanted.add(name)
        self._by_topic.setdefault(name, set()).add(listener)
        if await may_listen(listener.person, name):
            return listener in self._by_topic.get(name, ())
        if listener in self._by_topic.get(name, ()):
            self.unsubscribe(listener, [name])
            _refuse(listener, name)
        return False

    def unsubscribe(self, listener: Listener, names: Sequence[str]) -> None:
        """Stop listening to topics."""
        for name in names:
            listener.wanted.discard(name)
            listener.reached.pop(name, None)
            others = self._by_topic.get(name)
            if others is not None:
                others.discard(listener)
                if not others:
                    del self._by_topic[name]

    # Rights

    async def drop(self, person_id: int, code: int = SIGNED_OUT) -> None:
        """End every connection of a person, in every process, at once."""
        self.drop_here(person_id, code)
        self._tell_others({"do": "drop", "person": person_id})

    def drop_here(self, person_id: int, code: int = SIGNED_OUT) -> None:
        for listener in list(self._by_person.get(person_id, ())):
            listener.close(code)

    async def recheck(self, topic: str, person_id: int = 0) -> None:
        """Ask the topic's rule again for all who listen, or one of them, in every process.

        Nothing of the topic is sent to them from this call on, until the rule has answered.
        """
        self.recheck_now(topic, person_id)

    def recheck_now(self, topic: str, person_id: int = 0) -> None:
        self.recheck_here(topic, person_id)
        self._tell_others({"do": "recheck", "topic": topic, "person": person_id})

    def recheck_here(self, topic: str, person_id: int = 0) -> None:
        for name in [name for name in self._by_topic if follow(name, topic)]:
            self._recheck_one(name, person_id)

    def _recheck_one(self, topic: str, person_id: int) -> None:
        listening = self._by_topic.get(topic, set())
        asked = {each for each in listening if person_id in {0, each.person.id}}
        held = {each: each.reached.pop(topic, None) for each in asked}
        listening -= asked
        if held:
            task = asyncio.create_task(self._readmit(topic, held), name="live.recheck")
            self._rechecks.add(task)
            task.add_done_callback(self._rechecks.discard)

    async def _readmit(self, topic: str, held: dict[Listener, int | None]) -> None:
        try:
            while held:
                listener, reached = next(iter(held.items()))
                allowed = await may_listen(listener.person, topic)
                del held[listener]
                if topic not in listener.wanted or listener.closed.is_set():
                    continue
                if allowed:
                    self._resume(listener, topic, reached)
                else:
                    listener.wanted.discard(topic)
                    _refuse(listener, topic)
        finally:  # who could not be asked connects again, and is asked then
            for listener in held:
                listener.close(SLOW)

    def _resume(self, listener: Listener, topic: str, reached: int | None) -> None:
        missed = None if reached is None else self.rings.after_position(topic, reached)
        self._by_topic.setdefault(topic, set()).add(listener)
        listener.reached[topic] = self.rings.position
        if missed is None or not listener.room_for(missed):
            self._tell_place(listener, topic, "resync")
            return
        for envelope in missed:
            listener.say(envelope.text)

    def resync_all(self) -> None:
        """Have every page ask anew: signals of other processes may have been missed."""
        self.rings.forget()
        for topic, listeners in self._by_topic.items():
            for listener in listeners:
                listener.tell(topic, "resync", new_id())

    def _tell_others(self, message: dict[str, object]) -> None:
        if self.forward is not None:
            self.forward(message)


def _refuse(listener: Listener, name: str) -> None:
    with using(listener.person.language):
        listener.tell(name, "refused", message=_("You cannot follow this, or not any more."))


hub = Hub()
signal, drop, recheck = hub.signal, hub.drop, hub.recheck


def signal_after(change: Change, topic: str, kind: str, data: Mapping[str, object]) -> None:
    """Signal when `change` is committed, and not at all when it is rolled back."""
    change.after_commit(lambda: hub.post(topic, kind, data))


def recheck_after(change: Change, topic: str, person_id: int = 0) -> None:
    """Ask the topic's rule again as soon as `change`, which takes rights away, is committed."""
    change.after_commit(lambda: hub.recheck_now(topic, person_id))
