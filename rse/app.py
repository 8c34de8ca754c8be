"""The composition root: builds the web application from its parts."""

import gc
from contextlib import AsyncExitStack

from quart import Quart

from rse.branding.templates import template_loader
from rse.config import Settings, use
from rse.identity.current import current_session
from rse.kernel import i18n
from rse.kernel.db import dialect
from rse.kernel.ids import IdConverter, to_public
from rse.mail.serving import receiving
from rse.parts import parts
from rse.realtime.line import Line, SocketConnection
from rse.runtime import opened, working
from rse.web import assets, csrf, errors, macros, session
from rse.web.connection import Connection
from rse.web.pieces import keep
from rse.web.render import Templates


def create_app(settings: Settings, *, with_worker: bool = True) -> Quart:
    """The application of one instance. `with_worker` runs outbox and schedule inside it."""
    use(settings)
    app = Quart("rse", static_folder=None)
    app.jinja_environment = Templates  # type: ignore[assignment]
    app.asgi_http_class = Connection
    app.asgi_websocket_class = SocketConnection
    app.websocket_class = Line
    app.config["MAX_CONTENT_LENGTH"] = settings.server.max_upload_mb * 1_000_000
    app.config["MAX_FORM_MEMORY_SIZE"] = 2_000_000
    app.url_map.converters["id"] = IdConverter
    app.before_request(session.open_request)
    errors.install(app)
    _prepare_templates(app)
    app.register_blueprint(assets.blueprint)
    for part in parts():
        for blueprint in filter(None, (part.web, part.api)):
            app.register_blueprint(blueprint)
    _open_with(app, settings, with_worker=with_worker)
    return app


def _prepare_templates(app: Quart) -> None:
    names = ("web", *(part.name for part in parts()))
    app.jinja_env.loader = template_loader(names)
    app.jinja_env.auto_reload = False
    app.jinja_env.globals.update(
        _=i18n.gettext, ngettext=i18n.ngettext, csrf=csrf.csrf, keep=keep,
        current_session=current_session, public_id=to_public, language=i18n.current_language,
        opened_at=session.opened_at, **macros.GLOBALS,
    )  # fmt: skip
    app.jinja_env.filters.update(macros.FILTERS)
    for part in parts():
        app.jinja_env.globals.update(part.template_globals)
        app.jinja_env.filters.update(part.template_filters)


def _settle() -> None:
    """What is loaded now stays for the life of the process: spare the collector from walking it."""
    gc.collect()
    gc.freeze()


def _open_with(app: Quart, settings: Settings, *, with_worker: bool) -> None:
    stack = AsyncExitStack()

    @app.before_serving
    async def start() -> None:
        await stack.enter_async_context(opened(settings, alone=True))
        if with_worker:
            await stack.enter_async_context(working())
        # Beyond one process, mail has its own: `rse mail serve`.
        if with_worker and dialect() == "sqlite":
            await stack.enter_async_context(receiving())
        _settle()

    @app.after_serving
    async def stop() -> None:
        await stack.aclose()
