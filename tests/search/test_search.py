"""What is found, by whom, and from which moment on: the same on both engines."""

import pytest
from hypothesis import HealthCheck, given, settings

from rse.feed import actions as feed
from rse.feed.drafts import CommentDraft, EditDraft, PostDraft
from rse.files import actions as files
from rse.identity import people
from rse.identity.models import Person
from rse.identity.people import Card
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.search import engine, index, results, rights
from rse.search.asked import Asked
from rse.search.documents import declared
from rse.search.engine import Ask
from rse.search.models import IndexedText, KnownWord
from rse.search.query import parse
from rse.spaces import actions as spaces
from rse.spaces.actions import SpaceDraft
from rse.spaces.models import Space
from tests import make
from tests.search.test_query import HOSTILE

pytestmark = pytest.mark.usefixtures("app")


async def titles(reader: Person, text: str, **chosen: str | int) -> list[str]:
    """What a reader finds, in the page's order."""
    found = await results.search(reader, Asked(text=text, **chosen))  # type: ignore[arg-type]
    return [result.document.title for group in found.groups for result in group.results]


async def written(body: str, author: Person | None = None, space: Space | None = None) -> Person:
    author = author or await make.person()
    await make.post(author, space, body)
    await drain()
    return author


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ("Le devis de la façade", "facade"),
        ("Le devis de la façade", "FAÇADES"),
        ("Un mot de l'équipe", "équipe"),
        ("Un mot de l’équipe", "l'equipe"),
        ("Die Rechnungsprüfung beginnt", "rechnung"),
        ("Zwei Rechnungen offen", "Rechnung"),
        ("Die Häuser am Kai", "Haus"),
        ("Grüße an Frau Müller", "mueller"),
        ("Les journaux du lundi", "journal"),
        ("Le planning du quai", "plann"),
        ("Version 2b3 du lot 12e5 et 0x1f", "2b3 12e5 0x1f"),
        ("Écrire à accueil@ostrelle.example/quai", "accueil@ostrelle.example"),
        ("Das Straßenfest", "strassenfest"),
        ("Die Arbeitsschutzverordnung gilt", "Schutzverordnung"),
        ("Die Arbeitsschutzverordnung gilt", "arbeitsschutz"),
        ("Die Arbeitsschutzverordnungen gelten", "Verordnung"),
        ("Das Hausmeisterbüro am Kai", "meisterbuero"),
        ("À l’atelier d’équipe, jusqu’à jeudi", "atelier equipe"),
        ("Les chevaux du chantier naval", "cheval chantiers"),
    ],
)
async def test_a_post_is_found_by(body: str, query: str) -> None:
    author = await written(body)
    assert await titles(author, query) == [body]


async def test_a_short_part_of_a_compound_is_found_where_the_rest_is_a_word_too() -> None:
    author = await written("Arbeitsschutz am Kai")
    await written("Jede Arbeit zählt", author)
    await written("Kataschutzlos", author)
    assert await titles(author, "schutz") == ["Arbeitsschutz am Kai"]


@pytest.mark.parametrize(
    ("body", "query"),
    [("Une information", "formation"), ("La transformation", "formation"),
     ("Une commission", "mission"), ("Les supermarchés", "marché")],
)  # fmt: skip
async def test_what_only_ends_alike_is_another_word(body: str, query: str) -> None:
    author = await written(body)
    assert await titles(author, query) == []


async def test_phrases_and_exclusions() -> None:
    author = await written("La façade nord est sèche")
    await written("Au nord, la façade attend", author)
    assert await titles(author, '"façade nord"') == ["La façade nord est sèche"]
    assert await titles(author, "façade -sèche") == ["Au nord, la façade attend"]
    assert await titles(author, "type:post -sèche") == ["Au nord, la façade attend"]


async def test_operators_narrow() -> None:
    anna, ben = await make.person("Anna Morvan"), await make.person("Ben Quéré")
    quai = await make.space(anna, "Quai Ouest")
    await written("Plan de quai", anna, quai)
    await written("Plan de gare", ben)
    assert await titles(anna, "plan from:anna") == ["Plan de quai"]
    assert await titles(anna, 'plan de:"quere"') == ["Plan de gare"]
    assert await titles(anna, 'plan in:"quai"') == ["Plan de quai"]
    assert await titles(anna, "plan from:personne-du-tout") == []
    assert await titles(anna, "from:anna") == ["Plan de quai"]
    assert await titles(anna, "plan before:2025-01-01") == []
    assert await titles(anna, "plan type:comment") == []
    assert len(await titles(anna, "plan after:2025")) == 2


