"""The decision table: total, closed by default, and monotonous in what it grants."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.federation.core import authz
from rse.federation.core.authz import Facts
from rse.federation.core.vocab import (
    Activity,
    Group,
    Note,
    Object,
    Partnership,
    Person,
    Ref,
    Tombstone,
)  # fmt: skip

NOW = datetime(2026, 1, 1, tzinfo=UTC)
THEIRS, OURS = "https://brumelis.example", "https://ostrelle.example"
ACTOR, OTHER = f"{THEIRS}/fed/people/rui", f"{THEIRS}/fed/people/ana"
US = f"{OURS}/fed/actor"
GROUP = f"{OURS}/fed/spaces/1"
THING = f"{THEIRS}/fed/posts/1"

GOOD = Facts(
    partner_origin=THEIRS,
    our_origin=OURS,
    partner_actor=f"{THEIRS}/fed/actor",
    our_actor=f"{OURS}/fed/actor",
    partner_state="active",
    shared=True,
    introduced=True,
)


def note(**changes: str | None) -> Note:
    made = Note(id=THING, attributed_to=ACTOR, audience=GROUP, content="x", published=NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def activity(kind: str, what: Object, **changes: str | None) -> Activity:
    made = Activity(
        id=f"{THEIRS}/fed/activities/1", type=kind, actor=ACTOR, object=what, published=NOW,
        audience=GROUP,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


INVITE = Ref(id=f"{OURS}/fed/activities/9", type="Invite")
LIKE = Ref(id=f"{THEIRS}/fed/activities/2", type="Like")
DELETION = Ref(id=f"{THEIRS}/fed/activities/3", type="Delete", object=THING)
BURIED = replace(GOOD, tombstoned=True, grave_owner="actor", grave_here=True)
PACT = f"{THEIRS}/fed/partnerships/p1"
INSTANCE = {"actor": f"{THEIRS}/fed/actor", "audience": None}
ALLOWED = [
    (activity("Create", note()), GOOD),
    (activity("Create", note(in_reply_to=THING)), replace(GOOD, parent="here")),
    (activity("Update", note()), replace(GOOD, object_owner="actor", object_place="here")),
    (activity("Delete", Tombstone(id=THING)), replace(GOOD, object_owner="actor")),
    (activity("Delete", Tombstone(id=THING)), GOOD),
    (activity("Like", THING), replace(GOOD, object_place="here")),
    (activity("Undo", LIKE), replace(GOOD, object_owner="actor")),
    (activity("Undo", DELETION), BURIED),
    (activity("Delete", Tombstone(id=ACTOR, former_type="Person"), audience=None), GOOD),
    (activity("Update", Partnership(id=PACT, state="suspended"), **INSTANCE),
     replace(GOOD, partnership=PACT)),
    (activity("Join", GROUP), GOOD),
    (activity("Leave", GROUP), GOOD),
    (activity("Update", Person(id=ACTOR, name="Rui"), audience=None), GOOD),
    (
        activity("Invite", Group(id=f"{THEIRS}/fed/spaces/1", name="x"), target=US, **INSTANCE),
        GOOD,
    ),
    (activity("Accept", INVITE, **INSTANCE), replace(GOOD, awaited=True)),
    (activity("Reject", INVITE, **INSTANCE), replace(GOOD, awaited=True)),
    (activity("Undo", INVITE, **INSTANCE), replace(GOOD, awaited=True)),
]  # fmt: skip


@pytest.mark.parametrize(("said", "facts"), ALLOWED)
def test_every_row_of_the_table_can_be_allowed(said: Activity, facts: Facts) -> None:
    assert authz.decide(said, facts) == authz.ALLOW


def test_every_row_is_tried_above() -> None:
    assert {said.key for said, _facts in ALLOWED} == set(authz._TABLE)


@pytest.mark.parametrize(("said", "facts"), ALLOWED)
@pytest.mark.parametrize("state", ["draft", "offered", "verifying", "suspended", "terminated", ""])
def test_only_an_active_partner_is_allowed_anything(
    said: Activity, facts: Facts, state: str
) -> None:
    assert authz.decide(said, replace(facts, partner_state=state)).code == "forbidden"


@pytest.mark.parametrize(("said", "facts"), ALLOWED)
@pytest.mark.parametrize(
    "origin", [OURS, "https://cendra.example", "https://brumelis.example.evil.example"]
)
def test_a_key_speaks_only_for_its_own_origin(said: Activity, facts: Facts, origin: str) -> None:
    foreign = replace(said, actor=said.actor.replace(THEIRS, origin))
    assert authz.decide(foreign, facts).code == "forbidden"
    named = replace(said, id=said.id.replace(THEIRS, origin))
    assert authz.decide(named, facts).code == "malformed"


@pytest.mark.parametrize(("said", "facts"), ALLOWED)
def test_what_concerns_a_space_needs_the_share(said: Activity, facts: Facts) -> None:
    closed = replace(facts, shared=False)
    if said.audience is not None:
        assert authz.decide(said, closed).code == "forbidden"
        assert authz.decide(said, replace(closed, opening=True)).code in ("defer", "forbidden")
        assert authz.decide(replace(said, audience=None), facts).code != "allow"
    if isinstance(said.object, Ref) and said.object.type == "Invite":
        assert authz.decide(said, replace(facts, awaited=False)).code == "forbidden"


@pytest.mark.parametrize(("said", "facts"), ALLOWED)
@pytest.mark.parametrize("owner", ["colleague", "us", "other"])
def test_nobody_touches_what_is_somebody_elses(said: Activity, facts: Facts, owner: str) -> None:
    if said.key in {("Create", "Note"), ("Update", "Note"), ("Delete", "Note"), ("Undo", "Like")}:
        changed = replace(facts, object_owner=owner)  # type: ignore[arg-type]
        assert authz.decide(said, changed).code == "forbidden"


def test_a_person_and_an_instance_do_not_stand_in_for_each_other() -> None:
    for said, facts in ALLOWED:
        swapped = OTHER if said.actor == facts.partner_actor else facts.partner_actor
        assert authz.decide(replace(said, actor=swapped), facts).code == "forbidden"


def test_what_is_attributed_to_another_person_is_refused() -> None:
    for kind in ("Create", "Update"):
        facts = replace(GOOD, object_owner="actor", object_place="here")
        assert authz.decide(activity(kind, note(attributed_to=OTHER)), facts).code == "forbidden"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(BURIED, grave_owner="colleague"), "forbidden"),
        (replace(BURIED, grave_owner="other"), "forbidden"),
        (replace(BURIED, grave_owner="unknown"), "forbidden"),
        (replace(BURIED, grave_here=False), "forbidden"),
        (replace(BURIED, tombstoned=False), "defer"),
        (replace(BURIED, tombstoned=False, object_owner="actor"), "duplicate"),
    ],
)
def test_only_who_deleted_brings_back(facts: Facts, code: str) -> None:
    assert authz.decide(activity("Undo", DELETION), facts).code == code


@pytest.mark.parametrize("thing", [f"{OURS}/fed/posts/1", "https://cendra.example/x", None])
def test_a_deletion_that_is_taken_back_was_of_ones_own(thing: str | None) -> None:
    said = activity("Undo", replace(DELETION, object=thing))
    assert authz.decide(said, BURIED).code == "malformed"


def test_a_partner_speaks_of_its_partnership_with_us_alone() -> None:
    said = activity("Update", Partnership(id=PACT, state="terminated"), **INSTANCE)
    for other in ("", f"{THEIRS}/fed/partnerships/p2", f"{OURS}/fed/partnerships/p1"):
        assert authz.decide(said, replace(GOOD, partnership=other)).code == "forbidden"


TYPES = ["Create", "Update", "Delete", "Like", "Undo", "Announce", "Invite", "Accept", "Reject",
         "Join", "Leave", "Offer", "Block", "Move", "Add", "Remove", ""]  # fmt: skip
OBJECTS: list[Object] = [
    note(), note(in_reply_to=f"{OURS}/fed/posts/2"), Tombstone(id=THING), LIKE, INVITE,
    THING, GROUP, Person(id=ACTOR, name="x"), Group(id=GROUP, name="x"), DELETION,
    Tombstone(id=ACTOR, former_type="Person"), Partnership(id=PACT, state="active"),
]  # fmt: skip
ORIGINS = [THEIRS, OURS, "https://cendra.example"]


@given(
    st.sampled_from(list(product(TYPES, range(len(OBJECTS))))),
    st.sampled_from(ORIGINS),
    st.builds(
        Facts,
        partner_origin=st.just(THEIRS),
        our_origin=st.just(OURS),
        partner_actor=st.just(f"{THEIRS}/fed/actor"),
        our_actor=st.just(f"{OURS}/fed/actor"),
        partner_state=st.sampled_from(["active", "suspended"]),
        shared=st.booleans(),
        opening=st.booleans(),
        object_owner=st.sampled_from(["unknown", "actor", "colleague", "us", "other"]),
        object_place=st.sampled_from(["none", "unknown", "here", "elsewhere"]),
        parent=st.sampled_from(["none", "unknown", "here", "elsewhere"]),
        tombstoned=st.booleans(),
        awaited=st.booleans(),
        grave_owner=st.sampled_from(["unknown", "actor", "colleague", "other"]),
        grave_here=st.booleans(),
        partnership=st.sampled_from(["", PACT]),
        introduced=st.booleans(),
        loopback=st.just(False),
    ),
)
def test_any_activity_is_decided_and_only_known_ones_are_allowed(
    shape: tuple[str, int], origin: str, facts: Facts
) -> None:
    said = activity(shape[0], OBJECTS[shape[1]], actor=f"{origin}/fed/people/rui")
    decision = authz.decide(said, facts)
    if decision.code == "allow":
        assert said.key in authz._TABLE
        assert origin == THEIRS
        assert facts.partner_state == "active"


def test_the_defaults_of_the_facts_grant_nothing() -> None:
    required = {f.name: getattr(GOOD, f.name) for f in fields(Facts) if not f.name.startswith("_")}
    names = ("partner_origin", "our_origin", "partner_actor", "our_actor", "partner_state")
    bare = Facts(**{name: required[name] for name in names})
    for said, _facts in ALLOWED:
        if said.key != ("Invite", "Group"):
            assert authz.decide(said, bare).code != "allow"
