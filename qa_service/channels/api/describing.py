"""The routes /openapi.json and /docs. The document is made when first asked for: no start waits for it."""

from functools import lru_cache
from threading import Lock

from flask import Blueprint, Response

from qa_service.channels.api import presenting
from qa_service.wiring import Service


def blueprint(service: Service) -> Blueprint:
    """The routes over one service."""
    described = Blueprint("described", __name__, template_folder="templates")
    lock = Lock()

    @lru_cache
    def document() -> presenting.Json:
        from qa_service.channels.api.openapi import document  # noqa: PLC0415

        return document(service)

    @lru_cache
    def page() -> str:
        from qa_service.channels.api.reference import page  # noqa: PLC0415

        return page(document())

    @described.get("/openapi.json")
    def openapi() -> Response:
        with lock:
            return presenting.sent(document())

    @described.get("/docs")
    def docs() -> str:
        with lock:
            return page()

    return described
