"""The routes that a screen needs beside the answer: what to ask first, and a quote in its context."""

from typing import Annotated

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import Field

from qa_service.answering import Desk
from qa_service.channels.api import models, presenting
from qa_service.channels.api.sending import Sent
from qa_service.domain.edition import Edition
from qa_service.domain.errors import InputError
from qa_service.wiring import Service

TAG = Tag(name="Reading", description="What a reader's screen shows beside the answer.")
Offset = Annotated[int, Field(ge=0, le=2**31)]


class SuggestionsModel(Sent):
    """Questions that this index answers, tried when it was published."""

    suggestions: list[str]
    index_version: str


class ContextQuery(models.Strict):
    """A span of the canonical text, in code points; ``end`` is exclusive."""

    start: Offset = Field(description="Where the quote begins.")
    end: Offset = Field(description="Where it ends, exclusive.")


class ContextModel(Sent):
    """A quote with the sentence before it and the sentence after, within its passage."""

    document_id: str
    start: int
    end: int
    before: str
    quote: str
    after: str
    section: str | None
    page: int | None
    sha256: str


def register(api: APIBlueprint, service: Service) -> None:
    """Add the routes."""

    @api.get("/suggestions", tags=[TAG], summary="What to ask first", responses={"200": SuggestionsModel})
    def suggestions() -> Response:
        """Questions that this index answers."""
        return presenting.sent(service.answering.read(_suggested))

    @api.get(
        "/documents/<document_id>/context",
        tags=[TAG],
        summary="Read around a quote",
        responses={"200": ContextModel},
    )
    def context(path: models.DocumentPath, query: ContextQuery) -> Response:
        """A quote with the sentence before it and the sentence after."""
        return presenting.sent(service.answering.read(lambda desk: _around(desk.edition, path, query)))


def _suggested(desk: Desk) -> dict[str, object]:
    return {"suggestions": list(desk.suggestions), "index_version": desk.edition.version}


def _around(edition: Edition, path: models.DocumentPath, query: ContextQuery) -> dict[str, object]:
    found = edition.document(path.document_id)
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
