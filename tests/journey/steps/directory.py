"""People come from the directory, sign in with its password, and lose access when it says so."""

import asyncio
import re

from tests.journey.people import DIRECTORY, ELLIOT, HUGO, INES, PASSWORD, Somebody
from tests.journey.seed import publish
from tests.journey.stage import Stage
from tests.journey.waiting import check

MEMBERS = """SELECT count(*) FROM account JOIN person ON person.id = account.person_id
 WHERE account.source LIKE 'ldap:%' AND person.status = 'active'"""


async def read_in(stage: Stage) -> str:
    """check, preview (writes nothing), sync."""
    checked, previewed = await asyncio.gather(
        stage.ostrelle.rse("ldap", "check"), stage.ostrelle.rse("ldap", "preview")
    )
    check("FAULT" not in checked, f"the check found a fault: {checked}")
    check(all(who.login in previewed for who in DIRECTORY), "the preview should name everybody")
    check(stage.ostrelle.count(MEMBERS) == 0, "a preview should write nothing")
    await stage.ostrelle.rse("ldap", "sync")
    found = stage.ostrelle.count(MEMBERS)
    check(found == len(DIRECTORY), f"{len(DIRECTORY)} people should be there, {found} are")
    return f"{found} people over StartTLS, as the preview had said"


async def sign_in(stage: Stage) -> str:
    """The right password opens; every wrong one gets the same words."""
    stranger = stage.browser(stage.ostrelle)
    wrong = await stranger.sign_in(INES.login, "pas le bon")
    unknown = await stranger.sign_in("personne.inconnue", "pas le bon")
    check(wrong.status == unknown.status == 422, "a wrong password should be refused")
    check(
        _refusal(wrong.html) == _refusal(unknown.html) != "", "both refusals should read the same"
    )
    home = await (await stage.at_home(INES)).open("/")
    check(INES.name.split()[0] in home.text, "the home page should greet her")
    return f"{INES.name} by her directory password; two wrong tries answered word for word alike"


def _refusal(html: str) -> str:
    found = re.search(r'role="alert"[^>]*>(.*?)</(?:div|p)>', html, re.DOTALL)
    return found[1] if found else ""


async def leave(stage: Stage) -> str:
    """One is deleted in the directory, one disabled: both are out, what they wrote stays."""
    company, space = stage.ostrelle, stage.facts.shared_space
    hugo, elliot = await stage.at_home(HUGO), await stage.at_home(ELLIOT)
    post = await publish(hugo, space, "Je passe les ancrages à Jonas, tout est dans le classeur.")
    stage.directory.delete(f"uid={HUGO.login},{stage.directory.people_dn}")
    stage.directory.disable(f"uid={ELLIOT.login},{stage.directory.people_dn}")
    await company.rse("ldap", "sync")
    for who, browser in ((HUGO, hugo), (ELLIOT, elliot)):
        page = await browser.look("/")
        check(page.path == "/sign-in", f"{who.name}'s session should be over")
        await _is_refused(stage, who)
    page = await (await stage.at_home(INES)).open(post)
    check(HUGO.name in page.text, "what Hugo wrote should stay, with his name")
    found = company.count(MEMBERS)
    check(found == len(DIRECTORY) - 2, f"{found} people are active, two should not be")
    return (
        f"{HUGO.name} deleted, {ELLIOT.name} disabled: sessions ended, sign-in refused, posts stay"
    )


async def _is_refused(stage: Stage, who: Somebody) -> None:
    refused = await stage.browser(stage.ostrelle).sign_in(who.login, PASSWORD)
    check(refused.status == 422, f"{who.name}'s password should open nothing any more")
