"""The per-partner log on the wire: numbered, chained, acknowledged; pushed and pulled alike."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from . import jcs
from .jsonsafe import Json, JsonObject, Malformed
from .vocab import CONTEXT

PAGE_ITEMS = 64
PAGE_BYTES = 4 << 20
START = "0" * 64


class Gap(Exception):
    """The page begins after what we expect next."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"expected {expected}")
        self.expected = expected


class Broken(Exception):
    """Numbers fit but the chain or the epoch does not: one side was restored from a backup."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a page. A withheld one has a digest and a place, but no body."""

    seq: int
    digest: str
    activity: JsonObject | None


@dataclass(frozen=True, slots=True)
class Page:
    lane: int
    epoch: str
    after: int
    prev: str
    head: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """How far a receiver has come on a lane; `epoch` is empty before the first page."""

    epoch: str
    ack: int
    chain: str


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def link(chain: str, digest: str) -> str:
    """chain_n = SHA-256(chain_n-1 || digest_n)."""
    return hashlib.sha256(bytes.fromhex(chain) + bytes.fromhex(digest)).hexdigest()


def write_page(page_id: str, page: Page, bodies: Sequence[bytes | None]) -> bytes:
    """The bytes of a page; activity bodies are canonical already and are copied as they are."""
    items = [
        b'{"activity":%b,"seq":%d}' % (body, entry.seq)
        if body is not None
        else jcs.canonical({"digest": entry.digest, "seq": entry.seq})
        for entry, body in zip(page.entries, bodies, strict=True)
    ]
    frame: JsonObject = {
        "@context": CONTEXT,
        "type": "OrderedCollectionPage",
        "id": page_id,
        "lane": page.lane,
        "epoch": page.epoch,
        "after": page.after,
        "prev": page.prev,
        "head": page.head,
    }
    return jcs.canonical(frame)[:-1] + b',"orderedItems":[' + b",".join(items) + b"]}"


def read_page(document: JsonObject) -> Page:
    """Read a page; its items stay raw, so that one bad activity does not spoil the others."""
    if document.get("type") != "OrderedCollectionPage" or document.get("@context") != CONTEXT:
        raise Malformed("not a page of the stream")
    items = document.get("orderedItems")
    if not isinstance(items, list) or len(items) > PAGE_ITEMS:
        raise Malformed("a page holds up to 64 items")
    after = _number(document, "after")
    entries = tuple(_entry(item, after + place) for place, item in enumerate(items, 1))
    epoch = document.get("epoch")
    if not isinstance(epoch, str) or not 0 < len(epoch) <= 32:
        raise Malformed("epoch is missing")
    return Page(
        lane=_number(document, "lane"),
        epoch=epoch,
        after=after,
        prev=_hash(document, "prev"),
        head=_number(document, "head"),
        entries=entries,
    )


def continue_from(position: Position, page: Page) -> tuple[tuple[Entry, ...], Position]:
    """The entries that are new, and the position after them; Gap or Broken when they do not fit."""
    if position.epoch and page.epoch != position.epoch:
        raise Broken("another epoch")
    if page.after > position.ack:
        raise Gap(position.ack + 1)
    chain, seq = page.prev, page.after
    if seq == position.ack and chain != position.chain:
        raise Broken("another chain")
    for entry in page.entries:
        chain, seq = link(chain, entry.digest), entry.seq
        if seq == position.ack and chain != position.chain:
            raise Broken("another chain")
    if seq <= position.ack:
        return (), position
    new = tuple(entry for entry in page.entries if entry.seq > position.ack)
    return new, Position(page.epoch, seq, chain)


def _entry(item: Json, expected: int) -> Entry:
    if not isinstance(item, dict) or item.get("seq") != expected:
        raise Malformed("items are not numbered in order")
    activity = item.get("activity")
    if isinstance(activity, dict):
        return Entry(expected, digest_of(jcs.canonical(activity)), activity)
    return Entry(expected, _hash(item, "digest"), None)


def _number(document: JsonObject, name: str) -> int:
    value = document.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Malformed(f"{name} is not a number")
    return value


def _hash(document: JsonObject, name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or len(value) != 64 or not set(value) <= set("0123456789abcdef"):
        raise Malformed(f"{name} is not a hash")
    return value
