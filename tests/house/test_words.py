"""Words that may not be in the tree: the product's name where people read, machines, registries."""

import re
from pathlib import Path

from tests.house import tree

# What a person may come to see; the code may know its own name.
_SEEN_BY_PEOPLE = (".html", ".txt", ".js", ".css", ".po", ".svg", ".webmanifest")
_HOSTS = ("pypi.org", "pythonhosted.org", "npmjs.org", "deb.debian.org", "unpkg.com")
_PICTURES = {".png", ".jpg", ".ico", ".woff2", ".gz"}
_MACHINES = r"(?<![\w.])/(?:work|home|root|Users)/[A-Za-z0-9_.-]+"


def test_no_surface_knows_the_products_name() -> None:
    """White label: the brand speaks, everywhere."""
    folders = [tree.RSE, tree.ROOT / "themes"]
    paths = [path for folder in folders for path in tree.files(*_SEEN_BY_PEOPLE, under=folder)]
    hits = tree.found(r"(?i:\brse\b)(?![-_.:/])|\bRSE\b", [p for p in paths if p.suffix != ".css"])
    assert [hit for hit in hits if not _of_the_code(hit)] == []


def test_no_path_of_a_machine_is_in_the_tree() -> None:
    assert tree.found(_MACHINES, _texts()) == []


def test_no_registry_is_named_in_the_tree() -> None:
    hosts = "|".join(re.escape(host) for host in _HOSTS)
    assert tree.found(rf"(?:{hosts})", _texts()) == []


def test_invented_people_live_at_example_addresses() -> None:
    """Nobody's real domain is written to by a test or a demo."""
    paths = [*tree.python(), *tree.files(".toml", ".ldif", ".eml", ".json", under=tree.ROOT)]
    hits = tree.found(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|fr|de|io|eu)\b", paths)
    assert [hit for hit in hits if "@example." not in hit] == []


def _texts() -> list[Path]:
    here = Path(__file__).resolve()
    return [path for path in tree.files() if path.suffix not in _PICTURES and path != here]


def _of_the_code(hit: str) -> bool:
    """Project headers of a catalogue and identifiers of scripts are not read by people."""
    return any(part in hit for part in (".po:1: ", "window.rse"))
