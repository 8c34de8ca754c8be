"""What each part of the product answers when a person asks for their data, or for its removal."""

from collections.abc import Mapping
from typing import Any, Protocol


class Privacy(Protocol):
    """A person's right to take their data along, and to have it removed."""

    async def export(self, person_id: int) -> Mapping[str, Any]: ...
    async def erase(self, person_id: int) -> None: ...


class NothingKept:
    """The answer of a part that keeps nothing about people."""

    async def export(self, person_id: int) -> Mapping[str, Any]:
        return {}

    async def erase(self, person_id: int) -> None:
        return


# By the part's name, in dependency order: filled at start from what the parts declare.
answers: dict[str, Privacy] = {}
