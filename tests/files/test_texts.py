"""The words of uploads are found; a file that would do harm, or cannot be read, by its name."""

import asyncio
from datetime import timedelta

import pytest

from rse.feed import actions as feed
from rse.feed.drafts import CommentDraft, PostDraft
from rse.files import actions as files
from rse.files.models import FileText, StoredFile
from rse.files.texts import jail, readings
from rse.files.texts.jail import Reading, read_text
from rse.files.texts.unread import CRASHED, DAMAGED, EMPTY, LARGE, LEGACY, PROTECTED, SLOW
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.search import index, results
from rse.search.asked import Asked
from tests import make

from . import samples

KINDS = {
    "devis.docx": samples.docx("Passerelle provisoire"),
    "lots.xlsx": samples.xlsx("Passerelle provisoire"),
    "plan.pptx": samples.pptx("Page une", "Passerelle provisoire"),
    "note.odt": samples.open_document("Passerelle provisoire"),
    "table.ods": samples.open_document("Passerelle provisoire "),
    "vues.odp": samples.open_document("Passerelle  provisoire"),
    "plan.pdf": samples.pdf("Passerelle provisoire"),
    "scelle.pdf": samples.sealed_pdf("Passerelle provisoire", ""),
}
HOSTILE = {
    "entites.docx": (samples.entity_bomb(), DAMAGED),
    "dehors.docx": (samples.outside_entity(), DAMAGED),
    "bombe.docx": (samples.zip_bomb(), LARGE),
    "remarque.docx": (samples.endless_comment(), LARGE),
    "clef.pdf": (samples.sealed_pdf("secret", "clef"), PROTECTED),
    "boucle.pdf": (samples.loop_pdf(), None),
    "coupe.pdf": (samples.pdf("Plan")[:120], None),
    "rien.pdf": (b"%PDF-1.7\n", None),
    "coupe.docx": (samples.docx("Plan")[:90], DAMAGED),
    "faux.docx": (b"PK\x03\x04 rien de tel", DAMAGED),
    "photos.zip": (samples.zipped({"a.txt": "plan"}), LEGACY),
    "vieux.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, LEGACY),
    "mot-de-passe.docx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), PROTECTED,
    ),
    "vide.docx": (samples.zipped({"word/document.xml": f"<w:document {samples.W}/>"}), EMPTY),
    "foule.docx": (samples.zipped({f"p{n}": "" for n in range(5_100)}), LARGE),
    "fouillis.docx": (samples.zipped({"word/document.xml": "<a><b></a>"}), DAMAGED),
    "profond.docx": (samples.zipped({"word/document.xml": "<a>" * 200_000}), DAMAGED),
}  # fmt: skip
# Instead of reading, the child tries what a document that took it over would try.
ESCAPE = """
import json, os, socket, sys
sys.path.insert(0, sys.argv[1])
from rse.files.texts import walls
walls.limit_resources()
shut = walls.refuse_system_calls()
done = []
for attempt in (
    lambda: open("/etc/passwd").read(), lambda: open("/tmp/x", "w"), lambda: os.listdir("/"),
    lambda: socket.socket(), lambda: os.fork(), lambda: os.execv("/bin/true", ["true"]),
    lambda: os.kill(os.getppid(), 0),
):
    try:
        attempt()
        done.append("did it")
    except OSError:
        pass
print(json.dumps({"text": " ".join(done), "reason": str(dict(os.environ)), "shut": shut}))
"""
WALLED = "import sys; sys.path.insert(0, sys.argv[1]); from rse.files.texts import walls; "


@pytest.mark.parametrize("name", KINDS)
async def test_the_words_of_a_file_are_read(name: str) -> None:
    reading = await read_text(KINDS[name])
    assert "Passerelle provisoire" in " ".join(reading.text.split())
    assert reading.reason == "" and reading.shut


async def test_numbers_notes_and_words_of_cells_are_read_in_their_order() -> None:
    sheet = (await read_text(samples.xlsx("Lot nord"))).text.split()
    assert sheet == ["Lot", "nord", "4711", "sur", "place"]
    slides = (await read_text(samples.pptx(*(f"Vue{n}" for n in range(1, 12))))).text.split()
    assert slides == [f"Vue{n}" for n in range(1, 12)]
    assert (await read_text(samples.docx("Début"))).text.split() == ["Début", "Fin", "En-tête"]


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_is_refused_with_a_reason(name: str) -> None:
    content, reason = HOSTILE[name]
    reading = await read_text(content)
    assert reading.text == ""
    assert reading.reason == reason if reason else reading.reason in {DAMAGED, EMPTY}


