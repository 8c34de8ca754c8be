"""What can happen to mail."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class MailQueued(Event):
    """A mail is ready to go."""

    name = "mail.queued"
    mail_id: int
