"""What a space offers: features tell what its owners may switch off, and ask before they write."""

from rse.kernel.errors import NotAllowed
from rse.kernel.i18n import gettext as _

from .models import Space

# By the feature's name, a gettext message id such as "Pinned posts"; filled at start.
offers: dict[str, str] = {}


def is_offered(space: Space, name: str) -> bool:
    return name not in space.switched_off


def require(space: Space, name: str) -> None:
    """Refuse a write of a feature that the owners of the space switched off."""
    if not is_offered(space, name):
        raise NotAllowed(
            _("The owners of this space have switched this off: %(offer)s.", offer=_(offers[name]))
        )
