"""The routes /divergences and /timeline: an overview asked for by field, as JSON, CSV or a calendar."""

from collections.abc import Callable, Mapping
from dataclasses import asdict

from flask import Response, request

from qa_service import surveying
from qa_service.channels.api import calendars, presenting, request_models, tables
from qa_service.channels.api.routes import Routing
from qa_service.domain.overview import Chronicle, Divergences
from qa_service.understand.iso_dates import between
from qa_service.wiring import Service

TYPES = {"json": "application/json", "csv": "text/csv", "ics": "text/calendar"}
# What a route sends beside JSON, for the OpenAPI document.
ALSO_SENT = {"/api/v1/divergences": ("csv",), "/api/v1/timeline": ("csv", "ics")}

Writers = Mapping[str, Callable[[], bytes]]


def register(api: Routing, service: Service) -> None:
    """Add the routes."""

    @api.get("/divergences")
    def divergences(query: request_models.DivergencesQuery) -> Response:
        """Two actors' positions side by side, each a citation; an empty cell holds nothing of that actor.

        A name that nobody is known by, or an actor without a position in these documents, is no error:
        there are no rows, and ``missing`` names it.
        """
        found = service.answering.read(
            lambda desk: surveying.divergences(desk, query.a, query.b, query.topic)
        )
        writers = {
            "json": lambda: presenting.as_bytes(_divergences(found)),
            "csv": lambda: tables.divergences(found),
        }
        return _sent("divergences", query.format, writers)

    @api.get("/timeline")
    def timeline(query: request_models.TimelineQuery) -> Response:
        """Dated sentences in order of time, each a citation, that concern the topic and touch the window."""
        window = between(query.from_, query.to)
        found = service.answering.read(
            lambda desk: surveying.timeline(desk, query.topic, window, query.limit)
        )
        writers = {
            "json": lambda: presenting.as_bytes(_chronicle(found)),
            "csv": lambda: tables.chronicle(found),
            "ics": lambda: calendars.calendar(
                found, lambda item: surveying.described(service.templates, item)
            ),
        }
        return _sent("timeline", query.format, writers)


def _sent(name: str, wanted: str | None, writers: Writers) -> Response:
    """The format that the query names, else the one that the caller likes best, else JSON."""
    offered = [TYPES[one] for one in writers]
    liked = request.accept_mimetypes.best_match(offered, default=offered[0])
    chosen = wanted or next(one for one in writers if TYPES[one] == liked)
    charset = "" if chosen == "json" else "; charset=utf-8"
    response = Response(writers[chosen](), content_type=TYPES[chosen] + charset)
    response.headers["Vary"] = "Accept"
    if chosen != "json":
        response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{chosen}")
    return response


def _divergences(value: Divergences) -> presenting.Json:
    return {
        "actors": list(value.actors),
        "rows": [
            {
                "issue": row.issue,
                "cells": [[presenting.citation(one) for one in cell] for cell in row.cells],
            }
            for row in value.rows
        ],
        "missing": list(value.missing),
        "index_version": value.index_version,
    }


def _chronicle(value: Chronicle) -> presenting.Json:
    items = []
    for item in value.items:
        shown = asdict(item) | {"approximate": item.approximate}
        items.append(shown | {"citation": presenting.citation(item.citation)})
    return {"items": items, "missing": list(value.missing), "index_version": value.index_version}


def also_sent(document: presenting.Json) -> None:
    """Add to an OpenAPI document what these routes send beside JSON."""
    for path, kinds in ALSO_SENT.items():
        content = document["paths"][path]["get"]["responses"]["200"]["content"]
        content.update({TYPES[kind]: {"schema": {"type": "string"}} for kind in kinds})
