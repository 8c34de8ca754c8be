"""Answers by mail: a reply to a notice becomes a comment, by the same action as anybody's."""

from rse.files import actions as files
from rse.identity.models import Person
from rse.kernel.ids import to_public
from rse.mail.types import IncomingMail, MailHandler

from . import actions, queries
from .drafts import Arrived, CommentDraft


async def receive_reply(sender: Person, post_id: int, incoming: IncomingMail) -> None:
    """Comment on the post a mail answers; its files come along."""
    await queries.post_for(sender, post_id)  # refuse before anything is stored
    stored = [await files.store(sender, file.name, file.content) for file in incoming.files]
    draft = CommentDraft(
        body=incoming.text,
        key=incoming.message_id[:80],
        files=[to_public(file.id) for file in stored],
    )
    await actions.comment(sender, post_id, draft, Arrived(by_mail=True))


HANDLERS = (MailHandler("post", receive_reply),)
