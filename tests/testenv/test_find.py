"""Where services are looked for, and what is said when one is missing."""

from pathlib import Path

import pytest

from tests.testenv import find as finding
from tests.testenv.find import export, find, wanted
from tests.testenv.packages import NotFetched, library_folders
from tests.testenv.programs import Missing, Program, Services


@pytest.fixture(autouse=True)
def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in finding.ALL:
        monkeypatch.delenv(f"RSE_TEST_{name.upper()}", raising=False)
    monkeypatch.delenv("RSE_TEST_SERVICES", raising=False)


def _program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_named_program_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = _program(tmp_path / "my-slapd")
    monkeypatch.setenv("RSE_TEST_SLAPD", str(named))
    assert find(["slapd"]).need("slapd").path == named


def test_a_named_address_is_a_running_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSE_TEST_REDIS", "redis://127.0.0.1:6399")
    assert find(["redis"]).need("redis").url == "redis://127.0.0.1:6399"


def test_a_wrong_name_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSE_TEST_EXIM", str(tmp_path / "nothing"))
    with pytest.raises(Missing, match="is not a program"):
        find(["exim"])


def test_a_program_in_an_unpacked_tree_brings_its_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = _program(tmp_path / "root/usr/lib/chromium/chromium")
    library = tmp_path / "root/usr/lib/x86_64-linux-gnu/libnss3.so"
    library.parent.mkdir(parents=True)
    library.touch()
    for name in ("fonts.conf", "passwd"):
        (tmp_path / "root" / name).touch()
    monkeypatch.setenv("RSE_TEST_CHROMIUM", str(program))
    found = find(["chromium"]).need("chromium")
    assert found.env()["LD_LIBRARY_PATH"] == str(library.parent)
    assert found.env()["FONTCONFIG_FILE"] == str(tmp_path / "root/fonts.conf")
    assert found.file("usr/share") == tmp_path / "root/usr/share"
    assert library_folders(tmp_path / "root") == [library.parent]


def test_a_missing_service_names_the_command_that_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_name: str) -> Path:
        raise NotFetched("no network")

    monkeypatch.setenv("RSE_TEST_IGNORE_INSTALLED", "1")
    monkeypatch.setattr("tests.testenv.packages.unpacked", nothing)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(Missing, match="apt-get install --no-install-recommends slapd") as raised:
        find(["slapd"])
    assert "no network" in str(raised.value)


def test_a_run_without_services_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSE_TEST_SERVICES", "none")
    assert wanted("none") == []
    with pytest.raises(Missing, match="told to use no services"):
        find(["redis"])


def test_a_child_is_told_what_was_found(tmp_path: Path) -> None:
    services = Services(slapd=Program(tmp_path / "slapd"))
    assert export(services) == {"RSE_TEST_SLAPD": str(tmp_path / "slapd")}


def test_a_name_nobody_knows_is_refused() -> None:
    with pytest.raises(Missing, match="no service 'mysql'"):
        wanted("redis,mysql")
