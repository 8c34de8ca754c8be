"""The members of a space as a file that a spreadsheet opens, and never runs."""

import csv
import io
from collections.abc import Sequence

from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line

from .header import ROLE_WORDS
from .models import Membership

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|")


def members_file(members: Sequence[Membership]) -> str:
    """Name, company, role, since when, and the group of a directory that keeps the membership."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(
        [_("Name"), _("Title"), _("Company"), _("Role"), _("Since"), _("Directory group")]
    )
    for row in members:
        person = row.person
        lines.writerow([
            _cell(person.display_name), _cell(person.title), _cell(person.organisation.name),
            _(ROLE_WORDS[row.role]), f"{row.since:%Y-%m-%d}", _cell(row.source_group),
        ])  # fmt: skip
    return out.getvalue()


def _cell(text: str) -> str:
    line = clean_line(text, 200)
    return f"'{line}" if line.startswith(_FORMULA) else line
