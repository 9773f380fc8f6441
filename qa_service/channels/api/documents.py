"""The routes /documents: what is indexed, as it is cited and as it was ingested."""

from typing import Any

from flask import Response, request

from qa_service.channels.api import presenting, request_models
from qa_service.channels.api.routes import Routing
from qa_service.domain.edition import Edition
from qa_service.wiring import Service

KEPT = "private, no-cache"  # a caller may keep it, and asks whether it is still the same


def register(api: Routing, service: Service) -> None:
    """Add the routes."""

    @api.get("/documents")
    def documents() -> Response:
        """Everything that is indexed."""
        found = service.answering.read(lambda desk: _listed(desk.edition))
        return _tagged(presenting.sent(found), str(found["index_version"]))

    @api.get("/documents/<document_id>")
    def document(path: request_models.DocumentPath) -> Response:
        """What is known of one document."""
        version, found = service.answering.read(lambda desk: _told(path.document_id, desk.edition))
        return _tagged(presenting.sent(found), version)

    _register_files(api, service)


def _register_files(api: Routing, service: Service) -> None:
    @api.get("/documents/<document_id>/text")
    def text(path: request_models.DocumentPath) -> Response:
        """The canonical text, which every citation's offsets count in. Its ETag is its SHA-256."""
        found = service.answering.read(lambda desk: desk.edition.proved(path.document_id))
        response = Response(found.text.encode(), content_type="text/plain; charset=utf-8")
        return _tagged(response, found.sha256)

    @api.get("/documents/<document_id>/source")
    def source(path: request_models.DocumentPath) -> Response:
        """The file as it was ingested, byte for byte. Its ETag is its SHA-256."""
        service.answering.read(lambda desk: desk.edition.document(path.document_id))
        original = service.store.original(path.document_id)
        response = Response(original.data, content_type="application/octet-stream")
        response.headers.set("Content-Disposition", "attachment", filename=_printable(original.name))
        return _tagged(response, original.sha256)


def _listed(edition: Edition) -> dict[str, object]:
    rows = [presenting.document(one, edition) for one in edition.documents.values()]
    return {"documents": rows, "index_version": edition.version}


def _told(document_id: str, edition: Edition) -> tuple[str, dict[str, Any]]:
    return edition.version, presenting.document(edition.document(document_id), edition)


def _printable(name: str) -> str:
    """A file name for a header, which takes no line breaks; a file's name may have some."""
    return "".join(one if one.isprintable() else "_" for one in name)


def _tagged(response: Response, tag: str) -> Response:
    """With its ETag; 304 without a body when the caller has it already."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = KEPT
    response.make_conditional(request)
    return response
