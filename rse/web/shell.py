"""What stands around every page: places, spaces, counts; features contribute, the layout shows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from rse.identity.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One link of the navigation. `group` is places, spaces, partners or admin."""

    group: str
    label: str
    url: str
    icon: str = ""
    glyph: str = ""
    category: int = 0
    count: int = 0
    has_news: bool = False
    external: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """What the bell counts, and whether mail to the reader comes back: it stands on every page."""

    unread: int
    is_mail_off: bool = False


NavContributor = Callable[[Person], Awaitable[Sequence[NavItem]]]
Counter = Callable[[Person], Awaitable[Counted]]


@dataclass(slots=True)
class Shell:
    """The frame of a page for one reader."""

    me: Person | None = None
    is_admin: bool = False
    items: list[NavItem] = field(default_factory=list)
    unread_notices: int = 0
    is_mail_off: bool = False
    path: str = "/"

    @property
    def who(self) -> tuple[object, ...]:
        """What the frame shows of the reader: the key of the pieces that are theirs alone."""
        me = self.me
        if me is None:
            return ()
        return me.id, me.display_name, me.title, me.avatar_digest, self.is_admin

    def group(self, name: str) -> list[NavItem]:
        found = [item for item in self.items if item.group == name]
        return sorted(found, key=lambda item: item.position)

    def tabs(self, name: str) -> list[tuple[str, str, bool, int]]:
        """A group as tabs: label, address, whether it is this page, count."""
        return [
            (item.label, item.url, item.url == self.path, item.count) for item in self.group(name)
        ]


contributors: list[NavContributor] = []
unread_counter: list[Counter] = []


async def shell_for(person: Person | None, *, is_admin: bool, path: str) -> Shell:
    """The frame for a reader; bare before sign-in."""
    shell = Shell(me=person, is_admin=is_admin, path=path)
    if person is not None:
        for contribute in contributors:
            shell.items += await contribute(person)
        for count in unread_counter:
            counted = await count(person)
            shell.unread_notices += counted.unread
            shell.is_mail_off = shell.is_mail_off or counted.is_mail_off
    return shell
