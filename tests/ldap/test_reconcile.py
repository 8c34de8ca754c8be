"""The plan: what is known and what was found, without any server or database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rse.ldap import logins, reconcile
from rse.ldap.groups import Membership
from rse.ldap.mapping import Candidate
from rse.ldap.plan import Findings, Grant, Holder, Index, Kind, Known, Plan, Policy, Status

NOW = datetime(2026, 3, 1, tzinfo=UTC)
POLICY = Policy(now=NOW)
AT_ONCE = Policy(now=NOW, grace=timedelta(0), grace_runs=1)


def person(number: int, **facts: Any) -> Candidate:
    standard: dict[str, Any] = {
        "external_id": f"id{number}", "dn": f"uid=p{number},dc=x", "dn_key": f"uid=p{number},dc=x",
        "login": f"p{number}", "display_name": f"Person {number}",
        "mail": f"p{number}@ostrelle.example", "title": "", "inactive": None,
        "primary_group": None, "digest": f"d{number}",
    }  # fmt: skip
    return Candidate(**{**standard, **facts})


def known(number: int, **facts: Any) -> Known:
    one = person(number)
    standard: dict[str, Any] = {
        "external_id": one.external_id, "dn": one.dn, "dn_key": one.dn_key, "login": one.login,
        "display_name": one.display_name, "mail": one.mail, "title": "", "digest": one.digest,
        "status": Status.ACTIVE, "account_id": 100 + number, "person_id": 200 + number,
    }  # fmt: skip
    return Known(**{**standard, **facts})


def index(*people: Known, local: Sequence[tuple[str, str | None]] = (), admins: int = 1) -> Index:
    accounts = {
        one.external_id: Holder(one.account_id, False, False, one.external_id)
        for one in people
        if one.account_id
    }
    locals_ = {login: Holder(900 + n, True) for n, (login, _) in enumerate(local)}
    mails = {mail: Holder(900 + n, True) for n, (_, mail) in enumerate(local) if mail}
    return Index(
        known={one.external_id: one for one in people},
        logins={
            **{one.login: accounts[one.external_id] for one in people if one.account_id},
            **locals_,
        },
        mails={
            **{
                one.mail: accounts[one.external_id] for one in people if one.account_id and one.mail
            },
            **mails,
        },
        admins=admins,
    )


def plan(before: Index, *found: Candidate, policy: Policy = POLICY, **more: Any) -> Plan:
    return reconcile.plan(before, Findings(candidates=found, **more), policy)


def kinds(made: Plan) -> list[tuple[str, str]]:
    return [(str(change.kind), change.external_id) for change in made.changes]


def test_somebody_new_is_created_and_a_second_run_finds_nothing_to_do() -> None:
    assert kinds(plan(index(), person(1))) == [("create", "id1")]
    assert kinds(plan(index(known(1)), person(1))) == []


def test_a_rename_a_move_and_a_new_mail_are_one_update_of_one_person() -> None:
    found = person(
        1,
        login="new",
        mail="new@ostrelle.example",
        dn="uid=new,ou=y",
        dn_key="uid=new,ou=y",
        digest="e",
    )
    made = plan(index(known(1)), found)
    assert kinds(made) == [("rename", "id1")]
    assert made.changes[0].after["dn"] == "uid=new,ou=y"


def test_two_people_may_swap_their_logins() -> None:
    made = plan(
        index(known(1), known(2)),
        person(1, login="p2", digest="x"),
        person(2, login="p1", digest="y"),
    )
    assert kinds(made) == [("rename", "id1"), ("rename", "id2")]


def test_a_created_again_person_is_a_conflict_and_never_a_takeover() -> None:
    made = plan(
        index(known(1)), person(7, login="p1", mail="p1@ostrelle.example"), confirmed={"id1": ""}
    )
    assert kinds(made) == [("conflict", "id7"), ("missing", "id1")]
    assert made.changes[0].reason == "login taken by a missing person"


def test_of_two_new_people_with_one_login_the_second_is_a_conflict() -> None:
    made = plan(index(), person(1, login="Ada"), person(2, login="ADA"))
    assert kinds(made) == [("create", "id1"), ("conflict", "id2")]


def test_one_id_with_two_entries_is_a_conflict_and_twice_the_same_entry_is_one() -> None:
    assert kinds(plan(index(), person(1), person(1, dn="uid=b,dc=x", dn_key="uid=b,dc=x"))) == [
        ("conflict", "id1")
    ]
    assert kinds(plan(index(), person(1), person(1))) == [("create", "id1")]


def test_a_local_login_is_only_linked_by_an_explicit_rule() -> None:
    before = index(local=[("p1", None)])
    assert kinds(plan(before, person(1))) == [("conflict", "id1")]
    linked = plan(before, person(1), policy=Policy(now=NOW, link="login"))
    assert kinds(linked) == [("link", "id1")] and linked.changes[0].after["account_id"] == 900


def test_a_local_administrator_is_never_linked() -> None:
    before = Index(
        known={}, logins={"p1": Holder(5, is_local=True, is_admin=True)}, mails={}, admins=1
    )
    assert kinds(plan(before, person(1), policy=Policy(now=NOW, link="login"))) == [
        ("conflict", "id1")
    ]


def test_a_mail_address_of_somebody_else_is_left_empty_with_a_warning() -> None:
    made = plan(index(local=[("boss", "p1@ostrelle.example")]), person(1))
    assert (
        kinds(made) == [("create", "id1")]
        and made.changes[0].after["mail"] is None
        and made.warnings
    )


def test_mail_addresses_may_be_swapped() -> None:
    one = person(1, mail="p2@ostrelle.example", digest="x")
    two = person(2, mail="p1@ostrelle.example", digest="y")
    made = plan(index(known(1), known(2)), one, two)
    assert [change.after["mail"] for change in made.changes] == [
        "p2@ostrelle.example",
        "p1@ostrelle.example",
    ]


def test_disabled_in_the_directory_ends_access_at_once_and_enabled_gives_it_back() -> None:
    made = plan(index(known(1)), person(1, inactive="disabled in the directory"))
    assert kinds(made) == [("disable", "id1")]
    assert kinds(plan(index(known(1, status=Status.DISABLED)), person(1))) == [("enable", "id1")]


def test_a_block_by_an_administrator_is_told_and_stays() -> None:
    made = plan(index(known(1, status=Status.DISABLED, is_blocked_here=True)), person(1))
    assert made.changes[0].reason == "stays blocked by an administrator"


def test_a_missing_person_keeps_access_until_the_grace_is_over() -> None:
    first = plan(index(known(1)), confirmed={"id1": ""})
    assert kinds(first) == [("missing", "id1")]
    waiting = known(
        1, status=Status.MISSING, missing_since=NOW - timedelta(hours=23), missing_runs=5
    )
    assert kinds(plan(index(waiting), confirmed={"id1": ""})) == [("missing", "id1")]
    over = known(1, status=Status.MISSING, missing_since=NOW - timedelta(hours=25), missing_runs=1)
    assert kinds(plan(index(over), confirmed={"id1": ""})) == [("remove", "id1")]
    assert kinds(plan(index(known(1)), confirmed={"id1": ""}, policy=AT_ONCE)) == [
        ("remove", "id1")
    ]


def test_a_partial_reading_removes_nobody_but_may_add() -> None:
    made = plan(index(known(1), known(2)), person(3), complete=False, policy=AT_ONCE)
    assert kinds(made) == [("create", "id3")]


def test_without_a_look_up_nobody_counts_as_missing() -> None:
    made = plan(index(known(1)), policy=AT_ONCE)
    assert kinds(made) == [] and "gave no answer" in made.warnings[0]


def test_somebody_who_moved_out_is_out_of_scope_with_the_place() -> None:
    made = plan(
        index(known(1)),
        confirmed={"id1": "moved to uid=p1,ou=old, outside of the configured bases"},
    )
    assert kinds(made) == [("out_of_scope", "id1")] and "ou=old" in made.changes[0].reason


def access(*people: str, certain: bool = True) -> Membership:
    return Membership(frozenset(people), frozenset(), frozenset(), certain)


def test_only_people_of_a_required_group_come_in_and_leaving_it_is_noticed() -> None:
    made = plan(index(), person(1), person(2), access=[access("uid=p1,dc=x")])
    assert kinds(made) == [("create", "id1")] and sum(made.skipped.values()) == 1
    left = plan(index(known(1)), unchanged=frozenset({"id1"}), access=[access()], policy=AT_ONCE)
    assert kinds(left) == [("remove", "id1")]


def test_a_group_that_was_not_read_to_its_end_lets_nobody_in_and_throws_nobody_out() -> None:
    uncertain = [access(certain=False)]
    assert (
        kinds(plan(index(known(1)), person(1), person(2), access=uncertain, policy=AT_ONCE)) == []
    )


def admins(*people: str, certain: bool = True) -> list[Grant]:
    return [Grant("admins", access(*people, certain=certain))]


def test_a_group_gives_and_takes_the_role_of_administrator() -> None:
    made = plan(index(), person(1), grants=admins("uid=p1,dc=x"))
    assert kinds(made) == [("create", "id1"), ("grant", "id1")]
    held, other = known(1, is_admin=True, admin_by_rule=True), known(2, is_admin=True)
    made = plan(index(held, other, admins=2), person(1), person(2), grants=admins("uid=p2,dc=x"))
    assert kinds(made) == [("revoke", "id1")]


def test_a_role_given_by_hand_stays_and_so_does_the_last_administrator() -> None:
    by_hand, other = known(1, is_admin=True), known(2, is_admin=True)
    made = plan(index(by_hand, other, admins=2), person(1), person(2), grants=admins("uid=p2,dc=x"))
    assert kinds(made) == []
    last = index(known(1, is_admin=True, admin_by_rule=True), known(2), admins=1)
    leaving = person(2, inactive="disabled in the directory")
    made = plan(last, person(1), leaving, grants=admins("uid=p2,dc=x"))
    assert kinds(made) == [("disable", "id2")] and "last administrator" in made.warnings[0]


def test_an_empty_lost_or_half_read_group_takes_nobody_s_role() -> None:
    held = known(1, is_admin=True, admin_by_rule=True)
    for grants in ([Grant("admins", None)], admins(), admins("uid=x", certain=False)):
        made = plan(index(held, admins=2), person(1), grants=grants)
        assert kinds(made) == [] and made.warnings


def test_an_approval_holds_for_one_plan_only() -> None:
    one, same, other = (plan(index(), person(n)) for n in (1, 1, 2))
    assert one.hash == same.hash != other.hash


people = st.lists(st.integers(0, 6), min_size=1, max_size=7)


@given(people)
def test_settled_logins_are_never_given_twice(wanted: list[int]) -> None:
    """Whatever people want at once, in the end each login has one owner."""
    holders = {f"p{n}": Holder(n, False, False, f"id{n}") for n in range(len(wanted))}
    wants = {f"id{n}": f"p{want}" for n, want in enumerate(wanted)}
    refused = logins.settle(wants, holders, frozenset(wants))
    final = [wants[one] if one not in refused else f"p{one[2:]}" for one in wants]
    assert len(set(final)) == len(final)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["a", "b", "A", "c"])), max_size=8))
def test_a_plan_never_touches_a_person_twice_with_the_same_kind(
    found: list[tuple[int, str]],
) -> None:
    made = plan(
        index(known(0), known(1)),
        *(person(n, login=login, digest=login) for n, login in found),
        confirmed={},
    )
    assert len(set(kinds(made))) == len(made.changes)
    taken = [
        change.after["login"]
        for change in made.changes
        if change.kind in (Kind.CREATE, Kind.RENAME)
    ]
    assert len({str(login).casefold() for login in taken}) == len(taken)
