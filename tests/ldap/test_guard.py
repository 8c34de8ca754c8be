"""The guard: which plans have to wait for somebody."""

from rse.ldap import guard
from rse.ldap.guard import Limits
from rse.ldap.mapping import Rejected
from tests.ldap.test_reconcile import index, known, person, plan


def test_the_guard_stops_a_mass_removal() -> None:
    before = index(*(known(n) for n in range(100)))
    found = [person(n) for n in range(80)]
    made = plan(before, *found, confirmed={f"id{n}": "" for n in range(80, 100)})
    assert guard.judge(made, before, Limits()) == (
        "20 of 100 people would vanish or be switched off; the limit is 3%",
    )
    few = plan(
        before, *(person(n) for n in range(95)), confirmed={f"id{n}": "" for n in range(95, 100)}
    )
    assert guard.judge(few, before, Limits()) == ()


def test_the_guard_stops_an_empty_answer_even_for_a_small_company() -> None:
    before = index(known(1))
    made = plan(before, confirmed={"id1": ""})
    assert guard.judge(made, before, Limits()) == (
        "0 people found, 1 known: wrong base, filter or rights?",
    )


def test_the_guard_stops_mass_renames_lost_ids_and_the_end_of_the_last_administrator() -> None:
    before = index(*(known(n) for n in range(50)))
    renamed = plan(before, *(person(n, login=f"q{n}", digest="x") for n in range(50)))
    assert "would change login or mail" in guard.judge(renamed, before, Limits())[0]
    lost = plan(index(), *(person(n) for n in range(50)), rejected=[Rejected("dn", "no id")] * 20)
    assert "no usable id" in guard.judge(lost, index(), Limits())[0]
    last = index(known(1, is_admin=True), known(2))
    gone = plan(last, person(1, inactive="disabled in the directory"), person(2))
    assert guard.judge(gone, last, Limits()) == ("the last administrator would be switched off",)
