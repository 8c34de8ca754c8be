"""What a directory says of people beside name and mail: phone, site, own fields, the manager."""

import pytest

from rse.identity import people
from rse.identity.models import Person
from rse.ldap import privacy
from rse.ldap.models import DirectoryIdentity
from tests.ldap.conftest import MakeDirectory
from tests.ldap.story import account, sync
from tests.testenv.slapd import SlapdServer

pytestmark = [pytest.mark.ldap, pytest.mark.usefixtures("app")]

MAP = {
    "phone": "{telephoneNumber}",
    "site": "{physicalDeliveryOfficeName|l}",
    "fields": {"cost_center": "{departmentNumber}"},
}


async def person(login: str) -> Person:
    return (await account(login)).person


async def test_what_is_mapped_is_shown_and_locked_and_the_rest_stays_one_s_own(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    ada = f"uid=ada,{slapd.people_dn}"
    slapd.replace(ada, "telephoneNumber", "+33 1 23 45 67 89")
    slapd.replace(ada, "departmentNumber", "4711")
    directory = make_directory(slapd, map=MAP)
    await sync(directory)
    shown = await person("ada")
    assert (shown.phone, shown.details) == ("+33 1 23 45 67 89", {"cost_center": "4711"})
    assert {"phone", "details.cost_center"} <= set(shown.locked_fields)
    assert not {"site", "mobile"} & set(shown.locked_fields)
    assert (await sync(directory)).counts == {}


async def test_a_value_that_goes_is_emptied_and_given_back(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    ada = f"uid=ada,{slapd.people_dn}"
    slapd.replace(ada, "telephoneNumber", "+33 1")
    slapd.replace(ada, "departmentNumber", "4711")
    await sync(make_directory(slapd, map=MAP))
    await people.keep_details((await person("ada")).id, {"hobby": "chess"})
    await sync(make_directory(slapd))  # nothing of it is mapped any more
    shown = await person("ada")
    assert (shown.phone, shown.details) == ("", {"hobby": "chess"})
    assert not {"phone", "details.cost_center"} & set(shown.locked_fields)


async def test_the_manager_is_found_by_their_entry_whoever_came_first(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    ada, bob = (f"uid={name},{slapd.people_dn}" for name in ("ada", "bo"))
    slapd.replace(ada, "manager", bob.replace("uid=", "UID="))
    directory = make_directory(slapd)
    await sync(directory)
    assert (await person("ada")).manager_id == (await person("bo")).id
    assert "manager" in (await person("ada")).locked_fields
    slapd.replace(ada, "manager", f"uid=nobody,{slapd.suffix}")
    await sync(directory)
    assert (await person("ada")).manager_id is None


async def test_a_circle_and_oneself_as_manager_do_no_harm(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    ada, bob = (f"uid={name},{slapd.people_dn}" for name in ("ada", "bo"))
    slapd.replace(ada, "manager", bob)
    slapd.replace(bob, "manager", ada)
    directory = make_directory(slapd)
    await sync(directory)
    assert (await person("bo")).manager_id == (await person("ada")).id
    slapd.replace(bob, "manager", bob)
    await sync(directory)
    assert (await person("bo")).manager_id is None


async def test_erasure_forgets_what_the_directory_said(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    slapd.replace(f"uid=ada,{slapd.people_dn}", "departmentNumber", "4711")
    await sync(make_directory(slapd, map=MAP))
    ada = await person("ada")
    assert "4711" in str(await privacy.export(ada.id))
    await privacy.erase(ada.id)
    assert not [one for one in await DirectoryIdentity.all() if "4711" in str(one.extra)]
