"""What may be added: by size, by the ending of the name, by what the content really is."""

from rse.config import settings
from rse.kernel.errors import Invalid, RseError, TooLarge
from rse.kernel.i18n import gettext as _

MEGABYTE = 1_000_000
PICTURE_ENDINGS = {"jpg", "jpeg", "png", "gif", "webp"}
PROGRAM_HEADS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def ending(name: str) -> str:
    """The last part of a name, folded: « jpg » of « Photo.JPG »."""
    return name.rpartition(".")[2].casefold() if "." in name else ""


def max_bytes(name: str) -> int:
    """How large a file of this name may be."""
    limits = settings().files
    most = limits.max_picture_mb if ending(name) in PICTURE_ENDINGS else limits.max_mb
    return most * MEGABYTE


def check_announced(name: str, size: int) -> None:
    """Refuse by name and size, before a byte is sent."""
    if not name:
        raise _refused(_("This file has no name."))
    if size <= 0:
        raise _refused(_("%(name)s is empty.", name=name))
    if ending(name) in settings().files.refused_endings:
        raise _refused(
            _(
                "%(name)s is a program. Programs cannot be added here; zip it if you must.",
                name=name,
            )
        )
    if size > max_bytes(name):
        raise TooLarge(
            _(
                "%(name)s is too large: %(n)s MB at most.",
                name=name, n=max_bytes(name) // MEGABYTE,
            )
        )  # fmt: skip


def check_content(name: str, head: bytes, media_type: str) -> None:
    """Refuse what is not what its name says it is."""
    if head.startswith(PROGRAM_HEADS) and b"\x00" in head:
        raise _refused(_("%(name)s is a program, whatever its name says.", name=name))
    promised = ending(name)
    lies = (promised in PICTURE_ENDINGS and not media_type.startswith("image/")) or (
        promised == "pdf" and media_type != "application/pdf"
    )
    if lies:
        raise _refused(
            _("%(name)s is not what its name says. Save it again, in that format.", name=name)
        )


def _refused(sentence: str) -> RseError:
    return Invalid(sentence, {"files": sentence})
