"""Commands about people: the first administrator's set-up link, sign-in links, switching off."""

import argparse

from rse.config import settings
from rse.identity import links, people
from rse.identity.models import ADMIN, MEMBER, Account
from rse.identity.people import Card
from rse.kernel.errors import NotFound
from rse.runtime import opened


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this module's commands."""
    setup = commands.add_parser(
        "setup", help="print the one-time link that makes the first administrator"
    )
    setup.set_defaults(func=print_setup_link)
    user = commands.add_parser("user", help="create, link, disable, enable").add_subparsers(
        required=True, metavar="action"
    )
    create = user.add_parser("create", help="make a person; they get a one-time link, no password")
    create.add_argument("login")
    create.add_argument("--name", required=True)
    create.add_argument("--mail")
    create.add_argument("--admin", action="store_true")
    create.set_defaults(func=create_user)
    for name, purpose in (
        ("link", "print a one-time sign-in link"),
        ("disable", "end access"),
        ("enable", "give access back"),
    ):
        one = user.add_parser(name, help=purpose)
        one.add_argument("login")
        one.set_defaults(func=_ACTIONS[name])


async def print_setup_link(options: argparse.Namespace) -> int:
    """Only while there is no administrator; the link works once and dies in three days."""
    async with opened(options.settings):
        if await Account.exists(role=ADMIN):
            print("There is an administrator already. Use `rse user link LOGIN`.")
            return 1
        print(f"{settings().origin}/setup/{await links.make_link(links.SETUP)}")
    return 0


async def create_user(options: argparse.Namespace) -> int:
    async with opened(options.settings):
        account = await people.ensure_local(
            options.login,
            Card(display_name=options.name, email=options.mail),
            role=ADMIN if options.admin else MEMBER,
        )
        print(f"{settings().origin}/reset/{await links.make_link(links.RESET, account.id)}")
    return 0


async def link_user(options: argparse.Namespace) -> int:
    async with opened(options.settings):
        account = await _account(options.login)
        print(f"{settings().origin}/link/{await links.make_link(links.SIGN_IN, account.id)}")
    return 0


async def disable_user(options: argparse.Namespace) -> int:
    async with opened(options.settings):
        await people.deactivate((await _account(options.login)).person_id, "admin")
    return 0


async def enable_user(options: argparse.Namespace) -> int:
    async with opened(options.settings):
        await people.reactivate((await _account(options.login)).person_id, "admin")
    return 0


async def _account(login: str) -> Account:
    account = await Account.get_or_none(login=people.login_key(login))
    if account is None:
        raise NotFound(f"No account has the login {login}.")
    return account


_ACTIONS = {"link": link_user, "disable": disable_user, "enable": enable_user}
