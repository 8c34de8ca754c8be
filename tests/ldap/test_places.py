"""Groups that fill spaces: planned with doubts and limits, applied by a whole run."""

import pytest

from rse.kernel.jobs import drain
from rse.ldap import places, reconcile
from rse.ldap.models import DirectoryPlace
from rse.ldap.plan import Findings, Place
from rse.spaces.models import Membership
from tests import make
from tests.ldap.conftest import MakeDirectory
from tests.ldap.story import account, sync
from tests.ldap.test_reconcile import POLICY, access, index, kinds, known, person
from tests.testenv.slapd import SlapdServer


def planned(*held: int, here: int, groups: list[Place]) -> tuple[list[tuple[str, str]], list[str]]:
    """The plan for `here` people of whom `held` are in the space by the rule."""
    everybody = [known(n) for n in range(1, here + 1)]
    stored = index(*everybody)
    stored = type(stored)(
        known=stored.known, logins=stored.logins, mails=stored.mails, admins=1,
        places={f"id{n}": frozenset({"Chantier"}) for n in held},
    )  # fmt: skip
    found = Findings(candidates=[person(n) for n in range(1, here + 1)], places=groups)
    made = reconcile.plan(stored, found, POLICY)
    return kinds(made), list(made.warnings)


def bau(*numbers: int, certain: bool = True, strict: bool = True) -> list[Place]:
    people = [f"uid=p{n},dc=x" for n in numbers]
    return [Place("Bau", "Chantier", access(*people, certain=certain), strict)]


def test_a_group_fills_a_space_and_empties_it_again() -> None:
    assert planned(here=2, groups=bau(1))[0] == [("enter", "id1")]
    assert planned(1, here=2, groups=bau(2))[0] == [("enter", "id2"), ("leave", "id1")]
    assert planned(1, here=2, groups=bau(1))[0] == []


def test_what_was_not_read_to_its_end_takes_nobody_out() -> None:
    for groups in (bau(2, certain=False), [Place("Bau", "Chantier", None)]):
        steps, warnings = planned(1, here=2, groups=groups)
        assert ("leave", "id1") not in steps
        assert "nobody leaves" in warnings[0]


def test_a_group_that_lost_most_of_its_people_takes_nobody_out() -> None:
    held = range(1, places.LEAST + 52)
    steps, warnings = planned(*held, here=places.LEAST + 60, groups=bau(1))
    assert steps == []
    assert "the limit is 30%" in warnings[0]


def test_a_rule_that_is_not_strict_keeps_who_left_the_group() -> None:
    assert planned(1, here=2, groups=bau(2, strict=False))[0] == [("enter", "id2")]


def test_without_its_rule_nobody_stays_by_it() -> None:
    assert planned(1, here=1, groups=[])[0] == [("leave", "id1")]


@pytest.mark.ldap
@pytest.mark.usefixtures("app")
async def test_a_run_brings_the_groups_people_in_and_out(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    ada = f"uid=ada,{slapd.people_dn}"
    inner = slapd.add_group("Bau-Nord", [ada])
    slapd.add_group("Bau", [inner])
    space = await make.space(name="Chantier")
    directory = make_directory(slapd, spaces=[{"group": "Bau", "space": "Chantier"}])
    run = await sync(directory)
    await drain()
    assert run.counts == {"create": 2, "enter": 1}
    person_id = (await account("ada")).person_id
    kept = await Membership.get(space_id=space.id, person_id=person_id)
    assert (kept.status, kept.source, kept.source_group) == ("joined", "ldap:corp", "Bau")
    assert (await sync(directory)).counts == {}
    bo = f"uid=bo,{slapd.people_dn}"
    slapd.extend(inner, "member", bo)
    slapd.drop(inner, "member", ada)
    assert (await sync(directory)).counts == {"enter": 1, "leave": 1}
    await drain()
    inside = {m.person_id for m in await Membership.filter(space_id=space.id, source="ldap:corp")}
    assert inside == {(await account("bo")).person_id}
    assert await DirectoryPlace.all().count() == 1


@pytest.mark.ldap
@pytest.mark.usefixtures("app")
async def test_a_space_that_comes_after_its_rule_is_filled_by_the_next_run(
    slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    slapd.add_group("Bau", [f"uid=ada,{slapd.people_dn}"])
    directory = make_directory(slapd, spaces=[{"group": "Bau", "space": "Chantier"}])
    await sync(directory)
    await drain()
    space = await make.space(name="Chantier")
    await sync(directory)
    await drain()
    assert await Membership.exists(space_id=space.id, source="ldap:corp")
