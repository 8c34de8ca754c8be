"""The commands about mail, as an administrator and a mail server's pipe run them."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from quart import Quart

from rse import cli_mail
from rse.cli import _parser
from rse.config import settings
from rse.kernel import crypto
from rse.mail.address import Kind
from rse.mail.models import MailOut
from rse.mail.ours import token_address
from rse.mail.spool import Spool
from tests.mail.doors import Client
from tests.mail.post_office import mail_settings, post_office
from tests.testenv.mailcatcher import MailCatcher
from tests.testenv.processes import free_port

MAIL = b"From: lea@ostrelle.example\r\nMessage-ID: <1@ostrelle.example>\r\n\r\nBonjour\r\n"


async def rse(
    root: Path, *arguments: str, text: bytes = b"", relay: dict[str, str] | None = None
) -> tuple[int, str]:
    """Run one command in a process of its own: its exit code and all it printed."""
    ours = {"RSE_SERVER__DATA_DIR": str(root), "RSE_MAIL__DOMAIN": "mail.ostrelle.example"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rse", *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT, cwd=Path(__file__).parents[2],
        env={**os.environ, **ours, **(relay or {})},
    )  # fmt: skip
    output, _ = await process.communicate(text)
    return process.returncode or 0, output.decode()


def reply_address(root: Path) -> str:
    """An address of the instance in that folder; the key in force comes back afterwards."""
    crypto.open_master_key(root / "master.key")
    try:
        with mail_settings(domain="mail.ostrelle.example"):
            return token_address(Kind.REPLY, 1, 2, "post")
    finally:
        crypto.open_master_key(settings().server.data_dir / "master.key")


@pytest.mark.twoproc
@pytest.mark.slow
async def test_a_pipe_feeds_the_spool_without_a_database(app: Quart, tmp_path: Path) -> None:
    address = reply_address(tmp_path)
    assert (await rse(tmp_path, "mail", "ingest", address, text=MAIL))[0] == 0
    assert (await rse(tmp_path, "mail", "ingest", address, text=b"Subject: nobody\r\n\r\nx"))[
        0
    ] == 69
    assert (await rse(tmp_path, "mail", "ingest", "x@mail.ostrelle.example", text=MAIL))[0] == 69
    spool = Spool(tmp_path / "mail")
    assert [spool.read(name).raw for name in spool.due(float("inf"))] == [MAIL]
    assert not (tmp_path / "rse.sqlite3").exists()


@pytest.mark.twoproc
@pytest.mark.slow
async def test_a_test_mail_says_what_the_relay_answered(tmp_path: Path) -> None:
    async with MailCatcher() as catcher:
        relay = {"RSE_MAIL__RELAY__HOST": "127.0.0.1", "RSE_MAIL__RELAY__PORT": str(catcher.port)}
        code, said = await rse(tmp_path, "mail", "test", "nora@ostrelle.example", relay=relay)
        # Nobody asked for clear text, and the catcher speaks no TLS: nothing was sent.
        assert (code, catcher.caught) == (1, [])
        relay["RSE_MAIL__RELAY__TLS"] = "none"
        code, said = await rse(tmp_path, "mail", "test", "nora@ostrelle.example", relay=relay)
        assert code == 0, said
        assert len(catcher.to("nora@ostrelle.example")) == 1
        catcher.answer = "554 5.7.1 not from you"
        code, said = await rse(tmp_path, "mail", "test", "nora@ostrelle.example", relay=relay)
        assert code == 1
        assert "PermanentFailure: 554" in said


@pytest.mark.twoproc
@pytest.mark.slow
async def test_clear_text_to_another_machine_is_a_mistake_in_the_settings(tmp_path: Path) -> None:
    relay = {"RSE_MAIL__RELAY__HOST": "mx.ostrelle.example", "RSE_MAIL__RELAY__TLS": "none"}
    code, said = await rse(tmp_path, "mail", "test", "nora@ostrelle.example", relay=relay)
    assert code == 2
    assert "only for a relay on this machine" in said


async def test_what_waits_can_be_tried_again_at_once(
    app: Quart, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import asynccontextmanager

    from rse.mail import system
    from rse.mail.out import queue

    @asynccontextmanager
    async def opened_already(_: object):  # type: ignore[no-untyped-def]
        yield

    monkeypatch.setattr(cli_mail, "opened", opened_already)
    async with post_office(app) as office:
        office.catcher.answer = "451 4.3.0 later"
        await system.send("test", "nora@ostrelle.example", "en", {})
        await queue.send_due()
        office.catcher.answer = "250 2.6.0 Caught"
        options = _parser().parse_args(["mail", "queue"])
        options.settings = settings()
        assert await options.func(options) == 0
        assert "out queued: 1" in capsys.readouterr().out
        options.retry = True
        await options.func(options)
        assert "out queued: 0" in capsys.readouterr().out
        mail = await MailOut.get(kind="system.test")
        assert (mail.state, mail.sealed) == ("sent", None)


@pytest.mark.twoproc
@pytest.mark.slow
@pytest.mark.parametrize("command", [("serve",), ("mail", "serve")])
async def test_the_running_product_answers_at_its_doors(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    web, smtp, lmtp = free_port(), free_port(), free_port()
    environment = {
        "RSE_SERVER__DATA_DIR": str(tmp_path),
        "RSE_SERVER__BIND": f"127.0.0.1:{web}",
        "RSE_MAIL__DOMAIN": "mail.ostrelle.example",
        "RSE_MAIL__SMTP_BIND": f"127.0.0.1:{smtp}",
        "RSE_MAIL__LMTP_BIND": f"127.0.0.1:{lmtp}",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rse", *command, cwd=Path(__file__).parents[2],
        env={**os.environ, **environment},
    )  # fmt: skip
    try:
        for port, verb in ((smtp, "EHLO"), (lmtp, "LHLO")):
            reader, writer = await connected(port, process)
            client = Client(reader, writer)
            await client.greet(verb)
            answer = await client.deliver(MAIL, "postmaster")
            writer.close()
            assert answer.startswith("250"), answer
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 15) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def connected(
    port: int, process: asyncio.subprocess.Process
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect as soon as somebody listens; give up when the process is gone."""
    for _ in range(200):
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            assert process.returncode is None, "the process ended"
            await asyncio.sleep(0.1)
    raise TimeoutError
