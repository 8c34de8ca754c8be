"""Which of a mail's two bodies is read, and the words typed in it."""

import re
from typing import Final

from rse.mail.mime import Mail
from rse.mail.reply import Reply, extract
from rse.mail.reply.html import to_text

# Text parts that only say that there is another part.
_PLACEHOLDER: Final = re.compile(
    r"\s{0,20}(?:your (?:e-?mail )?(?:client|reader|program) does not (?:support|show|display) html"
    r"|this (?:message|e-?mail) (?:is|was sent) in html|votre (?:messagerie|logiciel) n'affiche pas"
    r"|ihr (?:e-?mail-?)?programm (?:kann|zeigt))",
    re.IGNORECASE,
)


def typed(mail: Mail, parent: str = "") -> Reply:
    """Prefer the body in which the program itself marked the quote, else the text part."""
    html = to_text(mail.html) if mail.html else None
    text = (
        mail.text if mail.text and mail.text.strip() and not _PLACEHOLDER.match(mail.text) else None
    )
    if html is not None and html.text and (html.is_marked or text is None):
        return extract(html.text, parent)
    return extract(text or "", parent)
