"""One answer between the spool and the feature that takes it."""

import hashlib
from dataclasses import dataclass

from rse.mail.address import Token
from rse.mail.mime import Mail
from rse.mail.reply import Reply
from rse.mail.spool import Entry
from rse.mail.types import IncomingMail


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer on its way to one destination."""

    entry: Entry
    mail: Mail
    author: str
    token: Token
    reply: Reply

    @property
    def key(self) -> str:
        """The same words with the same Message-ID to the same place are the same answer."""
        identity = self.mail.message_id or hashlib.sha256(self.entry.raw).hexdigest()
        words = " ".join(self.reply.text.split())
        place = f"{self.token.topic}:{self.token.object_id}:{self.token.person_id}"
        return hashlib.sha256(
            "\0".join((identity, words, place)).encode("utf-8", "replace")
        ).hexdigest()

    @property
    def incoming(self) -> IncomingMail:
        return IncomingMail(self.key, self.reply.text, self.reply.elided, self.mail.files)
