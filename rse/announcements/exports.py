"""Who has read an announcement, as a file that this instance can tell from an altered one."""

import csv
import io
import zipfile
from collections.abc import Sequence

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rse.federation.io.keyring import root_key
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
        TOLD: _("Delivered"),
        NOT_TOLD: _("Not delivered"),
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


async def signed_archive(name: str, text: str) -> bytes:
    """The list with a detached signature of this instance, and the key to verify it anywhere."""
    content = text.encode("utf-8-sig")
    key = await root_key()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.csv", content)
        archive.writestr(f"{name}.csv.sig", key.sign(content))
        archive.writestr("key.pem", await public_key())
    return out.getvalue()


async def public_key() -> bytes:
    """The instance's own key, the same that its partners know by its fingerprint."""
    return (
        (await root_key())
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )


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
