"""Each company shows its own face, and nobody else's."""

import re
from email.message import EmailMessage

from tests.journey.companies import Company
from tests.journey.pages import Page
from tests.journey.stage import Stage
from tests.journey.waiting import check

NAMES = {"ostrelle": "Ostrelle", "brumelis": "Maison Brumelis"}
FOREIGN = {"ostrelle": r"(?i)brumelis|quintarel", "brumelis": r"(?i)ostrelle|quintarel"}
# The product's own name and the neutral brand's.
PRODUCT = r"\bRSE\b|Our network"
PUBLIC = ("/sign-in", "/reset", "/nowhere")


async def differ(stage: Stage) -> str:
    """Pages before sign-in, stylesheet, manifest and mails name one brand only."""
    looks = [await _look(stage, company) for company in stage.companies]
    check(looks[0] != looks[1], "the two stylesheets should differ")
    letters = [await _letters(stage, company) for company in stage.companies]
    return f"{len(PUBLIC) + 1} pages, a stylesheet and {sum(letters)} mails name one brand each"


async def _look(stage: Stage, company: Company) -> bytes:
    """Check the public pages; the company's stylesheets, joined."""
    stranger = stage.browser(company)
    pages = [await stranger.look(path) for path in PUBLIC]
    for page in pages:
        check(NAMES[company.theme] in page.html, f"{page.url} should show the brand's name")
        _names_nobody_else(company, page)
    [manifest] = pages[0].ids(r'<link rel="manifest" href="([^"]+)"')
    _names_nobody_else(company, await stranger.open(manifest))
    sheets = pages[0].ids(r'<link rel="stylesheet" href="([^"]+)"')
    check(sheets, "a page should have a stylesheet")
    return b"".join([await stranger.fetch(sheet) for sheet in sheets])


def _names_nobody_else(company: Company, page: Page) -> None:
    for pattern in (FOREIGN[company.theme], PRODUCT):
        found = re.search(pattern, page.html)
        check(found is None, f"{page.url} says « {found[0] if found else ''} »")


async def _letters(stage: Stage, company: Company) -> int:
    """Every mail this company sent: its name and domain outside, no foreign word in the frame."""
    sent = [caught.message for caught in stage.catcher.caught]
    ours = [letter for letter in sent if f"@{company.mail_domain}" in str(letter["From"])]
    check(ours, f"{company.name} should have sent mail")
    for letter in ours:
        check(NAMES[company.theme] in str(letter["From"]), f"From: {letter['From']}")
        words = _headers(letter)
        for pattern in (FOREIGN[company.theme], PRODUCT):
            check(re.search(pattern, words) is None, f"a header says {pattern}")
        check(re.search(PRODUCT, _body(letter)) is None, "a mail names the product")
    return len(ours)


def _headers(letter: EmailMessage) -> str:
    """The headers that are the company's own words; subject and names are people's."""
    own = {
        name: value
        for name, value in letter.items()
        if name.lower() not in {"subject", "from", "to"}
    }
    return "\n".join(f"{name}: {value}" for name, value in own.items())


def _body(letter: EmailMessage) -> str:
    parts = [letter.get_body((kind,)) for kind in ("plain", "html")]
    return "\n".join(str(part.get_content()) for part in parts if part)
