"""Before the story: both companies get their first administrator, the supplier its people."""

import asyncio
import re

from tests.journey import seed
from tests.journey.companies import Company
from tests.journey.content import BRUMELIS
from tests.journey.people import LEONIE, MAUD, PASSWORD, SUPPLIERS, Somebody
from tests.journey.stage import Stage
from tests.journey.waiting import check


async def first_administrators(stage: Stage) -> str:
    """`rse setup` prints a link; it works once; there is no default password."""
    first = ((stage.ostrelle, MAUD), (stage.brumelis, LEONIE))
    links = await asyncio.gather(*(_set_up(stage, company, who) for company, who in first))
    again = await stage.browser(stage.ostrelle).look(links[0])
    check(again.status == 404, f"a used set-up link should be gone, it answered {again.status}")
    return f"{MAUD.name} at Ostrelle, {LEONIE.name} at Brumelis; the links are used up"


async def _set_up(stage: Stage, company: Company, who: Somebody) -> str:
    link = (await company.rse("setup")).splitlines()[-1]
    browser = stage.browser(company, who)
    form = (await browser.open(link)).form("/setup/*")
    page = await browser.send(
        form, company=company.name, name=who.name, login=who.login, email=who.mail,
        password=PASSWORD,
    )  # fmt: skip
    check(page.path == "/", f"after the set-up comes the home page, not {page.path}")
    return link


async def suppliers_people(stage: Stage) -> str:
    """Local accounts: the administrator invites by mail, the invited choose their passwords."""
    leonie = await stage.at_home(LEONIE, stage.brumelis)
    form = (await leonie.open("/admin/invitations")).form("/admin/invitations/mails")
    await leonie.send(form, addresses=" ".join(who.mail for who in SUPPLIERS))
    await asyncio.gather(*(_accept(stage, who) for who in SUPPLIERS))
    await seed.fill(stage, stage.brumelis, BRUMELIS)
    posts = stage.brumelis.count("SELECT count(*) FROM post")
    names = " and ".join(who.name for who in SUPPLIERS)
    return f"{names} were invited by mail, have joined, and write: {posts} posts"


async def _accept(stage: Stage, who: Somebody) -> None:
    [letter] = await stage.catcher.wait_for(who.mail)
    links = re.findall(r"http://\S+/join/\S+", letter.part("plain"))
    check(len(set(links)) == 1, f"the invitation should hold one link, not {links}")
    browser = stage.browser(stage.brumelis, who)
    form = (await browser.open(links[0])).form("/join/*")
    page = await browser.send(form, name=who.name, password=PASSWORD, language="fr")
    check(page.path == "/", f"{who.name} should be signed in, and is at {page.path}")
