"""The stage: two companies, a directory, a mail catcher; ours alone, gone at the end."""

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.journey.browser import Browser
from tests.journey.companies import Company
from tests.journey.people import DIRECTORY, PASSWORD, Somebody
from tests.journey.waiting import check
from tests.testenv.find import find
from tests.testenv.mailcatcher import MailCatcher
from tests.testenv.processes import answers, free_port
from tests.testenv.programs import REPOSITORY
from tests.testenv.slapd import SlapdServer

_DIRECTORY = """
[[ldap.directories]]
name = "ostrelle"
title = "Annuaire Ostrelle"
profile = "openldap"
servers = ["{url}"]
security = "starttls"
ca_file = "{ca_file}"
bind_dn = "{bind_dn}"
bind_password_file = "{password_file}"
guard = {{ grace = "0s, 1 run" }}
users = {{ bases = ["{people}"] }}
sync = {{ every = "off" }}
"""


@dataclass
class Facts:
    """What earlier steps made and later ones need."""

    shared_space: str = ""
    mirror: str = ""
    mention_post: str = ""
    reply_to: str = ""
    partner_post: str = ""
    partner_post_there: str = ""
    partner_comment: str = ""
    shared: list[str] = field(default_factory=list)


@dataclass
class Stage:
    """Everything the story plays on."""

    folder: Path
    ostrelle: Company
    brumelis: Company
    catcher: MailCatcher
    directory: SlapdServer
    facts: Facts = field(default_factory=Facts)
    _browsers: dict[tuple[str, str], Browser] = field(default_factory=dict)
    _inside: set[Browser] = field(default_factory=set)

    @property
    def companies(self) -> tuple[Company, Company]:
        return self.ostrelle, self.brumelis

    def browser(self, company: Company, who: Somebody | None = None) -> Browser:
        """This person's browser at this company, as they left it; nobody's is a stranger's."""
        key = (company.theme, who.login if who else "")
        if key not in self._browsers:
            self._browsers[key] = Browser(company.origin)
        return self._browsers[key]

    async def at_home(self, who: Somebody, company: Company | None = None) -> Browser:
        """Their browser, signed in with their password."""
        browser = self.browser(company or self.ostrelle, who)
        if browser not in self._inside:
            page = await browser.look("/sign-in")
            if page.path == "/sign-in":
                page = await browser.sign_in(who.login, PASSWORD)
            check(page.path == "/", f"{who.name} should be signed in, and is at {page.path}")
            self._inside.add(browser)
        return browser

    async def close(self) -> None:
        for browser in self._browsers.values():
            await browser.close()
        self._browsers.clear()


async def set_up(stack: AsyncExitStack, folder: Path, *, stay: bool) -> Stage:
    """Start it all; what is started is ended by the stack."""
    ports = [_usual_or_free(8801), _usual_or_free(8802)] if stay else [free_port(), free_port()]
    catcher = await stack.enter_async_context(MailCatcher(directory=folder / "mail"))
    # Not in a thread: an interruption must find it begun and registered, or not begun.
    directory = SlapdServer(find(["slapd"]).need("slapd"))
    stack.callback(directory.stop)
    _fill(directory)
    ostrelle = Company("Ostrelle", "ostrelle", folder / "ostrelle", catcher.port, ports[0])
    brumelis = Company("Brumelis", "brumelis", folder / "brumelis", catcher.port, ports[1])
    ostrelle.more_settings = _directory_settings(folder, directory)
    stage = Stage(folder, ostrelle, brumelis, catcher, directory)
    stack.push_async_callback(stage.close)
    for company in stage.companies:
        company.write_settings()
        stack.callback(company.stop)
    await asyncio.gather(*(company.start() for company in stage.companies))
    return stage


def _usual_or_free(port: int) -> int:
    """The same address in every run, for bookmarks, unless somebody else has it."""
    return free_port() if answers(port) else port


def demo_folder(*, stay: bool) -> Path:
    """Where it all lies: a temporary folder, or var/demo for those who look around."""
    if not stay:
        return Path(tempfile.mkdtemp(prefix="rse-demo-"))
    folder = REPOSITORY / "var" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _fill(directory: SlapdServer) -> None:
    for somebody in DIRECTORY:
        directory.add_person(
            somebody.login, somebody.name, PASSWORD, title=somebody.title, mail=somebody.mail
        )


def _directory_settings(folder: Path, directory: SlapdServer) -> str:
    password = folder / "directory.password"
    password.write_text(directory.sync_password, encoding="utf-8")
    password.chmod(0o600)
    return _DIRECTORY.format(
        url=directory.url, ca_file=directory.ca_file, bind_dn=directory.sync_dn,
        password_file=password, people=directory.people_dn,
    )  # fmt: skip
