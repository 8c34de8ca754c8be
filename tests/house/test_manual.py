"""Everything an administrator can set is described, in the schema and in the manual."""

from rse import cli
from tests.house.docs import broken_links, stale_pages
from tests.house.manual import commands, sections


def test_every_setting_says_what_it_is_for() -> None:
    silent = [
        f"{heading} {name}"
        for heading, settings in sections()
        for name, info in settings.items()
        if not info.description
    ]
    assert silent == []


def test_every_command_says_what_it_does() -> None:
    assert [name for name, purpose in commands(cli._parser(), "rse") if not purpose] == []


def test_the_manual_has_every_setting_and_command_as_it_is() -> None:
    assert stale_pages() == []


def test_every_link_of_the_documentation_resolves() -> None:
    assert broken_links() == []
