"""Where templates come from: the theme first, then the product."""

from collections.abc import Iterable

from jinja2 import BaseLoader, ChoiceLoader, PackageLoader, PrefixLoader
from importlib.resources import files


def template_loader(names: Iterable[str]) -> BaseLoader:
    """Templates named `feature/page.html`; `!feature/page.html` is always the shipped one."""
    shipped: dict[str, BaseLoader] = {
        name: PackageLoader(f"rse.{name}", f"templates/{name}")
        for name in names
        if files(f"rse.{name}").joinpath("templates", name).is_dir()
    }
    original = PrefixLoader({f"!{name}": loader for name, loader in shipped.items()})
    return ChoiceLoader([PrefixLoader(shipped), original])