async def test_the_reading_process_can_do_nothing_else() -> None:
    said = await read_text(b"", ESCAPE)
    assert said.shut
    assert said.text == "", "no file, no network, no program, no other process"
    assert "'PATH'" not in said.reason and "RSE_" not in said.reason


async def test_a_file_that_takes_time_or_memory_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endless = f"{WALLED}walls.CPU_SECONDS = 1; walls.limit_resources()\nwhile True: pass"
    assert (await read_text(b"", endless)).reason == SLOW
    greedy = f"{WALLED}walls.limit_resources(); x = b'x' * (1 << 31)"
    assert (await read_text(b"", greedy)).reason == CRASHED
    monkeypatch.setattr(jail, "SECONDS", 0.5)
    assert (await read_text(b"", "import time; time.sleep(60)")).reason == SLOW
    monkeypatch.setattr(jail, "SECONDS", 20)
    talker = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
    assert (await read_text(b"", talker)).reason == CRASHED


def test_plain_text_of_any_age_is_decoded() -> None:
    assert readings.decoded("\ufeffété".encode()) == "été"
    assert readings.decoded("été".encode("cp1252")) == "été"
    assert readings.decoded("é".encode()[:1]) == ""


# --- Through the doors ---------------------------------------------------------------------------


async def found(reader: Person, text: str) -> list[str]:
    page = await results.search(reader, Asked(text=text))
    return [one.document.title for group in page.groups for one in group.results]


async def published(author: Person, name: str, content: bytes) -> StoredFile:
    file = await files.store(author, name, content)
    space = await make.space(author)
    draft = PostDraft(space=to_public(space.id), body="Voici", files=[to_public(file.id)])
    await feed.publish(author, draft)
    await drain()
    return file


@pytest.mark.usefixtures("app")
async def test_a_document_is_found_by_its_name_at_once_and_soon_by_its_words() -> None:
    author = await make.person()
    await published(author, "devis-quai.docx", samples.docx("Passerelle en mélèze"))
    assert await found(author, "devis") == ["devis-quai.docx"]
    assert await found(author, "meleze") == []
    await readings.read_waiting()
    assert await found(author, "meleze") == ["devis-quai.docx"]
    assert not await FileText.filter(due_at__not_isnull=True).exists()


@pytest.mark.usefixtures("app")
async def test_a_file_of_a_comment_is_read_and_the_same_bytes_only_once() -> None:
    author = await make.person()
    content = samples.pdf("Anneau de levage")
    await published(author, "un.pdf", content)
    post = await make.post(author, None, "Fil")
    second = await files.store(author, "deux.pdf", content)
    await feed.comment(author, post.id, CommentDraft(body="Ici", files=[to_public(second.id)]))
    await drain()
    assert await FileText.all().count() == 1
    await readings.read_waiting()
    assert sorted(await found(author, "levage")) == ["deux.pdf", "un.pdf"]


@pytest.mark.usefixtures("app")
async def test_a_file_that_cannot_be_read_is_found_by_its_name_and_says_why() -> None:
    author = await make.person()
    await published(author, "contrat.pdf", samples.sealed_pdf("secret", "clef"))
    await readings.read_waiting()
    page = await results.search(author, Asked(text="contrat"))
    note = page.groups[0].results[0].document.note
    assert note == "Found by its name only: a password protects it."
    assert await found(author, "password protects") == []


@pytest.mark.usefixtures("app")
async def test_what_may_pass_is_tried_again_three_times_and_then_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = 0

    async def slow(_content: bytes) -> Reading:
        nonlocal asked
        asked += 1
        return Reading(reason=SLOW)

    monkeypatch.setattr(readings, "read_text", slow)
    author = await make.person()
    await published(author, "lent.pdf", samples.pdf("Lent"))
    start = clock.now()
    for minutes in (0, 1, 10, 60, 600):
        monkeypatch.setattr(
            clock, "now", lambda minutes=minutes: start + timedelta(minutes=minutes)
        )
        await readings.read_waiting()
    text = await FileText.get()
    assert (asked, text.attempts, text.reason, text.due_at) == (3, 3, SLOW, None)


@pytest.mark.usefixtures("app")
async def test_what_was_stored_before_is_read_too_and_goes_with_its_file() -> None:
    author = await make.person()
    file = await published(author, "ancien.pdf", samples.pdf("Ancre"))
    await FileText.all().delete()
    await readings.want_missing()
    await asyncio.gather(readings.read_waiting(), readings.read_waiting())
    assert await found(author, "ancre") == ["ancien.pdf"]
    post_id = (await StoredFile.get(id=file.id)).post_id
    assert post_id
    await files.remove_of(post_id=post_id)
    await index.refresh("file", [file.id])
    assert not await FileText.exists()
    assert await found(author, "ancre") == []
