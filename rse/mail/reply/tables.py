"""How mail programs announce what they quote, in English, French and German."""

import re
from typing import Final

EXAMINED_CHARS: Final = 500
_I: Final = re.IGNORECASE

SEPARATOR: Final = re.compile(
    r"[-_=*\s]{2,20}"
    r"(?:original message|original appointment|message d'origine|message original|message initial"
    r"|ursprüngliche (?:nachricht|mitteilung)|original-?nachricht)"
    r"[-_=*\s]{2,20}\Z|(?:message du|nachricht vom)\b.{4,80}\Z",
    _I,
)
RULE: Final = re.compile(r"[_\-]{20,200}\Z")
FORWARD: Final = re.compile(
    r"[-\s]{0,20}"
    r"(?:forwarded message|begin forwarded message|message transféré"
    r"|début du message (?:transféré|réexpédié)"
    r"|weitergeleitete nachricht|anfang der weitergeleiteten nachricht)\s?:?[-\s]{0,20}\Z",
    _I,
)
_KEYS: Final = {
    "from": ("from", "de", "von"),
    "date": ("date", "sent", "envoyé", "envoyé le", "datum", "gesendet"),
    "to": ("to", "à", "a", "pour", "an"),
    "cc": ("cc", "copie", "copie à", "kopie"),
    "subject": ("subject", "objet", "sujet", "betreff"),
    "reply": ("reply-to", "répondre à", "antwort an"),
}
_KEY_OF: Final = {word: key for key, words in _KEYS.items() for word in words}
_HEADER_LINE: Final = re.compile(
    r"\*{0,2}([^\W\d_][\w\- ]{0,14}?)\s?\*{0,2}\s?:\s?\*{0,2}(?=\s|\Z|\S)"
)
_VERB: Final = re.compile(
    r"\b(?:wrote|writes|a écrit|écrit|schrieb|hat geschrieben|geschrieben)\b", _I
)
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_DATE: Final = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}\s?[:h]\s?\d{2}\b"
    r"|\b\d{1,2}\.?\s(?:jan|f[eé]v|feb|mar|mär|apr|avr|ma[iy]|jui?n|juil|jul"
    r"|ao[uû]|aug|sep|o[ck]t|nov|d[eé][cz])",
    _I,
)
_OPENER: Final = re.compile(r"(?:on|le|am|den|il)\b", _I)
_MOBILE: Final = re.compile(
    r"(?:sent from|sent via|get outlook for|envoyé (?:de|depuis|à partir de)"
    r"|provenance\s?: courrier|télécharge[rz] outlook|obtenir outlook|gesendet (?:von|mit|über)"
    r"|von mein(?:em|er) .{1,40} gesendet|diese nachricht wurde von .{1,60} gesendet"
    r"|outlook für .{1,20} herunterladen)\b.{0,120}\Z",
    _I,
)
_DISCLAIMER: Final = re.compile(
    r"(?:this|the information (?:contained )?in this|ce|le contenu de ce|diese|der inhalt dieser)"
    r" (?:e-?mail|message|courriel|mail|nachricht)\b",
    _I,
)
_SECRECY: Final = re.compile(
    r"\b(?:confidential|privileged|intended|confidentiel|destinataire|destiné|vertraulich|empfänger)",
    _I,
)


def is_separator(line: str) -> bool:
    return len(line) <= EXAMINED_CHARS and SEPARATOR.match(line) is not None


def is_forward(line: str) -> bool:
    return len(line) <= EXAMINED_CHARS and FORWARD.match(line) is not None


def header_key(line: str) -> str:
    """Name the mail header a line such as "Envoyé : …" shows; empty for any other line."""
    found = _HEADER_LINE.match(line[:40])
    return _KEY_OF.get(found[1].strip().casefold(), "") if found else ""


def is_attribution(joined: str) -> bool:
    """ "On … somebody wrote:" in any of our languages: an end in a colon and two of three signs."""
    text = joined[:EXAMINED_CHARS].rstrip()
    if not text.endswith(":"):
        return False
    has_verb = _VERB.search(text) is not None
    has_date = _DATE.search(text) is not None
    has_address = _ADDRESS.search(text) is not None
    return (has_verb and (has_date or has_address)) or (has_address and has_date)


def opens_attribution(line: str) -> bool:
    """The upper half of an attribution that the program wrapped: "Le 3 nov. 2026 à 10:01,"."""
    text = line[:EXAMINED_CHARS]
    return (
        _OPENER.match(text) is not None
        and _DATE.search(text) is not None
        and not text.endswith((".", "!", "?"))
    )


def is_signature_mark(line: str) -> bool:
    return line == "--"


def is_mobile_footer(line: str) -> bool:
    return len(line) <= 160 and _MOBILE.match(line) is not None


def is_disclaimer(paragraph: str) -> bool:
    """A paragraph about who may read the mail; a sentence that only begins like one is none."""
    text = paragraph[:EXAMINED_CHARS]
    return _DISCLAIMER.match(text) is not None and _SECRECY.search(text) is not None
