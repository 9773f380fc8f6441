"""The routes /documents: what is indexed, as it is cited and as it was ingested."""

from flask import Response
from flask_openapi import APIBlueprint, Tag

from qa_service.answering import Desk
from qa_service.channels.api import models, presenting
from qa_service.wiring import Service

TAG = Tag(name="Documents", description="What is indexed, as it is cited and as it was ingested.")
PLAIN_TEXT = {"description": "The canonical text.", "content": {"text/plain": {"schema": {"type": "string"}}}}
BINARY = {
    "description": "The file as it was ingested.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


def register(api: APIBlueprint, service: Service) -> None:
    """Add the routes."""

    def desk() -> Desk:
        return service.answering.desk

    @api.get("/documents", tags=[TAG], summary="List documents", responses={"200": models.DocumentsModel})
    def documents() -> Response:
        """Everything that is indexed."""
        edition = desk().edition
        rows = [presenting.document(one, edition) for one in edition.documents.values()]
        return presenting.sent({"documents": rows, "index_version": edition.version})

    @api.get(
        "/documents/<document_id>",
        tags=[TAG],
        summary="Show a document",
        responses={"200": models.DocumentModel},
    )
    def document(path: models.DocumentPath) -> Response:
        """What is known of one document."""
        edition = desk().edition
        return presenting.sent(presenting.document(edition.document(path.document_id), edition))

    @api.get(
        "/documents/<document_id>/text",
        tags=[TAG],
        summary="Read a document",
        responses={"200": PLAIN_TEXT},
    )
    def text(path: models.DocumentPath) -> Response:
        """The canonical text, which every citation's offsets count in."""
        found = desk().edition.document(path.document_id)
        return Response(found.text.encode(), content_type="text/plain; charset=utf-8")

    @api.get(
        "/documents/<document_id>/source",
        tags=[TAG],
        summary="Fetch the original",
        responses={"200": BINARY},
    )
    def source(path: models.DocumentPath) -> Response:
        """The file as it was ingested, byte for byte."""
        desk().edition.document(path.document_id)
        original = service.store.original(path.document_id)
        response = Response(original.data, content_type="application/octet-stream")
        response.headers.set("Content-Disposition", "attachment", filename=original.name)
        return response
