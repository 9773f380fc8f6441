"""The routes, put together: /api/v1 and what a platform probes."""

from flask import Response, request
from flask_openapi import APIBlueprint, Tag

from qa_service.channels.api import (
    answers,
    asking,
    conversations,
    documents,
    feedback,
    models,
    overviews,
    presenting,
    reading,
    uploads,
)
from qa_service.channels.api.problems import PROBLEM, REFUSED
from qa_service.channels.strict_json import json_object
from qa_service.wiring import Service

OTHERWISE = {"api.begin", "api.add_documents"}  # endpoints that read no body, or look themselves


def blueprints(service: Service, *, described: bool = False) -> tuple[APIBlueprint, ...]:
    """The routes over one service; ``described`` for the OpenAPI document, which takes longer to make."""
    return _answers(service, described=described), _operations(service, described=described)


def _answers(service: Service, *, described: bool) -> APIBlueprint:
    api = APIBlueprint(
        "api",
        __name__,
        url_prefix="/api/v1",
        abp_responses=REFUSED,
        doc_ui=described,
        operation_id_callback=named,
    )
    largest = service.settings.ingest_file_bytes

    @api.before_request
    def body() -> None:
        uploads.allow(largest)
        if request.method == "POST" and request.endpoint not in OTHERWISE:
            json_object()

    for part in (asking, conversations, answers, feedback, overviews, reading, documents, uploads):
        part.register(api, service)
    return api


def _operations(service: Service, *, described: bool) -> APIBlueprint:
    """What a platform probes."""
    api = APIBlueprint(
        "operations", __name__, abp_responses={"503": PROBLEM}, doc_ui=described, operation_id_callback=named
    )
    tag = Tag(name="Operations", description="Probes.")

    @api.get("/healthz", tags=[tag], summary="Is the process up?", responses={"200": models.HealthModel})
    def healthz() -> Response:
        """Answers while the process lives; touches nothing else."""
        return presenting.sent(b'{"status":"ok"}')

    @api.get("/readyz", tags=[tag], summary="Can it answer?", responses={"200": models.ReadyModel})
    def readyz() -> Response:
        """Reads the store; 503 when it cannot."""
        edition = service.answering.desk.edition
        body = {
            "status": "ready" if edition.documents else "empty",
            "index_version": edition.version,
            "documents": len(edition.documents),
            "passages": edition.snapshot.size.passages,
            "candidates": service.candidates(edition.snapshot.size),
            service.store.kind.lower(): service.store.engine,
        }
        return presenting.sent(body)

    return api


def named(*, name: str, path: str, method: str) -> str:
    """What an operation is called in the OpenAPI document and in clients made from it: as its function."""
    return name
