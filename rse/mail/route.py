"""Where an address leads, told from its letters alone."""

from dataclasses import dataclass

from rse.mail import address
from rse.mail.address import Keys, Kind, Token

NO_SUCH_ADDRESS = "550 5.1.1 No such address"
NOT_OURS = "550 5.7.1 Relaying is not done here"


@dataclass(frozen=True, slots=True)
class Routes:
    """Our domains and keys: enough to answer every RCPT without a database."""

    keys: Keys
    domains: frozenset[str]

    def refusal(self, recipient: str) -> str | None:
        """Say why a recipient is refused; None when mail to it is taken."""
        if recipient == "postmaster":
            return None
        local_part, domain = address.split_address(recipient)
        if domain not in self.domains:
            return NOT_OURS
        if address.is_role(local_part) or address.read(self.keys, local_part) is not None:
            return None
        return NO_SUCH_ADDRESS

    def tokens(self, recipients: tuple[str, ...]) -> list[Token]:
        """Read the recipients' tokens, each destination once."""
        found: dict[tuple[Kind, int, int], Token] = {}
        for recipient in recipients:
            local_part, domain = address.split_address(recipient)
            token = address.read(self.keys, local_part) if domain in self.domains else None
            if token is not None:
                found.setdefault((token.kind, token.topic, token.object_id), token)
        return list(found.values())

    def is_for_postmaster(self, recipients: tuple[str, ...]) -> bool:
        return any(
            recipient == "postmaster" or address.is_role(address.split_address(recipient)[0])
            for recipient in recipients
        )
