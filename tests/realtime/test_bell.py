"""The number at the bell is the same on every open page, at once."""

from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications import mark_read, notify
from rse.notifications.kinds import NoticeKind, kinds
from tests import make
from tests.realtime.page import Site


async def nothing(refs: object) -> dict[int, object]:
    return {}


async def test_the_bell_rings_on_all_devices_and_falls_silent_on_all(site: Site) -> None:
    kinds["test.bell"] = NoticeKind("test.bell", "A bell", nothing)  # type: ignore[arg-type]
    ines = await make.account("Inès")
    mine = "person:" + to_public(ines.person_id)
    async with site.page(ines) as desk, site.page(ines) as phone:
        for page in (desk, phone):
            await page.listen(mine)
        for number in (1, 2):
            await notify("test.bell", [ines.person_id], key=f"c:{number}", object_id=number)
            await drain()
            for page in (desk, phone):
                heard = await page.hear()
                assert (heard["kind"], heard["data"]) == ("notices", {"unread": number})
        await mark_read(ines.person_id)
        for page in (desk, phone):
            assert (await page.hear())["data"] == {"unread": 0}
    del kinds["test.bell"]
