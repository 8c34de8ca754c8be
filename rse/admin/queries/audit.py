"""The audit record, newest first."""

from dataclasses import dataclass
from datetime import datetime

from rse.admin.models import AdminAudit
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import made_at
from rse.kernel.pages import NEWEST, Page, page_of

PAGE = 50

SENTENCES = {
    "role.admin": N_("made somebody an administrator"),
    "role.member": N_("took the administrator's role"),
    "access.off": N_("switched an account off"),
    "outsider.off": N_("kept somebody of a partner out"),
    "outsider.on": N_("let somebody of a partner in again"),
    "access.on": N_("switched an account on"),
    "link.made": N_("made a link to choose a new password"),
    "sessions.ended": N_("signed somebody out everywhere"),
    "mail.changed": N_("changed a mail address"),
    "invitation.mailed": N_("sent invitations"),
    "invitation.link": N_("made an invitation link"),
    "invitation.cancelled": N_("cancelled an invitation"),
    "invitation.resent": N_("sent an invitation again"),
    "approval.changed": N_("changed who has to wait at the door"),
    "request.approved": N_("let somebody in"),
    "request.declined": N_("declined a request to join"),
    "general.changed": N_("changed the general settings"),
    "profiles.changed": N_("changed what profiles hold"),
    "field.made": N_("made a profile field"),
    "field.changed": N_("changed a profile field"),
    "field.removed": N_("removed a profile field"),
    "job.retried": N_("ran a waiting job"),
    "notices.changed": N_("changed when people are told"),
    "notices.defaults_changed": N_("changed what people are told"),
    "notices.traced": N_("followed somebody’s notifications"),
    "mail.tested": N_("sent a test mail"),
    "mail.retried": N_("tried a mail again"),
    "mail.unblocked": N_("allowed mail to an address again"),
    "directory.read": N_("had a directory read"),
    "directory.approved": N_("approved a directory's changes"),
    "partner.invited": N_("made an invitation for a partner"),
    "partner.joined": N_("accepted a partner's invitation"),
    "partner.confirmed": N_("confirmed a partner's code"),
    "partner.suspend": N_("suspended a partner"),
    "partner.resume": N_("resumed a partner"),
    "partner.terminate": N_("ended a partnership"),
    "share.offer": N_("offered a space to a partner"),
    "share.accept": N_("accepted a partner's space"),
    "share.decline": N_("declined a partner's space"),
    "share.end": N_("stopped sharing a space"),
}


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act, in words."""

    id: int
    at: datetime
    actor: str
    sentence: str
    person_id: int | None
    person: str
    subject: str
    reason: str


async def audit_rows(before: int | None = None) -> Page[AuditRow]:
    found = (
        await AdminAudit.filter(id__lt=before or NEWEST)
        .select_related("actor", "person")
        .order_by("-id")
        .limit(PAGE + 1)
    )
    page = page_of(found, lambda act: act.id, PAGE)
    return Page([_row(act) for act in page.items], page.next_cursor)


def _row(act: AdminAudit) -> AuditRow:
    return AuditRow(
        id=act.id,
        at=made_at(act.id),
        actor=act.actor.display_name,
        sentence=_(SENTENCES.get(act.action, act.action)),
        person_id=act.person_id,
        person=act.person.display_name if act.person else "",
        subject=act.subject,
        reason=act.reason,
    )