async def test_leaving_a_space_takes_effect_at_once() -> None:
    owner = await make.person()
    closed = await make.space(owner, "Direction", "invitation")
    member = await make.member(closed)
    await written("Le budget secret", owner, closed)
    assert await titles(member, "budget") == ["Le budget secret"]
    await spaces.dismiss(closed.id, member.id)
    assert await titles(member, "budget") == []


async def test_nobody_finds_what_they_may_not_read() -> None:
    owner, other = await make.person(), await make.person()
    secret = await make.space(owner, "Fusion Brumelis", "secret")
    await written("Calendrier confidentiel", owner, secret)
    post = await make.post(owner, secret, "Autre calendrier")
    await make.comment(post, owner, "Un calendrier en commentaire")
    await drain()
    assert len(await titles(owner, "calendrier")) == 3
    for query in ("calendrier", "fusion", "in:fusion", "type:post", "confidentiel"):
        assert await titles(other, query) == []
    found = await results.search(other, Asked(text="confidentiek"))
    assert found.suggestion == ""
    assert not (await results.search(other, Asked(space_id=secret.id))).groups


async def test_a_space_one_may_ask_to_join_is_found_but_not_what_is_in_it() -> None:
    owner, other = await make.person(), await make.person()
    space = await make.space(owner, "Atelier bois", "request")
    await written("Bois de chêne", owner, space)
    assert await titles(other, "bois") == ["Atelier bois"]


async def test_a_closed_space_is_found_by_nobody_any_more() -> None:
    author = await make.person()
    space = await make.space(author, "Miroir")
    await written("Reflet", author, space)
    await Space.filter(id=space.id).update(is_closed=True)
    assert await titles(author, "reflet") == []
    assert await titles(author, "miroir") == []


async def test_an_edit_changes_what_is_found() -> None:
    author = await make.person()
    post = await make.post(author, None, "Ancien texte")
    await drain()
    await feed.edit(author, post.id, EditDraft(body="Nouveau texte"))
    await drain()
    assert await titles(author, "ancien") == []
    assert await titles(author, "nouveau") == ["Nouveau texte"]


async def test_a_deleted_post_is_gone_at_once_with_comments_and_files_and_comes_back() -> None:
    author = await make.person()
    space = await make.space(author)
    file = await files.store(author, "notes-lilas.txt", b"Le mot : glycine.")
    draft = PostDraft(space=to_public(space.id), body="Lilas", files=[to_public(file.id)])
    post = await feed.publish(author, draft)
    await make.comment(post, author, "Lilas blanc")
    await drain()
    assert sorted(await titles(author, "lilas")) == ["Lilas", "Lilas blanc", "notes-lilas.txt"]
    assert await titles(author, "glycine") == ["notes-lilas.txt"]
    await feed.delete(author, post.id)
    assert await titles(author, "lilas") == []
    await drain()
    assert await IndexedText.filter(kind__in=["post", "comment", "file"]).count() == 0
    await feed.restore(author, post.id)
    await drain()
    assert len(await titles(author, "lilas")) == 3


async def test_a_deleted_comment_takes_its_file_along() -> None:
    author = await make.person()
    post = await make.post(author, None, "Bonjour")
    file = await files.store(author, "liste.txt", b"pervenche")
    draft = CommentDraft(body="Voici", files=[to_public(file.id)])
    comment = await feed.comment(author, post.id, draft)
    await drain()
    assert await titles(author, "pervenche") == ["liste.txt"]
    await feed.delete_comment(author, comment.id)
    await drain()
    assert await titles(author, "pervenche voici") == []
    assert await index.indexed_ids("file") == []


