"""Templates that come with the product: situations every company has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """All words are gettext message ids; questions one a line."""

    key: str
    name: str
    summary: str
    description: str
    access: str = "open"
    category: int = 1
    posting: str = "members"
    entry_role: str = "member"
    rules_text: str = ""
    questions: str = ""
    welcome_title: str = ""
    welcome_body: str = ""

    def settings_in_words(self) -> Mapping[str, Any]:
        """The settings of a new space, in the language of whoever makes it."""
        return {
            "description": _(self.description),
            "access": self.access,
            "category": self.category,
            "posting": self.posting,
            "members_comment": True,
            "entry_role": self.entry_role,
            "rules_text": _(self.rules_text) if self.rules_text else "",
            "questions": _(self.questions) if self.questions else "",
            "welcome_title": _(self.welcome_title) if self.welcome_title else "",
            "welcome_body": _(self.welcome_body) if self.welcome_body else "",
        }


SHIPPED = (
    Shipped(
        key="project",
        name=N_("Project"),
        summary=N_("A team with a goal and an end: decisions, progress, files in one place."),
        description=N_("What we want to reach, until when, and who takes part."),
        access="request",
        category=3,
        rules_text=N_(
            "Decisions are written down here, with their reason.\n"
            "Files that matter are attached to a post, not sent by mail.\n"
            "Once a week, everybody says what moved and what is stuck."
        ),
        questions=N_("What is your part in this project?"),
        welcome_title=N_("How we work here"),
        welcome_body=N_(
            "Welcome! Please write in the comments:\n\n"
            "- what you take on in this project\n"
            "- when you can be reached\n"
            "- what you need from the others"
        ),
    ),
    Shipped(
        key="news",
        name=N_("News to everybody"),
        summary=N_("A few write, all read and may comment: management, human resources, security."),
        description=N_("News that concerns everybody, from those who answer for it."),
        category=2,
        posting="moderators",
        rules_text=N_("Only owners and moderators post. Questions are welcome in the comments."),
    ),
    Shipped(
        key="help",
        name=N_("Questions and help"),
        summary=N_("Ask once, find the answer again: for a tool, a trade, a service."),
        description=N_("Ask your questions here; whoever knows, answers."),
        category=5,
        rules_text=N_(
            "Search first: perhaps it has been asked before.\n"
            "One question for each post, with what you tried.\n"
            "Say thank you, and what helped, when it is solved."
        ),
        welcome_title=N_("Ask here"),
        welcome_body=N_("There are no silly questions. What would you like to know?"),
    ),
    Shipped(
        key="partner",
        name=N_("With another company"),
        summary=N_("Ready to be shared with a partner: who may come in, and what is said here."),
        description=N_("Our work together with a partner company."),
        access="invitation",
        category=6,
        rules_text=N_(
            "Everything here is also read by the partner company.\n"
            "No prices, no personal data, nothing of other customers.\n"
            "Agreements count when both sides have confirmed them here."
        ),
    ),
    Shipped(
        key="market",
        name=N_("Small ads and free time"),
        summary=N_("Swap, sell, go running together: moderators read each post first."),
        description=N_("Offers and ideas among colleagues, beside work."),
        category=9,
        posting="approval",
        rules_text=N_(
            "Private offers only, nothing commercial.\n"
            "Delete your post when it is done.\n"
            "A moderator reads each post before it appears."
        ),
    ),
)
