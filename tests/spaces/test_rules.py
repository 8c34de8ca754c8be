"""The rules of spaces, every case of the table, without a database."""

import itertools

import pytest

from rse.identity.models import ACTIVE, DEACTIVATED, Person
from rse.kernel import clock
from rse.spaces import rules
from rse.spaces.models import INVITED, JOINED, Membership, Space

ACCESS = ("open", "request", "invitation", "secret")
STANDINGS = (None, "requested", INVITED, JOINED, "closed")


def person(*, local: bool = True, active: bool = True) -> Person:
    return Person(
        id=1, uri=None if local else "https://brumelis.example/fed/people/1",
        status=ACTIVE if active else DEACTIVATED,
    )  # fmt: skip


def standing(status: str | None, role: str = "member") -> Membership | None:
    return Membership(id=1, space_id=1, person_id=1, status=status, role=role) if status else None


@pytest.mark.parametrize(("access", "status"), itertools.product(ACCESS, STANDINGS))
def test_who_reads(access: str, status: str | None) -> None:
    space = Space(id=1, access=access)
    expected = status == JOINED or access == "open"
    assert rules.may_read(person(), space, standing(status)) is expected
    assert rules.may_read(person(local=False), space, standing(status)) is (status == JOINED)
    assert not rules.may_read(person(active=False), space, standing(status))


@pytest.mark.parametrize(("access", "status"), itertools.product(ACCESS, STANDINGS))
def test_who_sees(access: str, status: str | None) -> None:
    space = Space(id=1, access=access)
    expected = status in {JOINED, INVITED} or access != "secret"
    assert rules.may_see(person(), space, standing(status)) is expected
    assert rules.may_see(person(local=False), space, standing(status)) is (
        status in {JOINED, INVITED}
    )


@pytest.mark.parametrize("status", STANDINGS)
def test_nobody_reads_or_writes_where_nothing_flows_any_more(status: str | None) -> None:
    closed = Space(id=1, access="open", is_closed=True)
    for rule in (rules.may_see, rules.may_read, rules.may_post):
        assert not rule(person(), closed, standing(status))


@pytest.mark.parametrize("status", STANDINGS)
def test_only_members_write_and_not_in_an_archive(status: str | None) -> None:
    space = Space(id=1, access="open")
    assert rules.may_post(person(), space, standing(status)) is (status == JOINED)
    archived = Space(id=1, access="open", archived_at=clock.now())
    assert not rules.may_post(person(), archived, standing(status))


def test_a_role_counts_only_for_members() -> None:
    assert rules.may_manage(standing(JOINED, "owner"))
    assert not rules.may_manage(standing(JOINED, "moderator"))
    assert rules.may_moderate(standing(JOINED, "moderator"))
    assert not rules.may_moderate(standing("closed", "owner"))
    assert not rules.may_moderate(None)


def test_asking_is_for_colleagues_at_a_door_that_takes_requests() -> None:
    space = Space(id=1, access="request")
    assert rules.may_request(person(), space, None)
    assert not rules.may_request(person(local=False), space, None)
    assert not rules.may_request(person(), space, standing("requested"))
    assert not rules.may_request(person(), Space(id=1, access="invitation"), None)


def test_the_company_space_is_never_left() -> None:
    company = Space(id=1, is_company=True)
    assert not rules.may_leave(company, standing(JOINED), owners=2)
    assert rules.may_leave(Space(id=1), standing(JOINED, "owner"), owners=2)
    assert not rules.may_leave(Space(id=1), standing(JOINED, "owner"), owners=1)
    assert rules.needs_invitation(Space(id=1, access="secret"))
