"""Why a file has no text, as a word that is kept; and how much of one is looked at."""

MOST_BYTES = 50_000_000
MOST_CHARACTERS = 100_000
EMPTY, PROTECTED, DAMAGED, LARGE = "empty", "protected", "damaged", "large"
LEGACY, SLOW, CRASHED = "legacy", "slow", "crashed"
# May be the machine's fault, not the file's: tried again.
PASSING = frozenset({SLOW, CRASHED})


class Unread(Exception):
    """The file cannot be read; the reason is one of the above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
