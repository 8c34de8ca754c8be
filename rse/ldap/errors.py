"""What can go wrong between us and a directory, told apart because each has another cure."""


class DirectoryError(Exception):
    """Base of everything a directory or the way to it did wrong; the text is for the administrator."""


class DirectoryDown(DirectoryError):
    """No server could be reached, or the connection broke."""


class TlsRefused(DirectoryError):
    """The encrypted connection could not be trusted or was not offered; plaintext is never tried instead."""


class ProtocolError(DirectoryError):
    """The server sent bytes that are not LDAP."""


class BindRefused(DirectoryError):
    """The server answered a bind with something else than success."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(
            f"bind refused with result {code}: {words}"
            if words
            else f"bind refused with result {code}"
        )
        self.code = code
        self.words = words


class SearchFailed(DirectoryError):
    """A search ended with another result than success, so what it returned is not the whole answer."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(
            f"{RESULT_NAMES.get(code, 'result')} ({code}){': ' + words if words else ''}{_hint(code)}"
        )
        self.code = code


RESULT_NAMES = {
    1: "operationsError",
    2: "protocolError",
    3: "timeLimitExceeded",
    4: "sizeLimitExceeded",
    8: "strongerAuthRequired",
    10: "referral",
    11: "adminLimitExceeded",
    12: "unavailableCriticalExtension",
    32: "noSuchObject",
    49: "invalidCredentials",
    50: "insufficientAccessRights",
    51: "busy",
    52: "unavailable",
    53: "unwillingToPerform",
}

NO_SUCH_OBJECT = 32
LIMITS = frozenset({3, 4, 11})


def _hint(code: int) -> str:
    if code in LIMITS:
        return " – ask the directory's administrator to lift the limits of the service account or to allow paging"
    if code == NO_SUCH_OBJECT:
        return " – is the base DN right, and may the service account read it?"
    return ""
