"""Where templates come from: the theme first, then the product."""

import logging
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    DictLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    TemplateSyntaxError,
    meta,
)

from rse.web.macros import GLOBALS

from .brand import brand

log = logging.getLogger(__name__)


def template_loader(names: Iterable[str]) -> BaseLoader:
    """Templates named `feature/page.html`; `!feature/page.html` is always the shipped one."""
    GLOBALS["brand"] = brand
    shipped: dict[str, BaseLoader] = {
        name: PackageLoader(f"rse.{name}", f"templates/{name}")
        for name in names
        if files(f"rse.{name}").joinpath("templates", name).is_dir()
    }
    original = PrefixLoader({f"!{name}": loader for name, loader in shipped.items()})
    product = ChoiceLoader([PrefixLoader(shipped), original])
    overrides, faults = sound(brand().folder / "templates", product)
    brand().issues[:] = faults
    return ChoiceLoader([DictLoader(overrides), product])


def sound(folder: Path, product: BaseLoader) -> tuple[Mapping[str, str], list[str]]:
    """The theme's templates that can be used, and why others cannot: of those pages show ours."""
    kept: dict[str, str] = {}
    faults: list[str] = []
    for path in sorted(folder.rglob("*.html")) if folder.is_dir() else ():
        name, source = path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
        if fault := _fault(path, name, source, product):
            log.error("theme template not used: %s", fault)
            faults.append(fault)
        else:
            kept[name] = source
    return kept, faults


def _fault(path: Path, name: str, source: str, product: BaseLoader) -> str:
    environment = Environment(loader=product, autoescape=True)
    try:
        tree = environment.parse(source, name, str(path))
        environment.compile(source, name, str(path))
    except TemplateSyntaxError as error:
        return f"THM601 {path}:{error.lineno} {error.message}"
    known = set(product.list_templates())
    for wanted in meta.find_referenced_templates(tree):
        if wanted == name:
            return f'THM602 {path}:1 extends itself; write "!{name}" for the shipped one'
        if (
            wanted
            and wanted not in known
            and not (path.parents[name.count("/")] / wanted).is_file()
        ):
            return f'THM603 {path}:1 there is no template "{wanted}"'
    return ""
