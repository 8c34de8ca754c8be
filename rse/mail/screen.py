"""What is refused at the end of DATA, from the bytes alone."""

from typing import Final

from rse.mail.mailboxes import Mailbox, Malformed, parse_mailboxes
from rse.mail.mime import has_too_many_headers, read_headers, tidy

MAX_RECEIVED: Final = 25
TOO_MANY_HEADERS: Final = "554 5.3.4 Too much header"
LOOPING: Final = "554 5.4.6 Too many hops"
NOBODY: Final = "550 5.7.1 One From with one address is needed"


def refusal(raw: bytes) -> str | None:
    """Say why this mail cannot be taken at all; None when it can."""
    if has_too_many_headers(tidy(raw)):
        return TOO_MANY_HEADERS
    headers = read_headers(raw)
    if sum(1 for name, _ in headers if name == "received") > MAX_RECEIVED:
        return LOOPING
    return None if author(headers) else NOBODY


def author(headers: tuple[tuple[str, str], ...]) -> Mailbox | None:
    """Name the one author; None when two readers would name different people."""
    values = [value for name, value in headers if name == "from"]
    if len(values) != 1:
        return None
    try:
        people = parse_mailboxes(values[0])
    except Malformed:
        return None
    return people[0] if len(people) == 1 else None
