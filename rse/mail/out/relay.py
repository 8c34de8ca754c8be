"""The last step: a letter's bytes to the company's relay, under the TLS policy that was set."""

import ssl
from dataclasses import dataclass

import aiosmtplib

from rse.config_mail import RelaySettings


class TemporaryFailure(Exception):
    """The relay, or the way to it, may do better later."""


class PermanentFailure(Exception):
    """The relay will never take this mail."""


@dataclass(frozen=True, slots=True)
class Posting:
    """What travels on the outside of a letter."""

    sender: str
    recipient: str
    content: bytes


async def send(posting: Posting, relay: RelaySettings) -> None:
    """Hand one letter over; returns when the relay has taken it."""
    client = aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        timeout=relay.timeout_seconds,
        use_tls=relay.tls == "tls",
        start_tls=relay.tls == "starttls",
        tls_context=_tls(relay),
        username=relay.username or None,
        password=relay.password.get_secret_value() or None,
    )
    try:
        async with client:
            options = () if posting.recipient.isascii() else ("SMTPUTF8", "BODY=8BITMIME")
            await client.sendmail(
                posting.sender, [posting.recipient], posting.content, mail_options=options
            )
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _failure(error.recipients[0].code) from error
    except aiosmtplib.SMTPResponseException as error:
        raise _failure(error.code) from error
    except (aiosmtplib.SMTPNotSupported, ValueError) as error:
        raise PermanentFailure(type(error).__name__) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise TemporaryFailure(type(error).__name__) from error


def _failure(code: int) -> Exception:
    # The relay's own words may hold addresses; the code is enough.
    kind = PermanentFailure if 500 <= code < 600 else TemporaryFailure
    return kind(str(code))


def _tls(relay: RelaySettings) -> ssl.SSLContext | None:
    if relay.tls == "none":
        return None
    return ssl.create_default_context(cafile=relay.ca_file or None)
