"""Marks: where a page will say what no kept piece may hold, and the last step that puts it there.

A form's token belongs to one session, the key that makes sending twice harmless to one form. What
is rendered carries a mark for them, so any piece of a page can be kept and shown to somebody else.
Nobody can write a mark: it is new with each process, and never leaves it.
"""

import secrets

FORM_TOKEN = f"form-token-{secrets.token_hex(16)}"
FRESH_KEY = f"fresh-key-{secrets.token_hex(16)}"


def put(html: str, form_token: str) -> str:
    """The page as it is sent: the session's token in its forms, a key of its own in each."""
    html = html.replace(FORM_TOKEN, form_token)
    first, *others = html.split(FRESH_KEY)
    return "".join([first, *(secrets.token_urlsafe(12) + other for other in others)])
