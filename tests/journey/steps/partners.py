"""Two companies become partners, share a space, and work in it."""

import asyncio
import re
from dataclasses import replace

from rse.federation.core.invite import Invite
from tests.journey import seed
from tests.journey.browser import Browser
from tests.journey.content import RIVE_NORD
from tests.journey.pages import Form, Page
from tests.journey.people import LEONIE, MAUD, RUI, THEO
from tests.journey.stage import Stage
from tests.journey.waiting import check, until

CODE = r'data-part="partner.code">(\d{4} \d{4} \d{4})<'
FINGERPRINT = r'class="num">((?:[0-9a-f]{4} ){15}[0-9a-f]{4})<'
PARTNERS = "/admin/federation"
TITLE = "Longueur des laizes"
QUESTION = "La travée 3 mesure 12,40 m entre axes. Pouvez-vous tisser une laize d’un seul tenant ?"
REPLY = "Oui, nous pouvons monter jusqu’à 13 m sans couture."
OFFER = "Le premier rouleau part demain ; le numéro de lot suit."


async def become(stage: Stage) -> str:
    """Invitation, fingerprint, one code on both sides, both administrators confirm."""
    maud, leonie = await administrators(stage)
    form = (await maud.open(PARTNERS)).form(f"{PARTNERS}/invitations")
    invited = await maud.send(form)
    [link] = invited.ids(r'value="(http[^"]+/federation/join#[^"]+)"')
    [fingerprint] = invited.ids(FINGERPRINT)
    await _refuse_another_key(leonie, link)
    form = (await leonie.open(PARTNERS)).form(f"{PARTNERS}/partners")
    joined = await leonie.send(form, link=link)
    check(fingerprint in joined.html, "B should show the fingerprint that A shows as its own")
    codes = [await _code_of(browser) for browser in (maud, leonie)]
    check(codes[0] == codes[1], f"one code on both sides, not {codes}")
    for browser in (maud, leonie):
        page = await partner_page(browser)
        await browser.send(page.form(f"{PARTNERS}/*/code"), code=codes[0])
    await asyncio.gather(*(_until_active(browser) for browser in (maud, leonie)))
    return f"fingerprint {fingerprint[:19]}…, code {codes[0]} on both sides, both confirmed"


async def administrators(stage: Stage) -> tuple[Browser, Browser]:
    return await stage.at_home(MAUD), await stage.at_home(LEONIE, stage.brumelis)


async def _refuse_another_key(browser: Browser, link: str) -> None:
    """A link that names another key than the one that is served is refused."""
    invite = Invite.read(link, loopback=True)
    false = replace(invite, fingerprint=invite.fingerprint[::-1]).link()
    form = (await browser.open(PARTNERS)).form(f"{PARTNERS}/partners")
    refused = await browser.try_to_send(form, link=false)
    check(refused.status == 403, f"another fingerprint should be refused, not {refused.status}")


async def partner_page(browser: Browser) -> Page:
    """The administrators' page of the one partner."""
    page = await browser.open(PARTNERS)
    [place] = page.ids(rf'href="({PARTNERS}/[0-9a-z]{{13}})"')
    return await browser.open(place)


async def _code_of(browser: Browser) -> str:
    async def look() -> str:
        found = (await partner_page(browser)).ids(CODE)
        return found[0] if found else ""

    return await until(look, "the code to compare")


async def _until_active(browser: Browser) -> None:
    async def look() -> bool:
        return 'value="suspend"' in (await partner_page(browser)).html

    await until(look, "the partnership to be active")


async def share(stage: Stage) -> str:
    """A offers one space, B's administrator takes it, a person of B asks to join and may."""
    maud, leonie = await administrators(stage)
    offer = (await partner_page(maud)).form(f"{PARTNERS}/*/shares")
    await maud.send(offer, space=stage.facts.shared_space.rpartition("/")[2])

    async def offered() -> list[Form]:
        page = await partner_page(leonie)
        return [form for form in page.forms if "/shares/" in form.action]

    [answer] = await until(offered, "the offer to arrive")
    await leonie.send(answer, answer="accept")

    async def shared() -> bool:
        return all(c.rows("SELECT state FROM fed_share") == [("active",)] for c in stage.companies)

    await until(shared, "the space to be shared")
    await _join_mirror(stage)
    return f"« {RIVE_NORD} » is read at Brumelis; {LEONIE.name} lets {RUI.name} in"


