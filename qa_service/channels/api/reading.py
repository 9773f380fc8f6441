"""The routes that a screen needs beside the answer: what to ask first, and a quote in its context."""

from flask import Response

from qa_service.answering import Desk
from qa_service.channels.api import presenting, request_models
from qa_service.channels.api.routes import Routing
from qa_service.domain.edition import Edition
from qa_service.domain.errors import InputError
from qa_service.wiring import Service


def register(api: Routing, service: Service) -> None:
    """Add the routes."""

    @api.get("/suggestions")
    def suggestions() -> Response:
        """Questions that this index answers."""
        return presenting.sent(service.answering.read(_suggested))

    @api.get("/documents/<document_id>/context")
    def context(path: request_models.DocumentPath, query: request_models.ContextQuery) -> Response:
        """A quote with the sentence before it and the sentence after."""
        return presenting.sent(service.answering.read(lambda desk: _around(desk.edition, path, query)))


def _suggested(desk: Desk) -> dict[str, object]:
    return {"suggestions": list(desk.suggestions), "index_version": desk.edition.version}


def _around(
    edition: Edition, path: request_models.DocumentPath, query: request_models.ContextQuery
) -> dict[str, object]:
    found = edition.proved(path.document_id)
    if not query.start < query.end <= len(found.text):
        raise InputError(f"end: after start, and at most {len(found.text)}.", "end")
    start, end = edition.around(found.id, query.start, query.end)
    return {
        "document_id": found.id,
        "start": query.start,
        "end": query.end,
        "before": found.text[start : query.start],
        "quote": found.text[query.start : query.end],
        "after": found.text[query.end : end],
        "section": edition.passage_at(found.id, query.start).section,
        "page": found.page_at(query.start),
        "sha256": found.sha256,
    }
