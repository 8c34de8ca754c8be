"""What can go wrong between us and a directory, told apart because each has another cure."""


class DirectoryError(Exception):
    """Whatever a directory or the way to it did wrong; its text is for the administrator."""


class DirectoryDown(DirectoryError):
    """No server could be reached, or the connection broke."""


class TlsRefused(DirectoryError):
    """Encryption was not offered or not to be trusted; plaintext is never tried instead."""


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
    """A search did not end with success, so what it returned is not the whole answer."""

    def __init__(self, code: int, words: str) -> None:
        said = f": {words}" if words else ""
        super().__init__(f"{RESULT_NAMES.get(code, 'result')} ({code}){said}{_hint(code)}")
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
        return " – ask for higher limits for the service account, or for paging"
    if code == NO_SUCH_OBJECT:
        return " – is the base DN right, and may the service account read it?"
    return ""
