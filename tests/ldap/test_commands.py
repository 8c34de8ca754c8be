"""The commands, as an administrator reads them."""

import argparse
from collections.abc import Awaitable, Callable

import pytest

from rse import cli
from rse.identity.models import Account
from tests import make
from tests.ldap.conftest import MakeDirectory
from tests.testenv.authority import Authority
from tests.testenv.slapd import SlapdServer

pytestmark = [pytest.mark.ldap, pytest.mark.usefixtures("app")]

Run = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in the instance that the test has open already."""

    async def command(*words: str) -> tuple[int, str]:
        options: argparse.Namespace = cli._parser().parse_args(["ldap", *words])
        assert options.on_instance
        code: int = await options.func(options)
        return code, capsys.readouterr().out

    return command


async def test_preview_sync_and_status_tell_the_same_story(
    run: Run, slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    make_directory(slapd)
    code, text = await run("preview")
    assert code == 0 and "create" in text and "ada" in text and "2 create" in text
    assert await Account.all().count() == 0
    code, text = await run("sync")
    assert code == 0 and text.startswith(f"corp: done, 2 found at {slapd.ldaps_url}")
    slapd.replace(f"uid=ada,{slapd.people_dn}", "title", "Chief engineer")
    code, text = await run("preview", "corp")
    assert "title: 'Engineer' → 'Chief engineer'" in text
    code, text = await run("status")
    assert code == 0 and "corp: 2 active" in text and "done" in text


async def test_a_blocked_run_names_the_command_that_approves_it(
    run: Run, slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    make_directory(slapd)
    await run("sync")
    for uid in ("ada", "bo"):
        slapd.delete(f"uid={uid},{slapd.people_dn}")
    code, text = await run("sync")
    assert code == 3 and "0 people found, 2 known" in text and "nothing was changed" in text
    approve = text.rsplit("--approve ", 1)[1].strip()
    code, text = await run("sync", "corp", "--approve", approve)
    assert code == 0 and "2 remove" in text


async def test_a_directory_that_is_down_is_one_line_and_exit_1(
    run: Run, slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    make_directory(slapd)
    slapd.halt()
    code, text = await run("preview")
    assert code == 1 and text.count("\n") == 1 and str(slapd.tls_port) in text
    code, text = await run("sync")
    assert code == 1 and "failed" in text


async def test_check_is_content_with_a_good_directory(
    run: Run, slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    slapd.add_group("RSE-Users", [f"uid=ada,{slapd.people_dn}"])
    make_directory(slapd, users={"bases": [slapd.people_dn], "require_groups": ["RSE-Users"]})
    code, text = await run("check")
    assert code == 0, text
    for words in (
        "TLSv1.3",
        "looks like openldap",
        "paging: offered",
        "2 members",
        "ada: Ada Lovell, ada@ostrelle.example",
    ):
        assert words in text


async def test_check_names_the_fault_and_its_remedy(
    run: Run,
    slapd: SlapdServer,
    make_directory: MakeDirectory,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    foreign = Authority(tmp_path_factory.mktemp("foreign"))
    make_directory(slapd, ca_file=str(foreign.ca_file))
    code, text = await run("check")
    assert code == 1 and "FAULT" in text and "set ca_file" in text
    make_directory(
        slapd,
        users={"bases": [f"ou=lost,{slapd.suffix}"], "filter": "(memberOf=cn=x)"},
        profile="389ds",
    )
    code, text = await run("check")
    assert (
        code == 1
        and "use require_groups instead" in text
        and 'profile = "openldap"' in text
        and "noSuchObject" in text
    )
    make_directory(slapd, bind_dn=f"cn=wrong,{slapd.suffix}")
    code, text = await run("check")
    assert code == 1 and "check bind_dn" in text
    slapd.halt()
    code, text = await run("check")
    assert code == 1 and "firewall" in text


async def test_explain_says_what_each_rule_saw(
    run: Run, slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    slapd.add_group("RSE-Users", [f"uid=ada,{slapd.people_dn}"])
    options = {
        "bases": [slapd.people_dn],
        "filter": "(!(title=left))",
        "require_groups": ["RSE-Users"],
    }
    make_directory(slapd, users=options)
    code, text = await run("explain", "ada")
    assert (
        code == 0
        and "gives access: belongs" in text
        and "a run would: create" in text
        and "known here as: nobody" in text
    )
    await run("sync")
    code, text = await run("explain", "bo@ostrelle.example")
    assert "does NOT belong" in text and "nothing: in none of the groups that give access" in text
    slapd.replace(f"uid=ada,{slapd.people_dn}", "title", "left")
    code, text = await run("explain", "ada")
    assert (
        "filter (!(title=left)): does NOT match" in text
        and "known here as: active" in text
        and ": create" in text
    )
    moved = slapd.rename(f"uid=bo,{slapd.people_dn}", "uid=bo", slapd.suffix)
    code, text = await run("explain", moved)
    assert "OUTSIDE of every base" in text
    code, text = await run("explain", "nobody")
    assert "exactly one entry is needed" in text


async def test_explain_tells_of_a_conflict(
    run: Run, slapd: SlapdServer, make_directory: MakeDirectory
) -> None:
    await make.account("Ada Elsewhere", login="ada")
    make_directory(slapd)
    code, text = await run("explain", "ada")
    assert code == 0 and "conflict: login taken by a local account" in text
