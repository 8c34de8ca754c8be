"""Pages and fragments: the same partial serves the page, the swap and the live refresh."""

from typing import Any

from jinja2 import Environment, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from quart import Response, current_app, redirect, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_session

from . import marks
from .csrf import csrf_token
from .shell import shell_for


class Templates(Environment):
    """Templates get finished values, so they are compiled to plain functions: half the time."""

    def __init__(self, _app: object, **options: Any) -> None:
        super().__init__(**options)
        self.template_class = Compiled


class Compiled(Template):
    """A template whose macros are made once: none of ours has globals of its own."""

    def _get_default_module(self, _context: Context | None = None) -> TemplateModule:
        # Jinja compares all globals at every import, a tenth of the home page.
        return super()._get_default_module()


async def render(template: str, /, **context: Any) -> str:
    """A whole page, with the shell of the reader."""
    session = current_session()
    person = session.account.person if session else None
    is_admin = bool(session and session.account.is_admin)
    shell = await shell_for(person, is_admin=is_admin, path=request.path)
    scheme = session.account.scheme if session else ""
    return await partial(template, shell=shell, scheme=scheme, **context)


async def partial(template: str, /, **context: Any) -> str:
    """A fragment, without the shell."""
    found: Template = current_app.jinja_env.get_template(template)
    return marks.put(found.render(**context), csrf_token())


def fragment_wanted() -> bool:
    """Whether a script asked for a piece of the page."""
    return request.headers.get("HX-Request") == "true"


def only_prefetched() -> bool:
    """Whether a browser fetches this in advance: nobody has read it then."""
    return "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))


async def respond(*, page: str, fragment: str, **context: Any) -> str:
    """The fragment for a script, the page for a person."""
    if fragment_wanted():
        return await partial(fragment, **context)
    return await render(page, **context)


def go(url: str) -> ResponseReturnValue:
    """After a write: see the result. Only addresses of this instance."""
    response = redirect(url if _is_ours(url) else "/", 303)
    assert isinstance(response, Response)  # noqa: S101 - Quart's type says more than it does
    return response


def _is_ours(url: str) -> bool:
    """Whether an address is a path of this instance, also in the eyes of a browser."""
    # Browsers drop tabs and line ends before they read an address: "/\t/host" is another host.
    return url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable()
