"""How far a sender is proven: read from the trusted relay's own verdict and from nobody else's."""

import re
from enum import StrEnum
from typing import Final

from rse.mail.mailboxes import canonical
from rse.mail.mime import Mail

_RESULT: Final = re.compile(
    r"\s*(dmarc|dkim|spf)\s*=\s*([a-z]{1,20})\b([^;]{0,2000})", re.IGNORECASE
)
_COMMENT: Final = re.compile(r"\([^()]{0,500}\)")
_DOMAIN_OF: Final = {
    "dmarc": re.compile(
        r"header\.from\s*=\s*\"?(?:[^\s;@\"]{0,128}@)?([^\s;\"]{1,255})", re.IGNORECASE
    ),
    "dkim": re.compile(
        r"header\.(?:d|i)\s*=\s*\"?(?:[^\s;@\"]{0,128}@)?([^\s;\"]{1,255})", re.IGNORECASE
    ),
    "spf": re.compile(
        r"smtp\.mailfrom\s*=\s*\"?(?:[^\s;@\"]{0,128}@)?([^\s;\"]{1,255})", re.IGNORECASE
    ),
}


class Verdict(StrEnum):
    """Whether the author's domain vouches for this mail."""

    PASS = "pass"  # noqa: S105 - the word of RFC 8601
    NONE = "none"
    FAIL = "fail"


def verdict(mail: Mail, author: str, *, authserv_id: str, is_trusted_peer: bool) -> Verdict:
    """Judge by our relay's top-most Authentication-Results; one below it counts for nothing."""
    if not is_trusted_peer or not authserv_id:
        return Verdict.NONE
    top = mail.first("authentication-results")
    named, _, results = _COMMENT.sub(" ", top[:8000]).partition(";")
    # An optional version number may follow the name.
    if named.casefold().split()[:1] != [authserv_id.casefold()]:
        return Verdict.NONE
    return _judge(results, canonical(author).rpartition("@")[2])


def may_post(found: Verdict, *, is_trusted_peer: bool) -> bool:
    """Proven, or brought by a relay of ours that saw nothing wrong."""
    return found is Verdict.PASS or (found is Verdict.NONE and is_trusted_peer)


def _judge(results: str, domain: str) -> Verdict:
    seen: dict[str, Verdict] = {}
    for method, result, details in _RESULT.findall(results):
        name = method.casefold()
        aligned = _is_aligned(name, details, domain)
        if result.casefold() == "pass" and aligned:
            seen[name] = Verdict.PASS
        elif result.casefold() == "fail" and name == "dmarc":
            return Verdict.FAIL
    return Verdict.PASS if seen else Verdict.NONE


def _is_aligned(method: str, details: str, domain: str) -> bool:
    found = _DOMAIN_OF[method].search(details)
    if found is None:
        return False
    named = found[1].casefold().strip(".")
    # Relaxed alignment without the public-suffix list: one domain must be the other's parent.
    return named == domain or domain.endswith(f".{named}") or named.endswith(f".{domain}")
