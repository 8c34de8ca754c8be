"""Many people are told in batches: each its own commit, and a second run tells nobody twice."""

import pytest

from rse.kernel.jobs import drain
from rse.kernel.models import OutboxJob
from rse.notifications import actions, notify, preferences
from rse.notifications.models import NoticeDigest, NoticeTrace, Notification
from tests import make
from tests.feed.test_reads import asked
from tests.notifications.conftest import Things

pytestmark = pytest.mark.usefixtures("app")


async def people(count: int) -> list[int]:
    return [(await make.person()).id for _each in range(count)]


async def tell(person_ids: list[int], key: str = "c:1") -> None:
    await notify("test.follow", person_ids, key=key, object_id=1)


async def test_a_batch_is_one_event_however_many_people(
    things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 4)
    everybody = await people(10)
    await drain()
    await tell(everybody)
    assert await Notification.all().count() == 10
    assert await NoticeTrace.filter(step="decided").count() == 10
    subscribers = {job.subscriber for job in await OutboxJob.all()}
    assert await OutboxJob.all().count() == 3 * len(subscribers)


async def test_a_fan_out_that_broke_off_goes_on_where_it_was(
    things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 4)
    everybody = await people(10)
    batch = actions._tell
    done: list[bool] = []

    async def breaks(*words: object) -> None:
        if len(done) == 2:
            raise RuntimeError("the machine went away")
        done.append(True)
        await batch(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "_tell", breaks)
    with pytest.raises(RuntimeError):
        await tell(everybody)
    assert await Notification.all().count() == 8
    monkeypatch.setattr(actions, "_tell", batch)
    await tell(everybody)
    await drain()
    assert await Notification.all().count() == 10
    assert await NoticeTrace.filter(step="decided").count() == 10


async def test_a_batch_of_many_asks_the_database_as_often_as_one_of_few(things: Things) -> None:
    everybody = await people(30)
    for person_id in everybody:
        await preferences.choose(person_id, {"test.follow": {"in_app", "digest"}})
    counts = []
    for number, some in enumerate((everybody[:3], everybody)):
        async with asked() as found:
            await tell(some, key=f"c:{number}")
        counts.append(int(found))
    assert counts[0] == counts[1]
    assert await NoticeDigest.all().count() == 30
