"""Who has read an announcement, as a file that this instance can tell from an altered one."""

import csv
import io
from collections.abc import Sequence

from rse.kernel import clock
from rse.kernel.crypto import mac, same, secret
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line

from .queries import ACKNOWLEDGED, NOT_TOLD, SEEN, TOLD, Reader

SIGNATURE = "signature"
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t")


def state_words() -> dict[int, str]:
    return {
        ACKNOWLEDGED: _("Confirmed"),
        SEEN: _("Seen"),
        TOLD: _("Told"),
        NOT_TOLD: _("Not told"),
    }


def receipts_file(title: str, readers: Sequence[Reader]) -> str:
    """The list, and in its last line the signature over all lines above."""
    words = state_words()
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow([_cell(title), f"{clock.now():%Y-%m-%d %H:%M} UTC"])
    lines.writerow([_("Name"), _("Title"), _("State"), _("Confirmed on")])
    for reader in readers:
        at = reader.acknowledged_at
        lines.writerow([
            _cell(reader.display_name), _cell(reader.title), words[reader.state],
            f"{at:%Y-%m-%d}" if at else "",
        ])  # fmt: skip
    text = out.getvalue()
    return f"{text}{SIGNATURE},{_signature(text)}\n"


def is_genuine(content: bytes) -> bool:
    """Whether the file left this instance and is unchanged; line ends may differ."""
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").rstrip("\n")
    above, _newline, last = text.rpartition("\n")
    name, _comma, signature = last.partition(",")
    return name == SIGNATURE and same(signature.strip(), _signature(f"{above}\n"))


def _signature(text: str) -> str:
    return mac(secret("announcements.export"), text).hex()


def _cell(text: str) -> str:
    line = clean_line(text, 200)
    return f"'{line}" if line.startswith(_FORMULA) else line
