"""What an administrator does without the pages: the commands, and the page a link opens."""

import argparse
import json

import pytest
import pytest_asyncio

from rse.federation import cli
from rse.federation.core.invite import Invite
from rse.federation.io.models import FedAudit, Partner, Share
from rse.identity.models import Person
from rse.kernel.errors import NotFound, RseError
from rse.kernel.ids import to_public
from tests import make
from tests.federation.peer import Peer

Printed = pytest.CaptureFixture[str]


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def boss(address: str, fresh: None) -> Person:
    """Commands act for the first administrator."""
    return (await make.account("Nadia Ferrand", admin=True)).person


async def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers(required=True))
    options = parser.parse_args(["federation", *words])
    assert options.on_instance
    result: int = await options.func(options)
    return result


async def test_an_invitation_is_printed_and_names_us(capsys: Printed) -> None:
    assert await run("invite") == 0
    link = capsys.readouterr().out.strip()
    assert Invite.read(link, loopback=True).origin == "http://127.0.0.1:8800"


async def test_partners_are_listed_with_their_shares(peer: Peer, capsys: Printed) -> None:
    assert await run("partners") == 0
    printed = capsys.readouterr().out
    assert "brumelis.example  Brumelis  active  out" in printed
    assert "Joint project  active" in printed


async def test_a_partner_is_suspended_resumed_and_terminated(peer: Peer, partner: Partner) -> None:
    states = {"suspend": "suspended", "resume": "active", "terminate": "terminated"}
    for command, state in states.items():
        assert await run(command, "brumelis.example") == 0
        assert (await Partner.get(id=partner.id)).state == state
    with pytest.raises(RseError):
        await run("resume", "brumelis.example")
    with pytest.raises(NotFound):
        await run("suspend", "nobody.example")


async def test_a_space_is_shared_and_unshared(
    peer: Peer, partner: Partner, boss: Person, capsys: Printed
) -> None:
    space = await make.space(boss, "Launch")
    assert await run("share", "brumelis.example", to_public(space.id)) == 0
    made = await Share.get(space_id=space.id)
    assert (made.group_name, made.state) == ("Launch", "invited")
    with pytest.raises(RseError):
        await run("share", "brumelis.example", to_public(space.id))
    assert await run("unshare", capsys.readouterr().out.strip()) == 0
    assert (await Share.get(id=made.id)).state == "ended"


async def test_the_record_is_printed_whole_and_a_change_is_noticed(
    peer: Peer, partner: Partner, capsys: Printed
) -> None:
    await run("suspend", "brumelis.example")
    await run("resume", "brumelis.example")
    assert await run("audit") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["action"] for line in lines[-2:]] == ["suspended", "active"]
    await FedAudit.filter(action="suspended").update(action="nothing")
    assert await run("audit") == 1


async def test_who_follows_the_link_is_told_where_it_belongs(peer: Peer) -> None:
    reply = await peer.send("GET", "/federation/join")
    assert reply.status == 200
    assert b"twelve digits" in reply.body or b"douze chiffres" in reply.body
