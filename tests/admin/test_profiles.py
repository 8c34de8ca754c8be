"""What administrators decide about profiles."""

import pytest

from rse.admin.models import AdminAudit
from rse.identity.policy import ProfilePolicy, profile_policy
from rse.kernel.ids import to_public
from rse.profile_fields.models import ProfileField
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
async def admin(browser: Browser) -> Browser:
    return await browser.sign_in(await make.account("Maud", admin=True))


async def test_what_tells_of_habits_is_off_until_it_is_turned_on(admin: Browser) -> None:
    before = await profile_policy()
    assert before == ProfilePolicy(pronouns=True, endorsements=False, presence=False, typing=False)
    await admin.post("/admin/profiles/policy", {"endorsements": "on", "typing": "on"})
    after = await profile_policy()
    assert after == ProfilePolicy(pronouns=False, endorsements=True, presence=False, typing=True)
    assert await AdminAudit.filter(action="profiles.changed").count() == 1


async def test_a_field_is_made_changed_moved_and_removed(admin: Browser) -> None:
    form = {"name_en": "Shift", "name_fr": "Équipe", "kind": "choice", "options": "Day\nNight\n"}
    answer = await admin.post("/admin/profiles/new", form | {"audience": "company"})
    assert answer.status_code == 303
    [made] = await ProfileField.all()
    assert (made.key, made.options, made.may_narrow) == ("shift", ["Day", "Night"], False)
    page = f"/admin/profiles/{to_public(made.id)}"
    assert "Équipe" in await admin.text(page)
    await admin.post(page, form | {"name_en": "Work shift", "may_narrow": "on"})
    [changed] = await ProfileField.all()
    assert (changed.key, changed.name_en, changed.may_narrow) == ("shift", "Work shift", True)
    assert "Work shift" in await admin.text("/admin/profiles")
    await admin.post("/admin/profiles/new", {"name_en": "Second"})
    await admin.post(f"{page}/later")
    [first, _second] = await ProfileField.all().order_by("position")
    assert first.name_en == "Second"
    await admin.post(f"{page}/earlier")
    await admin.post(f"{page}/removal")
    assert [field.name_en for field in await ProfileField.all()] == ["Second"]
    acts = {act.action for act in await AdminAudit.all()}
    assert acts == {"field.made", "field.changed", "field.removed"}
    assert "removed a profile field" in await admin.text("/admin/audit")


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ({"name_en": ""}, "name_en"),
        ({"name_en": "x" * 61}, "name_en"),
        ({"name_en": "A", "kind": "choice", "options": "One"}, "options"),
        ({"name_en": "A", "audience": "everybody"}, "audience"),
        ({"name_en": "A", "audience": "space:0000000000007"}, "audience"),
        ({"name_en": "A", "audience": "partner:0000000000007"}, "audience"),
        ({"name_en": "A", "kind": "script"}, "kind"),
    ],
)
async def test_what_cannot_be_is_refused_beside_the_field(
    form: dict[str, str], name: str, admin: Browser
) -> None:
    answer = await admin.post("/admin/profiles/new", form)
    assert answer.status_code == 422
    assert f'id="{name}-error"' in await answer.get_data(as_text=True)
    assert not await ProfileField.all().exists()


async def test_a_secret_space_of_others_is_no_audience(admin: Browser) -> None:
    space = await make.space(access="secret")
    answer = await admin.post(
        "/admin/profiles/new", {"name_en": "A", "audience": f"space:{to_public(space.id)}"}
    )
    assert answer.status_code == 422
    assert space.name not in await admin.text("/admin/profiles/new")
