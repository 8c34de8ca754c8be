"""Every feature is whole: tests, a page of documentation, an answer for each person's data."""

import ast
import importlib
import inspect
import tomllib
from types import ModuleType

import pytest
from tortoise import fields
from tortoise.models import Model

from rse.feature import Feature
from rse.features import FEATURES
from rse.identity.models import Account, Person
from rse.parts import parts
from tests.house import tree

_PEOPLE = {Person.__name__, Account.__name__}


@pytest.fixture(params=FEATURES, ids=lambda feature: feature.name)
def feature(request: pytest.FixtureRequest) -> Feature:
    chosen: Feature = request.param
    return chosen


@pytest.fixture(params=[part for part in parts() if part.models], ids=lambda part: part.name)
def part(request: pytest.FixtureRequest) -> Feature:
    chosen: Feature = request.param
    return chosen


def test_it_has_tests(feature: Feature) -> None:
    assert list((tree.ROOT / "tests" / feature.name).glob("test_*.py"))


def test_it_has_a_page_of_documentation(feature: Feature) -> None:
    page = tree.ROOT / "docs" / "features" / f"{feature.name}.md"
    assert page.exists()
    assert len(page.read_text().split()) > 60, "a page says something"


def test_its_rooms_are_under_contract(feature: Feature) -> None:
    """Import contracts list features by hand; a forgotten one would be unguarded."""
    settings = tomllib.loads((tree.ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    inside = next(c for c in contracts if c["name"].startswith("Inside a feature"))
    assert f"rse.{feature.name}" in inside["containers"]


def test_every_table_about_a_person_is_exported_or_erased(part: Feature) -> None:
    tables = {model.__name__ for model in _models(part) if _points_at_people(model)}
    assert tables - _named_in(part.privacy) == set()


def test_privacy_answers_both_questions(part: Feature) -> None:
    for name in ("export", "erase"):
        assert inspect.iscoroutinefunction(getattr(part.privacy, name))


def _models(part: Feature) -> list[type[Model]]:
    module = importlib.import_module(str(part.models))
    return [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Model) and value.__module__ == part.models
        if not value._meta.abstract
    ]


def _points_at_people(model: type[Model]) -> bool:
    for name, column in model._meta.fields_map.items():
        if isinstance(column, fields.relational.RelationalField):
            target = str(getattr(column, "model_name", "")).rpartition(".")[2]
            backward = isinstance(column, fields.relational.BackwardFKRelation)
            if not backward and target in _PEOPLE:
                return True
        elif name.endswith(("person_id", "author_id", "actor_id", "account_id")):
            return True
    return False


def _named_in(privacy: object) -> set[str]:
    """The models that a privacy module's own code mentions."""
    module = privacy if isinstance(privacy, ModuleType) else inspect.getmodule(privacy)
    assert module is not None
    code = ast.parse(inspect.getsource(module))
    names = {node.id for node in ast.walk(code) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(code) if isinstance(node, ast.Attribute)}