async def test_a_person_is_found_by_name_first_and_not_after_leaving() -> None:
    reader = await make.person("Lise Arnaud")
    zoe = await make.person("Zoé Kermadec", title="Cheffe de quai", login="zoek")
    await written("Zoé Kermadec arrive lundi", reader)
    assert (await titles(reader, "zoe kerm"))[0] == "Zoé Kermadec"
    assert await titles(reader, "cheffe") == ["Zoé Kermadec"]
    await people.change_card(zoe, Card(display_name="Zoé Le Goff"))
    await drain()
    assert await titles(reader, "le goff", kind="person") == ["Zoé Le Goff"]
    await people.deactivate(zoe.id, "admin")
    await drain()
    assert await titles(reader, "zoe", kind="person") == []
    await people.reactivate(zoe.id, "admin")
    await drain()
    assert await titles(reader, "zoe", kind="person") == ["Zoé Le Goff"]


async def test_a_renamed_space_is_found_by_its_new_name() -> None:
    owner = await make.person()
    space = await make.space(owner, "Chantier")
    await spaces.change_space(owner, space.id, SpaceDraft(name="Passerelle"))
    await drain()
    assert await titles(owner, "chantier") == []
    assert await titles(owner, "passerelle") == ["Passerelle"]


async def test_a_partners_person_is_found_with_their_company() -> None:
    reader = await make.person()
    await make.outsider("Rui Valadares")
    await drain()
    found = await results.search(reader, Asked(text="valadares"))
    assert found.groups[0].results[0].document.company == "Brumelis"


async def test_did_you_mean_mends_one_word() -> None:
    author = await written("Une passerelle provisoire")
    found = await results.search(author, Asked(text="paserelle"))
    assert found.suggestion == "passerelle"
    assert (await results.search(author, Asked(text="zzzzqqq"))).suggestion == ""


async def test_a_title_outweighs_a_body_and_the_best_come_first() -> None:
    author = await make.person()
    space = await make.space(author)
    draft = PostDraft(space=to_public(space.id), title="Passerelle", body="Voilà")
    await feed.publish(author, draft)
    for _number in range(3):
        await make.post(author, space, "Un long texte sur la gare, le quai et la passerelle aussi")
    await drain()
    assert (await titles(author, "passerelle", kind="post"))[0] == "Passerelle"
    assert (await titles(author, "passerelle", kind="post", sort="newest"))[-1] == "Passerelle"


async def test_paging_shows_each_result_once_in_both_orders() -> None:
    author = await make.person()
    space = await make.space(author)
    for number in range(45):
        await make.post(author, space, f"Plan numéro {number}")
    await drain()
    for sort in ("best", "newest"):
        seen: list[str] = []
        asked = Asked(text="plan", kind="post", sort=sort)
        while True:
            found = await results.search(author, asked)
            seen += [result.document.title for group in found.groups for result in group.results]
            if not found.next_cursor:
                break
            asked = Asked(text="plan", kind="post", sort=sort, cursor=found.next_cursor)
        assert len(seen) == len(set(seen)) == 45


async def test_reindexing_finds_what_was_lost_and_drops_what_is_gone() -> None:
    author = await written("Mimosa")
    await IndexedText.filter(kind="post").delete()
    await IndexedText.create(id=17, kind="post", title_words="mimosa", audience="qkpost qs0")
    counted = await index.reindex()
    assert counted["post"] == 1
    assert await titles(author, "mimosa") == ["Mimosa"]
    before = sorted(await IndexedText.all().values_list("id", flat=True), key=str)
    assert await index.reindex() == counted
    assert sorted(await IndexedText.all().values_list("id", flat=True), key=str) == before


async def test_an_empty_index_fills_itself() -> None:
    author = await written("Anémone")
    await IndexedText.all().delete()
    await index.fill_when_empty()
    assert await titles(author, "anemone") == ["Anémone"]


async def test_every_kind_is_declared() -> None:
    assert list(declared) == ["person", "space", "post", "comment", "file"]


async def test_known_words_hold_each_word_once() -> None:
    author = await written("Glycine et glycine")
    await written("Encore de la Glycine", author)
    assert await KnownWord.filter(word="glycine").count() == 1


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=HOSTILE)
async def test_no_syntax_is_an_error_for_the_engine(text: str) -> None:
    reader = await Person.first() or await make.person()
    scope = await rights.scope_of(reader)
    query = parse(text)
    for kinds in (["person"], ["space"], ["post", "comment", "file"]):
        for scored in (True, False):
            await engine.matches(scope, Ask(query=query, kinds=kinds, scored=scored))
