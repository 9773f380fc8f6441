"""The WSGI application: `gunicorn 'qa_service.app:create_app()'`."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Flask, Response

from qa_service import logs
from qa_service.channels import cors, deadlines, hosts, metrics, observing, request_ids
from qa_service.channels.access import Access
from qa_service.channels.admin import views as admin
from qa_service.channels.api import describing, problems, views
from qa_service.channels.mcp import views as mcp
from qa_service.channels.openai import views as openai
from qa_service.channels.strict_json import StrictJson, StrictRequest
from qa_service.channels.web import views as web
from qa_service.channels.widget import views as widget
from qa_service.channels.widget.assembly import floating
from qa_service.domain.errors import SettingsError
from qa_service.settings import Settings, load
from qa_service.wiring import Service

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings (the environment's when None).

    Raises SettingsError or StoreError, so that a server that cannot answer does not start.
    """
    service = _prepared(settings or load())
    logs.begin(service.settings.log_level)
    app = Flask("qa_service", static_folder=None)
    app.ensure_sync = _as_it_is  # type: ignore[assignment, method-assign]
    app.request_class = StrictRequest
    app.json = StrictJson(app)
    app.config["MAX_CONTENT_LENGTH"] = service.settings.body_bytes
    problems.register(app)
    hosts.register(app)
    Access(service).register(app)
    deadlines.register(app, service.settings.request_seconds, problems.overdue)
    observing.register(app, traced=service.settings.opentelemetry)
    for blueprint in views.blueprints(service):
        app.register_blueprint(blueprint)
    app.register_blueprint(describing.blueprint(service))
    app.register_blueprint(metrics.blueprint(service))
    app.register_blueprint(openai.blueprint(service))
    app.register_blueprint(mcp.blueprint(service))
    app.register_blueprint(web.blueprint(service, floating))
    app.register_blueprint(widget.blueprint())
    app.register_blueprint(admin.blueprint(service))
    for chat in _chats(service):
        app.register_blueprint(chat)
    app.after_request(_headers)
    cors.register(app, service.settings.origins)
    return app


def _chats(service: Service) -> Iterator[Blueprint]:
    """The routes of the chats that are set up; what they need is imported only then."""
    secret = service.settings.slack_signing_secret
    if secret is not None:
        try:
            from qa_service.channels.slack import bot, receiving  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise SettingsError(
                "SLACK_SIGNING_SECRET is set, but the extra is missing: pip install -e '.[slack]' in a clone."
            ) from error
        yield receiving.blueprint(bot.bot(service), secret.get_secret_value())
    tokens = service.settings.hook_tokens
    if tokens is not None:
        from qa_service.channels.hooks import views as hooks  # noqa: PLC0415

        yield hooks.blueprint(service, tokens.get_secret_value())


def _prepared(settings: Settings) -> Service:
    """A service whose index is read and whose store is closed: gunicorn forks after this, and each worker
    opens the store for itself."""
    service = Service(settings)
    if service.kept.warning and not settings.any_sqlite:
        raise SettingsError(f"{service.kept.warning}. QA_ANY_SQLITE=true serves from it all the same.")
    service.prepare()
    service.open()
    service.store.close()
    for name in ("store", "indexing", "following"):
        vars(service).pop(name, None)
    service.hasten()
    return service


def _headers(response: Response) -> Response:
    if response.status_code >= 400:
        response.headers.pop("Cache-Control", None)  # of what others may keep: no refusal is for them
    present = {name.lower() for name, _ in response.headers}
    response.headers.extend((name, value) for name, value in HEADERS.items() if name.lower() not in present)
    kept_for_others = response.headers["Cache-Control"].startswith("public")
    if not kept_for_others:  # that names nobody's request
        response.headers[request_ids.HEADER] = request_ids.current()
    return response


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    """No view or hook is a coroutine: Flask need not look at each of them at every request."""
    return function
