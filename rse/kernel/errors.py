"""Errors a person may see.

    RseError            400
      SignInRequired    401
      NotAllowed        403
      NotFound          404
      Conflict          409
      TooLarge          413
      Invalid           422  (one sentence per field)
      TooMany           429  (when to try again)
      Unavailable       503

Anything else that escapes an edge is a bug: it is logged and answered with 500.
"""

from collections.abc import Mapping
from typing import ClassVar


class RseError(Exception):
    """Base of every error whose message is safe to show."""

    status: ClassVar[int] = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class SignInRequired(RseError):
    status = 401


class NotAllowed(RseError):
    status = 403


class NotFound(RseError):
    status = 404


class Conflict(RseError):
    status = 409


class TooLarge(RseError):
    status = 413


class Invalid(RseError):
    """Bad input: `fields` maps a field's name to what to do about it."""

    status = 422

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class TooMany(RseError):
    status = 429

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(RseError):
    status = 503
