"""Our own addresses and keys, from the settings in force."""

from datetime import date
from urllib.parse import urlsplit

from rse.config import settings
from rse.kernel import clock
from rse.kernel.crypto import mac, secret
from rse.mail.address import Keys, Kind, Token, day_number, mint, topic_code
from rse.mail.route import Routes

_KEY_NUMBERS = 16
NOTIFICATIONS = "notifications"


def domain() -> str:
    """The domain of our addresses."""
    return settings().mail.domain or urlsplit(settings().server.public_url).hostname or "localhost"


def keys() -> Keys:
    """Address keys: the current one, and the one before it while a rotation lasts."""
    current = settings().mail.address_key
    numbers = {current, (current - 1) % _KEY_NUMBERS}
    return Keys(current, {number: secret(f"mail-address-{number}") for number in numbers})


def routes() -> Routes:
    return Routes(keys(), frozenset({domain().casefold()}))


def today() -> date:
    return clock.now().date()


def token_address(
    kind: Kind, object_id: int, person_id: int, topic: str = "", epoch: int = 0
) -> str:
    """Mint an address of ours for one person and one thing."""
    token = Token(
        kind,
        object_id,
        person_id,
        topic_code(topic) if topic else 0,
        epoch & 0xFFFF,
        day_number(today()),
    )
    return f"{mint(keys(), token)}@{domain()}"


def message_id(*parts: str | int) -> str:
    """The same parts give the same Message-ID, so that a mail sent twice is one mail."""
    return f"<{mac(secret('mail-message-id'), *parts).hex()[:40]}@{domain()}>"
