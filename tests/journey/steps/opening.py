"""Before the story: both companies get their first administrator, the supplier its people."""

import asyncio

from tests.journey.companies import Company
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
    """Local accounts: `rse user create` prints a link, the person chooses the password."""
    await asyncio.gather(*(_create(stage, who) for who in SUPPLIERS))
    return f"{' and '.join(who.name for who in SUPPLIERS)} chose their passwords"


async def _create(stage: Stage, who: Somebody) -> None:
    printed = await stage.brumelis.rse(
        "user", "create", who.login, "--name", who.name, "--mail", who.mail
    )
    browser = stage.browser(stage.brumelis, who)
    form = (await browser.open(printed.splitlines()[-1])).form("/reset/*")
    page = await browser.send(form, password=PASSWORD)
    check(page.path == "/", f"{who.name} should be signed in, and is at {page.path}")
