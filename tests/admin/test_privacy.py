"""Acts of administration in somebody's own data."""

import pytest

from rse.admin import privacy
from rse.admin.actions.audit import note
from rse.admin.models import AdminAudit
from tests import make

pytestmark = pytest.mark.usefixtures("app")


async def test_one_reads_what_one_did_and_what_was_done() -> None:
    admin = await make.account(admin=True)
    member = await make.account()
    await note(admin, "access.off", person_id=member.person_id, reason="left the company")
    [done] = (await privacy.export(admin.person_id))["administration.done"]
    [about] = (await privacy.export(member.person_id))["administration.about"]
    assert done == about
    assert done["reason"] == "left the company"


async def test_erasing_keeps_the_line_and_forgets_the_words_about_the_person() -> None:
    admin = await make.account(admin=True)
    member = await make.account()
    await note(admin, "access.off", person_id=member.person_id, reason="left the company")
    await privacy.erase(member.person_id)
    act = await AdminAudit.get()
    assert (act.action, act.person_id, act.reason) == ("access.off", member.person_id, "")
