"""The product, feature by feature, in dependency order. Customers' own come by entry point."""

from importlib.metadata import entry_points

from rse.account.feature import feature as account
from rse.admin.feature import feature as admin
from rse.announcements.feature import feature as announcements
from rse.bookmarks.feature import feature as bookmarks
from rse.drafts.feature import feature as drafts
from rse.experts.feature import feature as experts
from rse.feature import Feature
from rse.feed.feature import feature as feed
from rse.files.feature import feature as files
from rse.follows.feature import feature as follows
from rse.onboarding.feature import feature as onboarding
from rse.people.feature import feature as people
from rse.pins.feature import feature as pins
from rse.previews.feature import feature as previews
from rse.profile_fields.feature import feature as profile_fields
from rse.saved.feature import feature as saved
from rse.scheduled.feature import feature as scheduled
from rse.skills.feature import feature as skills
from rse.spaces.feature import feature as spaces

FEATURES: tuple[Feature, ...] = (
    follows,
    profile_fields,
    skills,
    people,
    spaces,
    files,
    feed,
    previews,
    drafts,
    announcements,
    pins,
    bookmarks,
    scheduled,
    saved,
    onboarding,
    experts,
    account,
    admin,
)


def installed_features() -> tuple[Feature, ...]:
    """Features that other packages bring, in the entry-point group `rse.features`."""
    return tuple(entry.load() for entry in entry_points(group="rse.features"))
