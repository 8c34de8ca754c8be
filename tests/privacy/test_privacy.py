"""People take along everything that is kept of them, and it can be removed."""

import io
import json
import zipfile
from collections.abc import Iterator

import pytest

from rse.identity.models import Account, Person
from rse.notifications import notify, preferences
from rse.notifications.kinds import NoticeKind, kinds
from rse.notifications.models import NoticeChoice, NoticeLevel, Notification
from rse.parts import parts
from rse.privacy.answers import answers
from rse.privacy.export import erase, export
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app", "kind")


async def nothing(refs: object) -> dict[int, object]:
    return {}


@pytest.fixture
def kind() -> Iterator[None]:
    kinds["test.kind"] = NoticeKind("test.kind", "A kind", nothing)  # type: ignore[arg-type]
    yield
    del kinds["test.kind"]


async def test_every_part_of_the_product_is_asked() -> None:
    assert list(answers) == [part.name for part in parts()]


async def test_my_data_comes_as_a_file_of_readable_files(browser: Browser) -> None:
    ines, theo = await make.account("Inès Karam", login="ines.karam"), await make.account("Théo")
    await notify("test.kind", [ines.person_id], key="c:1", object_id=1)
    await preferences.mute(theo.person_id, 5)
    await browser.sign_in(ines)
    assert "Download my data" in await browser.text("/settings/privacy")
    answer = await browser.post("/settings/privacy/export")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="ines.karam-')
    assert answer.headers["Cache-Control"] == "no-store"
    content = await answer.get_data(as_text=False)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        found = {name: json.loads(file.read(name)) for name in file.namelist()}
    assert found["identity.json"]["profile"][0]["display_name"] == "Inès Karam"
    assert found["notifications.json"]["notices"][0]["kind"] == "test.kind"
    assert found["notifications.json"]["muted"] == []
    assert "Théo" not in json.dumps(found)
    assert "password" not in json.dumps(found)
    assert set(found["about.json"]["files"]) == set(found) - {"about.json"}


async def test_a_file_is_not_made_without_end(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    answers = [await browser.post("/settings/privacy/export") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]


async def test_a_file_is_not_made_for_strangers_or_other_sites(browser: Browser) -> None:
    assert (await browser.post("/settings/privacy/export")).status_code == 401
    await browser.sign_in(await make.account())
    answer = await browser.post("/settings/privacy/export", {"_csrf": "wrong"})
    assert answer.status_code == 403


async def test_erasure_removes_what_every_part_keeps() -> None:
    ines, theo = await make.account("Inès Karam"), await make.account("Théo")
    await notify("test.kind", [ines.person_id], key="c:1", object_id=1)
    await notify("test.kind", [theo.person_id], key="c:1", object_id=1, actor_id=ines.person_id)
    await preferences.mute(ines.person_id, 5)
    await preferences.mute_mail(ines.person_id)
    await erase(ines.person_id)
    assert not await Account.exists(id=ines.id)
    assert (await Person.get(id=ines.person_id)).display_name != "Inès Karam"
    assert not await Notification.exists(person_id=ines.person_id)
    assert not await NoticeChoice.exists(person_id=ines.person_id)
    assert not await NoticeLevel.exists(person_id=ines.person_id)
    assert (await Notification.get(person_id=theo.person_id)).actor_id is None


async def test_erasure_is_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ines = await make.account("Inès Karam")
    await preferences.mute(ines.person_id, 5)

    class Broken:
        async def export(self, person_id: int) -> dict[str, object]:
            return {}

        async def erase(self, person_id: int) -> None:
            raise RuntimeError("not now")

    # Erasure goes from the last part to the first: this one is asked after the notices.
    monkeypatch.setitem(answers, "identity", Broken())
    with pytest.raises(RuntimeError):
        await erase(ines.person_id)
    assert await NoticeLevel.exists(person_id=ines.person_id)
    assert (await export(ines.person_id))["notifications"]["levels"]
