"""Kinds of notice that only these tests know."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from rse.kernel.ids import to_public
from rse.notifications.kinds import NoticeKind, NoticeRef, NoticeText, kinds


class Things:
    """What the notices are about; what is gone is not described."""

    def __init__(self) -> None:
        self.gone: set[int] = set()
        self.described = 0

    async def describe(self, refs: Sequence[NoticeRef]) -> Mapping[int, NoticeText]:
        self.described += 1
        return {
            ref.id: NoticeText(
                sentence=f"{ref.kind} of {ref.object_id}",
                subject=f"Thread {ref.thread_id}",
                url=f"/things/{to_public(ref.object_id)}",
                excerpt="The north façade is finished.",
                space_name="Rive-Nord",
            )
            for ref in refs
            if ref.object_id not in self.gone
        }


@pytest.fixture
def things() -> Iterator[Things]:
    made = Things()
    names = {
        "test.mention": NoticeKind("test.mention", "Somebody names me", made.describe, weight=30),
        "test.follow": NoticeKind(
            "test.follow", "Something new", made.describe, weight=10, by_mail=False
        ),
    }
    kinds.update(names)
    yield made
    for name in names:
        del kinds[name]