async def _join_mirror(stage: Stage) -> None:
    rui = await stage.at_home(RUI, stage.brumelis)
    leonie = await stage.at_home(LEONIE, stage.brumelis)
    listed = await rui.open("/spaces")
    mirrors = listed.ids(rf'<a href="(/spaces/[0-9a-z]{{13}})">{RIVE_NORD}</a>')
    check(mirrors and "Ostrelle" in listed.text, "the space should be listed with its company")
    mirror = stage.facts.mirror = mirrors[0]
    await rui.send((await rui.open(mirror)).form(f"{mirror}/requests"))
    members = await leonie.open(f"{mirror}/members")
    await leonie.send(members.form(f"{mirror}/requests/*"), answer="accept")
    joined = await rui.open(mirror)
    check(
        any(form.action.endswith("/posts") for form in joined.forms), "Rui should be able to write"
    )


async def talk(stage: Stage) -> str:
    """A's post is read at B under A's badge; B's comment, reaction and post at A under B's."""
    facts = stage.facts
    theo, rui = await stage.at_home(THEO), await stage.at_home(RUI, stage.brumelis)
    facts.partner_post = await seed.publish(theo, facts.shared_space, QUESTION, title=TITLE)
    facts.partner_post_there = await find_post(stage, TITLE)
    there = await rui.open(facts.partner_post_there)
    check(_badge(there.html, "Ostrelle"), "at Brumelis the post should carry Ostrelle's badge")
    check(THEO.name in there.text, "and its author's name")
    await seed.comment(rui, facts.partner_post_there, REPLY)
    await seed.react(rui, facts.partner_post_there, "👏")

    async def arrived() -> bool:
        page = await theo.open(facts.partner_post)
        return REPLY in page.text and "👏 1" in page.text

    await until(arrived, "comment and reaction at Ostrelle")
    page = await theo.open(facts.partner_post)
    facts.partner_comment = page.ids(r'id="(c-[0-9a-z]{13})"')[-1]
    bubble = page.part(facts.partner_comment)
    check(RUI.name in bubble and _badge(bubble, "Brumelis"), "with Rui's name and Brumelis' badge")
    await seed.publish(rui, facts.mirror, OFFER)
    await until_read(theo, facts.shared_space, OFFER)
    return f"{THEO.name} (Ostrelle) and {RUI.name} (Brumelis) read each other, badges from the key"


async def find_post(stage: Stage, title: str) -> str:
    """The address of a post of A at B, once it has arrived."""
    rui = await stage.at_home(RUI, stage.brumelis)

    async def look() -> str:
        page = await rui.open(stage.facts.mirror)
        found = re.findall(rf'<h3><a href="(/posts/[0-9a-z]{{13}})">{title}</a></h3>', page.html)
        return found[0] if found else ""

    return await until(look, f"« {title} » at Brumelis")


async def until_read(browser: Browser, place: str, words: str) -> None:
    """Look at a page until it says something."""

    async def look() -> bool:
        return words in (await browser.open(place)).text

    await until(look, f"« {words} »")


def _badge(html: str, company: str) -> bool:
    badge = rf'data-part="partner">.{{0,300}}?</span>{company}</span>'
    return re.search(badge, html, re.DOTALL) is not None


async def change(stage: Stage) -> str:
    """An edit and a deletion follow, from A to B and from B to A."""
    facts = stage.facts
    theo, rui = await stage.at_home(THEO), await stage.at_home(RUI, stage.brumelis)
    edit = (await theo.open(f"{facts.partner_post}/edit")).form(f"{facts.partner_post}/edit")
    await theo.send(edit, body=QUESTION.replace("12,40", "12,60"))
    page = await rui.open(facts.partner_post_there)
    [theirs] = page.ids(r'href="(/comments/[0-9a-z]{13}/edit)"')
    await rui.send((await rui.open(theirs)).form(theirs), body=REPLY.replace("13 m", "14 m"))

    async def edited() -> bool:
        at_b, at_a = await rui.open(facts.partner_post_there), await theo.open(facts.partner_post)
        return "12,60" in at_b.text and "14 m" in at_a.text and "13 m" not in at_a.text

    await until(edited, "both edits on the other side")
    await _delete(stage)
    return "edits and deletions arrived on both sides"


async def _delete(stage: Stage) -> None:
    """A withdraws a post, B its comment."""
    facts = stage.facts
    theo, rui = await stage.at_home(THEO), await stage.at_home(RUI, stage.brumelis)
    passing = await seed.publish(theo, facts.shared_space, "Envoyé trop tôt.", title="Brouillon")
    copy = await find_post(stage, "Brouillon")
    await theo.send((await theo.open(passing)).form(f"{passing}/deletion"))
    page = await rui.open(facts.partner_post_there)
    await rui.send(page.form("/comments/*/deletion"))

    async def gone() -> bool:
        at_a = await theo.open(facts.partner_post)
        return (await rui.look(copy)).status == 404 and "14 m" not in at_a.text

    await until(gone, "both deletions on the other side")
