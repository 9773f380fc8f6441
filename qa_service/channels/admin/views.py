"""The routes under /admin, and what their pages may load. What is behind them is imported when asked for."""

import logging
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, redirect, request, send_from_directory, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Sent

from qa_service.channels import cookies, files, observing, request_ids
from qa_service.channels.access import denial
from qa_service.channels.limiting import Limiter
from qa_service.domain.errors import (
    AccessError,
    ForbiddenError,
    NotFoundError,
    OperatorError,
    TooManyError,
    UnknownCallerError,
)
from qa_service.wiring import Service

if TYPE_CHECKING:
    from qa_service.channels.admin.pages import Pages

log = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
TRIES = 10  # to sign in, a minute from one address
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'; "
    "frame-ancestors 'none'"
)


class _Behind:
    """The pages, once they are asked for; and who tries to sign in, counted by all workers together."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._tries = Limiter(TRIES, TRIES)

    @cached_property
    def pages(self) -> "Pages":
        from qa_service.channels.admin.pages import Pages  # noqa: PLC0415

        return Pages(self._service)

    def count(self) -> None:
        """Count a try to sign in. Raises TooManyError."""
        seconds = self._tries.wait(request.remote_addr or "")
        if seconds:
            raise TooManyError(f"Too many tries from your address; try again in {seconds} s.", seconds)


def blueprint(service: Service) -> Blueprint:
    """The desk over one service."""
    admin = Blueprint("admin", __name__, url_prefix=cookies.PATH, template_folder="templates")
    behind = _Behind(service)

    @admin.before_request
    def guarded() -> None:
        if request.endpoint == "admin.add":
            files.allow(service.settings.ingest_file_bytes)
        if request.method not in cookies.SAFE and not cookies.ours(service.settings):
            raise ForbiddenError("This form is too old, or not one of this page.")

    @admin.get("/static/<path:name>")
    def static(name: str) -> Response:
        response = send_from_directory(STATIC, name)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    @admin.after_request
    def limited(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    _signing(admin, behind)
    _showing(admin, behind)
    _changing(admin, behind)
    _failing(admin, behind)
    return admin


def _signing(admin: Blueprint, behind: _Behind) -> None:
    @admin.get("/login")
    def login() -> Sent:
        return behind.pages.login()

    @admin.post("/login")
    def sign_in() -> Sent:
        behind.count()
        return behind.pages.sign_in()

    @admin.post("/logout")
    def sign_out() -> Sent:
        return behind.pages.sign_out()


def _showing(admin: Blueprint, behind: _Behind) -> None:
    @admin.get("")
    def overview() -> str:
        return behind.pages.overview()

    @admin.get("/documents")
    def documents() -> str:
        return behind.pages.documents()

    @admin.get("/questions")
    def questions() -> str:
        return behind.pages.questions()

    @admin.get("/questions.jsonl")
    def rows() -> Sent:
        return behind.pages.rows()

    @admin.get("/feedback")
    def feedback() -> str:
        return behind.pages.feedback()


def _changing(admin: Blueprint, behind: _Behind) -> None:
    @admin.post("/documents")
    def add() -> Sent:
        return behind.pages.add()

    @admin.get("/documents/<document_id>/remove")
    def confirm(document_id: str) -> str:
        return behind.pages.confirm(document_id)

    @admin.post("/documents/<document_id>/remove")
    def remove(document_id: str) -> Sent:
        return behind.pages.remove(document_id)


def _failing(admin: Blueprint, behind: _Behind) -> None:
    @admin.errorhandler(AccessError)
    def denied(error: AccessError) -> Sent:
        if isinstance(error, UnknownCallerError) and request.method in cookies.SAFE:
            return redirect(url_for("admin.login"), 303)
        status, headers = denial(error)
        return behind.pages.trouble(str(error), status, headers)

    @admin.errorhandler(NotFoundError)
    def missing(error: NotFoundError) -> Sent:
        return behind.pages.trouble(str(error), 404)

    @admin.errorhandler(OperatorError)
    def outage(error: OperatorError) -> Sent:
        log.error("%s: %s", observing.place(), error)
        told = "The store cannot be used at the moment. The log says why; try again in a few seconds."
        return behind.pages.trouble(told, 503, {"Retry-After": "5"})

    @admin.errorhandler(Exception)
    def unforeseen(_: Exception) -> Sent:
        log.exception("%s (%s) failed", observing.place(), request_ids.current())
        told = f"The service failed on this request. The log says why: request {request_ids.current()}."
        return behind.pages.trouble(told, 500)

    @admin.errorhandler(HTTPException)
    def wrong(error: HTTPException) -> Sent:
        if error.response is not None:
            return cast("Sent", error.response)
        kept = {name: value for name, value in error.get_headers() if name == "Retry-After"}
        return behind.pages.trouble(error.description or error.name, error.code or 500, kept)
