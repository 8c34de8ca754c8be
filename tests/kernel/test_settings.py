"""Settings: read once, and a mistake is answered with its place and the likely key."""

from pathlib import Path

import pytest

from rse.config import ConfigError, Settings, load


def written(folder: Path, text: str) -> Path:
    path = folder / "rse.toml"
    path.write_text(text)
    return path


def test_the_defaults_run_everything_on_one_machine(tmp_path: Path) -> None:
    settings = load(environment={"RSE_SERVER__DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite://{tmp_path}/rse.sqlite3"
    assert not settings.secure


def test_a_misspelt_key_names_file_line_and_the_right_one(tmp_path: Path) -> None:
    path = written(tmp_path, '[server]\nbind = "127.0.0.1:80"\npublic_ulr = "https://a.example"\n')
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert f"{path}:3" in str(caught.value)
    assert 'Did you mean "public_url"?' in str(caught.value)


def test_a_misspelt_section_is_named_too(tmp_path: Path) -> None:
    path = written(tmp_path, '[servre]\nbind = "x"\n')
    with pytest.raises(ConfigError, match=r'rse\.toml:1.*Did you mean "server"'):
        load(path, {})


def test_a_wrong_value_says_what_is_expected(tmp_path: Path) -> None:
    path = written(tmp_path, '\n[log]\nlevel = "loud"\n')
    with pytest.raises(ConfigError, match=r"rse\.toml:3 \[log\] level"):
        load(path, {})


def test_broken_toml_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"rse\.toml"):
        load(written(tmp_path, "[server\n"), {})


def test_a_missing_file_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "none.toml", {})


@pytest.mark.parametrize(
    "url", ["http://social.company.example", "social.company.example", "https://x.example/path"]
)
def test_a_public_address_without_tls_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="public_url"):
        load(environment={"RSE_SERVER__PUBLIC_URL": url})


def test_the_environment_lies_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, '[community]\nlanguage = "de"\n')
    found = load(path, {"RSE_COMMUNITY__LANGUAGE": "en", "RSE_DATABASE__POOL": "12"})
    assert (found.community.language, found.database.pool) == ("en", 12)


def test_a_misspelt_variable_of_the_environment_is_found() -> None:
    with pytest.raises(ConfigError, match=r'environment .*Did you mean "public_url"'):
        load(environment={"RSE_SERVER__PUBLIC_ULR": "https://a.example"})


def test_settings_cannot_be_changed_while_running() -> None:
    with pytest.raises(Exception, match="frozen"):
        Settings().server.bind = "elsewhere"  # type: ignore[misc]
