"""The routes of the pages, what they may load, and who may frame them."""

import logging
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from qa_service.channels import observing
from qa_service.channels.access import denial
from qa_service.channels.web import source
from qa_service.channels.web.page import Pages
from qa_service.domain.errors import AccessError, OperatorError
from qa_service.wiring import Service

log = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'; "
    "frame-ancestors "
)


def blueprint(service: Service, tag: Callable[[str], str]) -> Blueprint:
    """The pages over one service; ``tag`` makes the script tag that puts the widget on another page."""
    web = Blueprint("web", __name__, template_folder="templates")
    pages = Pages(service, tag)
    framing = service.settings.embed_origins or "'none'"

    @web.get("/")
    def demo() -> tuple[str, int]:
        return pages.demo()

    @web.get("/embed")
    def embed() -> tuple[str, int]:
        return pages.embed()

    source.register(web, service)

    @web.get("/static/<path:name>")
    def static(name: str) -> Response:
        response = send_from_directory(STATIC, name)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    @web.errorhandler(AccessError)
    def denied(error: AccessError) -> tuple[str, int, dict[str, str]]:
        return pages.denied(str(error)), *denial(error)

    @web.errorhandler(OperatorError)
    def outage(error: OperatorError) -> tuple[str, int, dict[str, str]]:
        log.error("%s: %s", observing.place(), error)
        return pages.outage(), 503, {"Retry-After": "5"}

    @web.after_request
    def guarded(response: Response) -> Response:
        framed = framing if request.endpoint == "web.embed" else "'none'"  # its errors are to be seen as well
        response.headers.setdefault("Content-Security-Policy", POLICY + framed)
        return response

    return web
