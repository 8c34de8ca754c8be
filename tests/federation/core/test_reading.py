"""Reading partners' documents: what we write reads back, and nothing else surprises."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.federation.core import jcs, jsonsafe, reading, vocab
from rse.federation.core.jsonsafe import Malformed
from rse.federation.core.vocab import Activity, Group, Mention, Note, Person, Ref, Tombstone

ORIGIN = "https://brumelis.example"

moments = st.integers(1_000_000_000, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
words = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=40
)
uris = st.from_regex(r"/fed/[a-z]{1,10}/[0-9a-z]{1,20}", fullmatch=True).map(lambda p: ORIGIN + p)
mentions = st.builds(Mention, href=uris, name=words)
notes = st.builds(
    Note, id=uris, attributed_to=uris, audience=uris, content=words, published=moments,
    updated=st.none() | moments, name=st.none() | words, in_reply_to=st.none() | uris,
    mentions=st.lists(mentions, max_size=3).map(tuple),
)  # fmt: skip
people = st.builds(Person, id=uris, name=words, title=st.none() | words)
stones = st.builds(Tombstone, id=uris, former_type=st.just("Note"))
groups = st.builds(Group, id=uris, name=words, summary=st.none() | words)
likes = st.builds(Ref, id=uris, type=st.just("Like"), object=st.none() | uris)
invites = st.builds(Ref, id=uris, type=st.just("Invite"), object=st.none() | uris)
said = st.one_of(
    st.tuples(st.just("Create"), notes), st.tuples(st.just("Update"), notes | people),
    st.tuples(st.just("Delete"), stones),
    st.tuples(st.sampled_from(["Like", "Join", "Leave"]), uris),
    st.tuples(st.just("Undo"), likes | invites), st.tuples(st.just("Invite"), groups),
    st.tuples(st.sampled_from(["Accept", "Reject"]), invites),
)  # fmt: skip


@st.composite
def activities(draw: st.DrawFn) -> Activity:
    kind, what = draw(said)
    card = draw(st.none() | people)
    return Activity(
        id=draw(uris), type=kind, actor=card.id if card else draw(uris), object=what,
        published=draw(moments), audience=draw(st.none() | uris), target=draw(st.none() | uris),
        content=draw(st.none() | words), card=card,
    )  # fmt: skip


@given(activities())
def test_what_is_written_reads_back_the_same(activity: Activity) -> None:
    body = jcs.canonical(activity.to_json())
    again = reading.parse_activity(jsonsafe.parse(body))
    assert again == activity
    assert jcs.canonical(again.to_json()) == body


@given(activities(), st.data())
def test_a_document_with_one_odd_member_is_read_or_refused(
    activity: Activity, data: st.DataObject
) -> None:
    document = activity.to_json()
    name = data.draw(st.sampled_from([*document, "@graph", "as:actor", "cc", "to"]))
    odd: Any = data.draw(
        st.sampled_from([None, True, 7, "", "x", [], {}, [[]], {"type": "Note"}, ["x"] * 50])
    )
    try:
        reading.parse_activity({**document, name: odd})
    except Malformed:
        return


@pytest.mark.parametrize(
    "text",
    ["2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00+01:00", "9999-01-01T00:00:00Z",
     "2026-13-01T00:00:00Z", "now"],
)  # fmt: skip
def test_a_time_that_is_not_plain_utc_is_refused(text: str) -> None:
    document = Activity(
        id=f"{ORIGIN}/a", type="Like", actor=f"{ORIGIN}/b", object=f"{ORIGIN}/c",
        published=datetime(2026, 1, 1, tzinfo=UTC),
    ).to_json()  # fmt: skip
    with pytest.raises(Malformed):
        reading.parse_activity(document | {"published": text})


def test_our_context_is_neutral_and_never_an_address_to_fetch() -> None:
    assert vocab.NAMESPACE.startswith("urn:")
