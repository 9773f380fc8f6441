"""The routes, put together: /api/v1 and what a platform probes."""

from flask import Blueprint, Response, request

from qa_service.channels.api import (
    answers,
    asking,
    conversations,
    documents,
    feedback,
    overviews,
    presenting,
    reading,
    uploads,
)
from qa_service.channels.api.routes import Routes, Routing
from qa_service.channels.strict_json import json_object
from qa_service.domain.edition import Edition
from qa_service.wiring import Service

PREFIX = "/api/v1"
OTHERWISE = {"api.begin", "api.add_documents"}  # endpoints that read no body, or look themselves


def blueprints(service: Service) -> tuple[Blueprint, ...]:
    """The routes over one service."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    largest = service.settings.ingest_file_bytes

    @api.before_request
    def body() -> None:
        uploads.allow(largest)
        if request.method == "POST" and request.endpoint not in OTHERWISE:
            json_object()

    answers_to(Routes(api), service)
    probes = Blueprint("operations", __name__)
    probed(Routes(probes), service)
    return api, probes


def answers_to(api: Routing, service: Service) -> None:
    """What stands below PREFIX."""
    for part in (asking, conversations, answers, feedback, overviews, reading, documents, uploads):
        part.register(api, service)


def probed(api: Routing, service: Service) -> None:
    """What a platform probes."""

    @api.get("/healthz")
    def healthz() -> Response:
        """Answers while the process lives; touches nothing else."""
        return presenting.sent(b'{"status":"ok"}')

    @api.get("/readyz")
    def readyz() -> Response:
        """Reads the store; 503 when it cannot."""
        edition = service.answering.desk.edition
        body = {
            "status": _status(service, edition),
            "index_version": edition.version,
            "documents": len(edition.documents),
            "passages": edition.snapshot.size.passages,
            "candidates": service.candidates(edition.snapshot.size),
            service.store.kind.lower(): service.store.engine,
        }
        return presenting.sent(body)


def _status(service: Service, edition: Edition) -> str:
    if service.frozen:
        return "read-only"
    return "ready" if edition.documents else "empty"
