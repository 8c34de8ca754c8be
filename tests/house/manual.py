"""The manual's tables of settings and commands, made from the code so that they cannot differ."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from rse import cli
from rse.config import Settings
from tests.house import tree

OPERATE = tree.ROOT / "docs" / "operate"
START, END = "<!-- made from the code: make manual -->", "<!-- end -->"
_HEAD = "| Setting | Default | What it is |\n| --- | --- | --- |\n"


def sections(
    model: type[BaseModel] = Settings, place: str = "", brackets: str = "[]"
) -> Iterator[tuple[str, dict[str, FieldInfo]]]:
    """(its heading in the file, its settings) for each table of the file that has settings."""
    tables = {name: _table(info.annotation) for name, info in model.model_fields.items()}
    plain = {name: info for name, info in model.model_fields.items() if tables[name] is None}
    if plain:
        yield f"{brackets[: len(brackets) // 2]}{place}{brackets[len(brackets) // 2 :]}", plain
    for name, inner in tables.items():
        if inner is not None:
            repeated = "list[" in str(model.model_fields[name].annotation)
            where = f"{place}.{name}" if place else name
            yield from sections(inner, where, "[[]]" if repeated else "[]")


def pages() -> dict[Path, str]:
    """Each made page as it should be: its own text, with fresh tables between the markers."""
    made = {OPERATE / "settings.md": _settings(), OPERATE / "commands.md": _commands()}
    return {path: _between_markers(path, text) for path, text in made.items()}


def _between_markers(path: Path, made: str) -> str:
    page = path.read_text() if path.exists() else f"# {path.stem.capitalize()}\n\n"
    before, _, rest = page.partition(START)
    return f"{before}{START}\n\n{made}\n{END}{rest.partition(END)[2] or chr(10)}"


def _settings() -> str:
    return "\n".join(
        f"## `{heading}`\n\n{_HEAD}{''.join(_row(name, info) for name, info in settings.items())}"
        for heading, settings in sections()
    )


def _commands() -> str:
    rows = [f"| `{command}` | {purpose} |\n" for command, purpose in commands(cli._parser(), "rse")]
    return "| Command | What it does |\n| --- | --- |\n" + "".join(rows)


def commands(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, str]]:
    """("rse user create LOGIN", its purpose) for each command."""
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for group in groups:
        purposes = {choice.dest: choice.help or "" for choice in group._choices_actions}
        for word, deeper in group.choices.items():
            if any(isinstance(a, argparse._SubParsersAction) for a in deeper._actions):
                yield from commands(deeper, f"{name} {word}")
            else:
                yield f"{name} {word}{_arguments(deeper)}", purposes.get(word, "")


def _arguments(parser: argparse.ArgumentParser) -> str:
    written = ""
    for action in parser._actions:
        if action.dest == "help":
            continue
        value = "" if action.nargs == 0 else f" {str(action.metavar or action.dest).upper()}"
        text = f"{action.option_strings[-1]}{value}" if action.option_strings else value.strip()
        written += f" {text}" if action.required else f" [{text}]"
    return written


def _row(name: str, info: FieldInfo) -> str:
    return f"| `{name}` | {_default(info)} | {info.description or ''} |\n"


def _default(info: FieldInfo) -> str:
    value = info.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined:
        return "required"
    if value is None or value in ("", [], {}):
        return "–"
    return f"`{json.dumps(_plain(value), ensure_ascii=False)}`".replace("|", "\\|")


def _plain(value: object) -> object:
    """As it would be written in the file."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, bool | int | float | str) else str(value)


def _table(annotation: Any) -> type[BaseModel] | None:
    """The table that a setting is, or is a list of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_table, get_args(annotation))), None)
