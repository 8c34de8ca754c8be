"""Commands about partners: `rse federation partners|invite|join|confirm|suspend|share|…`."""

import argparse
import json
from collections.abc import Awaitable, Callable

from rse.identity.models import ADMIN, Account
from rse.kernel.errors import NotFound
from rse.kernel.ids import parse_public, to_public

from . import admin
from .io.models import Partner
from .queries import shares_of

Subparsers = argparse._SubParsersAction  # noqa: SLF001 - argparse names no public type
Command = Callable[[argparse.Namespace], Awaitable[int]]


def register(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add this module's commands."""
    group = commands.add_parser("federation", help="partners, invitations, shared spaces")
    actions = group.add_subparsers(required=True, metavar="action")
    for name, purpose, arguments, func in _COMMANDS:
        one = actions.add_parser(name, help=purpose)
        for argument in arguments:
            one.add_argument(argument)
        one.set_defaults(func=func, on_instance=True)


async def show_partners(options: argparse.Namespace) -> int:
    """One line a partner, and one a share."""
    print(f"our fingerprint: {await admin.our_fingerprint()}")
    for status in await admin.partners():
        card = status.card
        queues = f"out {status.waiting_out}  in {status.waiting_in}"
        print(f"{card.host}  {card.name}  {card.state}  {queues}")
        if card.state == "verifying":
            print(f"  code: {await admin.code(card.id)}")
        if status.last_error:
            print(f"  {status.failures} failures, last: {status.last_error}")
        for share in status.shares:
            print(f"  {to_public(share.id)}  {share.role}  {share.group_name}  {share.state}")
    return 0


async def invite(options: argparse.Namespace) -> int:
    print(await admin.create_invite(await _admin_id()))
    return 0


async def join(options: argparse.Namespace) -> int:
    status = await admin.accept_invite(options.link, await _admin_id())
    print(f"{status.card.host}  {status.card.state}")
    if status.card.state == "verifying":
        print(f"code: {await admin.code(status.card.id)}")
    return 0


async def code(options: argparse.Namespace) -> int:
    print(await admin.code(await _partner_id(options.partner)))
    return 0


async def confirm(options: argparse.Namespace) -> int:
    await admin.confirm_code(await _partner_id(options.partner), options.code, await _admin_id())
    return 0


async def suspend(options: argparse.Namespace) -> int:
    await admin.suspend(await _partner_id(options.partner), await _admin_id())
    return 0


async def resume(options: argparse.Namespace) -> int:
    await admin.resume(await _partner_id(options.partner), await _admin_id())
    return 0


async def terminate(options: argparse.Namespace) -> int:
    await admin.terminate(await _partner_id(options.partner), await _admin_id())
    return 0


async def share(options: argparse.Namespace) -> int:
    partner_id = await _partner_id(options.partner)
    made = await admin.share_space(partner_id, parse_public(options.space), await _admin_id())
    print(to_public(made))
    return 0


async def unshare(options: argparse.Namespace) -> int:
    await admin.unshare_space(parse_public(options.share), await _admin_id())
    return 0


async def accept(options: argparse.Namespace) -> int:
    """Every space a partner offers, or one of them."""
    partner_id = await _partner_id(options.partner)
    for offered in await shares_of(partner_id):
        if offered.role == "guest" and offered.state == "invited":
            await admin.accept_share(offered.id, await _admin_id())
            print(offered.group_name)
    return 0


async def show_audit(options: argparse.Namespace) -> int:
    """The whole record as JSON Lines; exit 1 when its chain is broken."""
    async for entry in admin.audit_export():
        line = {
            "seq": entry.seq, "at": entry.at.isoformat(), "partner": entry.partner_id,
            "direction": entry.direction, "action": entry.action, "subject": entry.subject,
            "decision": entry.decision, "reason": entry.reason, "person": entry.person_id,
            "chain": entry.chain,
        }  # fmt: skip
        print(json.dumps(line, ensure_ascii=False))
    return 0 if await admin.audit_broken_at() is None else 1


async def _admin_id() -> int:
    """Commands act for the first administrator: the record names a person."""
    account = await Account.filter(role=ADMIN).order_by("id").first()
    if account is None:
        raise NotFound("There is no administrator yet: run `rse setup` first.")
    return account.person_id


async def _partner_id(host: str) -> int:
    for partner in await Partner.all():
        if partner.origin.partition("://")[2] == host:
            return partner.id
    raise NotFound(f"No partner has the host {host}.")


_COMMANDS: tuple[tuple[str, str, tuple[str, ...], Command], ...] = (
    ("partners", "list partners, their queues and shares", (), show_partners),
    ("invite", "print an invitation link for another company, good once", (), invite),
    ("join", "accept an invitation link", ("link",), join),
    ("code", "print the code to read to the other company", ("partner",), code),
    ("confirm", "confirm with the code the other company read", ("partner", "code"), confirm),
    ("suspend", "stop everything with a partner at once", ("partner",), suspend),
    ("resume", "go on with a suspended partner", ("partner",), resume),
    ("terminate", "end a partnership for good", ("partner",), terminate),
    ("share", "offer a space of ours to a partner", ("partner", "space"), share),
    ("accept", "take the spaces a partner offers", ("partner",), accept),
    ("unshare", "stop sharing at once", ("share",), unshare),
    ("audit", "print the audit record and check its chain", (), show_audit),
)
