"""What goes wrong between companies: a crash, a forgery, a suspension."""

import asyncio
import json
import re
import secrets
import time

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rse.federation.core import digest, httpsig
from rse.federation.core.httpsig import Message
from rse.federation.core.vocab import MEDIA_TYPE
from tests.journey import seed
from tests.journey.browser import Browser
from tests.journey.companies import Company
from tests.journey.people import BASTIEN, RUI, THEO
from tests.journey.stage import Stage
from tests.journey.steps import partners
from tests.journey.waiting import check, until

NEWS = {
    "Mât 1 dressé": "Le premier mât est debout, haubans réglés à 14 kN.",
    "Mât 2 dressé": "Dressé avant la pluie ; le vent n’a pas dépassé 20 km/h.",
    "Ancrage 17 repris": "Le scellement de l’ancrage 17 a été repris, contrôle demain matin.",
    "Livraison des câbles": "Les six bobines sont arrivées, numéros relevés au portail.",
    "Essai de traction sur site": "Trois ancrages tirés à 110 % : aucun mouvement mesuré.",
    "Point de la semaine": "Nous sommes dans les temps. Prochaine étape : la toile de la travée 1.",
}
MEETING = "Réunion de montage"
LATE = "Nous confirmons le lot 412 pour mardi."
# What a forged request could write; the audit record is to grow.
KEPT = (
    "person", "organisation", "post", "comment", "reaction", "mention", "membership", "space",
    "notification", "fed_in", "fed_out", "fed_object", "fed_partner", "fed_seen_signature",
)  # fmt: skip


async def crash(stage: Stage) -> str:
    """B's process dies while A writes on; started again, it has everything once."""
    ostrelle, brumelis = stage.companies
    bastien, rui = await stage.at_home(BASTIEN), await stage.at_home(RUI, brumelis)
    died = brumelis.pid
    for number, (title, words) in enumerate(NEWS.items()):
        if number == 2:
            brumelis.kill()
        await seed.publish(bastien, stage.facts.shared_space, words, title=title)
    await until(lambda: _failures(ostrelle), "A to notice that B is gone")
    await brumelis.start()
    await asyncio.gather(*(partners.find_post(stage, title) for title in NEWS))
    await until(lambda: _has_recovered(ostrelle), "A to see that B is back")
    page = await rui.open(stage.facts.mirror)
    for title in NEWS:
        times = len(re.findall(rf">{title}</a></h3>", page.html))
        check(times == 1, f"« {title} » should stand once at Brumelis, not {times} times")
    here, there = (_shared_posts(company) for company in stage.companies)
    check(here == there, f"{here} shared posts at Ostrelle, {there} at Brumelis")
    again = f"process {died} killed, {brumelis.pid} caught up"
    return f"{again}: {there} shared posts on both sides, each once"


async def _failures(company: Company) -> int:
    return company.count("SELECT max(failures) FROM fed_lane")


async def _has_recovered(company: Company) -> bool:
    return await _failures(company) == 0


def _shared_posts(company: Company) -> int:
    """Living posts of the shared space since it is shared; older ones were not offered."""
    return company.count(
        """SELECT count(*) FROM post JOIN fed_share ON fed_share.space_id = post.space_id
        WHERE post.deleted_at IS NULL AND post.id > fed_share.id"""
    )


async def forge(stage: Stage) -> str:
    """Unsigned, signed with another key, from nowhere: one answer, and no row changes."""
    for company in stage.companies:
        await company.until_settled()
    before = _rows(stage.ostrelle)
    body = json.dumps(_forged(stage)).encode()
    url, keyid = f"{stage.ostrelle.origin}/fed/inbox", f"{stage.brumelis.origin}/fed/actor#root"
    attempts = {
        "unsigned": {},
        "signed with another key": _signed(url, body, keyid),
        "signed by a stranger": _signed(url, body, "http://127.0.0.1:9/fed/actor#root"),
    }
    answers = [await _post(url, body, headers) for headers in attempts.values()]
    check(answers == [(401, b"")] * len(attempts), f"each should be refused alike, not {answers}")
    await stage.ostrelle.until_settled()
    changed = {name: rows for name, rows in _rows(stage.ostrelle).items() if rows != before[name]}
    check(not changed, f"no row should change, but {changed}")
    return f"{', '.join(attempts)}: 401 without a word, no row changed in {len(KEPT)} tables"


def _forged(stage: Stage) -> dict[str, object]:
    """A comment in Rui's name, as B itself would send it."""
    origin = stage.brumelis.origin
    [(rui,)] = stage.ostrelle.rows("SELECT uri FROM person WHERE display_name = ?", RUI.name)
    [(group,)] = stage.brumelis.rows("SELECT group_uri FROM fed_share")
    return {
        "@context": "https://www.w3.org/ns/activitystreams", "type": "Create", "actor": rui,
        "id": f"{origin}/fed/activities/{secrets.token_hex(8)}", "audience": group, "to": [group],
        "object": {
            "type": "Note", "id": f"{origin}/fed/posts/{secrets.token_hex(6)}x",
            "attributedTo": rui, "audience": group, "content": "<p>Le montage est annulé.</p>",
        },
    }  # fmt: skip


def _signed(url: str, body: bytes, keyid: str) -> dict[str, str]:
    headers = [("content-type", MEDIA_TYPE), ("content-digest", digest.content_digest(body))]
    signature = httpsig.sign(
        Message("POST", url, headers), Ed25519PrivateKey.generate(), keyid,
        now=int(time.time()), nonce=secrets.token_urlsafe(16),
    )  # fmt: skip
    return dict([*headers, *signature])


async def _post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers={"content-type": MEDIA_TYPE, **headers}) as answer,
    ):
        return answer.status, await answer.read()


def _rows(company: Company) -> dict[str, int]:
    return {table: company.count(f"SELECT count(*) FROM {table}") for table in KEPT}


async def suspend(stage: Stage) -> str:
    """Either side may stop: at once nothing is read or taken; resumed, nothing is lost."""
    maud, leonie = await partners.administrators(stage)
    rui, theo = await stage.at_home(RUI, stage.brumelis), await stage.at_home(THEO)
    facts = stage.facts
    await _step(leonie, "suspend")
    for place in (facts.mirror, facts.partner_post_there):
        status = (await rui.look(place)).status
        check(status in {403, 404}, f"{place} should be closed at once, it answered {status}")
    await seed.publish(theo, facts.shared_space, "Jeudi 9 h, salle du quai.", title=MEETING)
    await _never(stage.brumelis, f"SELECT count(*) FROM post WHERE title = '{MEETING}'")
    await _step(leonie, "resume")
    await partners.find_post(stage, MEETING)
    await _step(maud, "suspend")
    await seed.comment(rui, facts.partner_post_there, LATE)
    await _never(stage.ostrelle, f"SELECT count(*) FROM comment WHERE html LIKE '%{LATE}%'")
    await _step(maud, "resume")
    await partners.until_read(theo, facts.partner_post, LATE)
    return "closed in the same moment, nothing came in; resumed, what was missed arrived"


async def _never(company: Company, sql: str) -> None:
    """Give it more time than a delivery takes."""
    await asyncio.sleep(0.7)
    check(company.count(sql) == 0, f"nothing should arrive at {company.name} while suspended")


async def _step(administrator: Browser, step: str) -> None:
    """What an administrator presses on the partner's page."""
    page = await partners.partner_page(administrator)
    await administrator.send(page.form(f"{partners.PARTNERS}/*/step"), step=step)
