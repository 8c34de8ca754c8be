"""The product, feature by feature, in dependency order. Customers' own come by entry point."""

from importlib.metadata import entry_points

from rse.account.feature import feature as account
from rse.admin.feature import feature as admin
from rse.announcements.feature import feature as announcements
from rse.bookmarks.feature import feature as bookmarks
from rse.feature import Feature
from rse.feed.feature import feature as feed
from rse.files.feature import feature as files
from rse.onboarding.feature import feature as onboarding
from rse.people.feature import feature as people
from rse.pins.feature import feature as pins
from rse.saved.feature import feature as saved
from rse.scheduled.feature import feature as scheduled
from rse.spaces.feature import feature as spaces

FEATURES: tuple[Feature, ...] = (
    people,
    spaces,
    files,
    feed,
    announcements,
    pins,
    bookmarks,
    scheduled,
    saved,
    onboarding,
    account,
    admin,
)


def installed_features() -> tuple[Feature, ...]:
    """Features that other packages bring, in the entry-point group `rse.features`."""
    return tuple(entry.load() for entry in entry_points(group="rse.features"))
