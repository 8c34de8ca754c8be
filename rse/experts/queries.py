"""Who knows about something: by skills, role, and what the asker may read of what they wrote."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rse.identity.models import Person
from rse.kernel.text import fold
from rse.people import queries as people
from rse.people.queries import PersonRow
from rse.search import engine, expansion, rights
from rse.search.documents import declared
from rse.search.engine import Ask, Hit
from rse.search.query import Query, parse
from rse.search.words import plain, spoken, stem, terms
from rse.skills import queries as skills
from rse.skills.queries import Holder

from . import rules

SHOWN = 20
# What was written is counted among the newest matches: old knowledge fades.
COUNTED_AMONG = 200
POST, COMMENT = "post", "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """Somebody who may help, with every reason to think so."""

    person: PersonRow
    skills: Sequence[Holder]
    in_role: bool
    posts: int
    comments: int

    @property
    def score(self) -> float:
        return rules.score(
            skills=len(self.skills),
            endorsements=sum(skill.endorsements for skill in self.skills),
            in_role=self.in_role,
            posts=self.posts,
            comments=self.comments,
        )


def topic_of(text: str) -> str:
    """What a question is about: its words without the little ones."""
    words = [word for word in spoken(text) if len(word) >= rules.SHORTEST]
    kept = [word for word in words if fold(word) not in rules.LITTLE_WORDS]
    return " ".join(kept[:8])


async def experts_for(reader: Person, topic: str) -> list[Expert]:
    """The best first, the asker left out."""
    query = Query(wanted=parse(topic).wanted)
    if not query.wanted:
        return []
    scope = await rights.scope_of(reader)
    query = await expansion.expanded(query)
    named = await engine.matches(
        scope, Ask(query=query, kinds=["person"], limit=COUNTED_AMONG, scored=True)
    )
    written = await _written(await engine.matches(scope, _ask(query)))
    held = _by_person(await skills.holders(_beginnings(topic)))
    found = await people.people_by_id(
        list({*held, *(hit.id for hit in named), *(author for author, _kind in written)})[:500]
    )
    experts = [_expert(one, topic, held, written) for one in found if one.id != reader.id]
    useful = [expert for expert in experts if expert.score > 0]
    return sorted(useful, key=lambda one: (-one.score, one.person.display_name))[:SHOWN]


def _ask(query: Query) -> Ask:
    kinds = [kind for kind in (POST, COMMENT) if kind in declared]
    return Ask(query=query, kinds=kinds, limit=COUNTED_AMONG, scored=True)


async def _written(hits: Iterable[Hit]) -> Counter[tuple[int, str]]:
    """By author and kind; only what is still there, where the index last saw it."""
    counted: Counter[tuple[int, str]] = Counter()
    by_kind: dict[str, list[Hit]] = {}
    for hit in hits:
        by_kind.setdefault(hit.kind, []).append(hit)
    for kind, found in by_kind.items():
        documents = {one.id: one for one in await declared[kind].load([hit.id for hit in found])}
        for hit in found:
            document = documents.get(hit.id)
            if document is not None and document.space_id == hit.space_id:
                counted[hit.author_id, kind] += 1
    return counted


def _beginnings(topic: str) -> list[str]:
    """Words as skills are kept, without their endings."""
    return list(dict.fromkeys(stem(fold(word)) for word in spoken(topic)))


def _by_person(found: Iterable[Holder]) -> dict[int, list[Holder]]:
    held: dict[int, list[Holder]] = {}
    for holder in found:
        held.setdefault(holder.person_id, []).append(holder)
    return held


def _expert(
    person: PersonRow,
    topic: str,
    held: Mapping[int, Sequence[Holder]],
    written: Mapping[tuple[int, str], int],
) -> Expert:
    wanted = {stem(plain(word)) for word in spoken(topic)}
    return Expert(
        person=person,
        skills=held.get(person.id, ()),
        in_role=bool(wanted & set(terms(person.title))),
        posts=written.get((person.id, POST), 0),
        comments=written.get((person.id, COMMENT), 0),
    )
