"""An entry as the reader delivers it: a DN and raw values under lower-case attribute names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry; values stay bytes until something asks for their meaning."""

    dn: str
    attributes: Mapping[str, Sequence[bytes]]

    def values(self, name: str) -> list[bytes]:
        return list(self.attributes.get(name.lower(), ()))

    def first(self, name: str) -> bytes | None:
        found = self.attributes.get(name.lower())
        return found[0] if found else None
