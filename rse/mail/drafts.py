"""Words kept for their writer when a mail could not be posted, behind a link."""

from dataclasses import dataclass
from datetime import timedelta

from rse.config import settings
from rse.identity.links import new_secret
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.crypto import hash_token, same
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, NotFound
from rse.kernel.i18n import gettext as _
from rse.mail.models import TO_CONFIRM, MailDraft
from rse.mail.types import IncomingMail, MailFile, handlers

LIFETIMES = {TO_CONFIRM: timedelta(hours=24)}
USUAL_LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is to be kept of a mail, and why it was not posted."""

    person_id: int
    why: str
    reason: str
    topic: str
    object_id: int
    text: str
    spool_name: str
    mail_key: str


async def keep(kept: Kept) -> str:
    """Keep the words inside the transaction in progress; the address of their page comes back."""
    secret = new_secret()
    await MailDraft.create(
        person_id=kept.person_id,
        token_key=secret.key,
        token_hash=secret.hash,
        why=kept.why,
        reason=kept.reason,
        topic=kept.topic,
        object_id=kept.object_id,
        text=kept.text,
        spool_name=kept.spool_name,
        mail_key=kept.mail_key,
        expires_at=clock.now() + LIFETIMES.get(kept.why, USUAL_LIFETIME),
    )
    return f"{settings().origin}/m/d/{secret.text}"


async def draft_for(presented: str) -> MailDraft:
    """The draft a link opens; one answer for every other link."""
    key, _dot, secret = presented.partition(".")
    draft = await MailDraft.get_or_none(token_key=key).select_related("person__organisation")
    if (
        draft is None
        or not same(bytes(draft.token_hash), hash_token(secret))
        or draft.expires_at < clock.now()
        or not draft.person.is_active
    ):
        raise NotFound(_("This link has expired. Open the conversation to answer there."))
    return draft


async def post(draft: MailDraft, files: tuple[MailFile, ...]) -> None:
    """Post kept words now, by the same action as a mail that came in; twice is once."""
    handler = handlers.get(draft.topic)
    if handler is None:
        raise NotFound(_("What you answered does not exist any more."))
    incoming = IncomingMail(draft.mail_key, draft.text, "", files)
    person: Person = draft.person
    async with transaction():
        if not await MailDraft.filter(id=draft.id, posted_at=None).update(posted_at=clock.now()):
            raise Conflict(_("This was posted already."))
        await handler.run(person, draft.object_id, incoming)


async def forget_expired() -> None:
    await MailDraft.filter(expires_at__lt=clock.now()).delete()
