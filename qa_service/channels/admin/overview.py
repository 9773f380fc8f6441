"""What there is and what waits for somebody: the first page of the desk."""

import platform
import time
from importlib.metadata import version
from typing import Any

from qa_service.answering import Desk
from qa_service.channels import questions
from qa_service.channels.admin import catalogue, charts, grouping
from qa_service.wiring import Service

LIBRARIES = ("rank-bm25", "tantivy", "flask", "gunicorn")


def shown(service: Service, span_name: str) -> dict[str, Any]:
    """What the page tells, with charts over a span."""
    now, span = time.time(), charts.span_of(span_name)
    refused, disliked = questions.collected(service, grouping.MOST)
    return {
        **service.answering.read(lambda desk: _index(service, desk)),
        "charts": charts.drawn(span, service.tallies.since(charts.first_hour(span, now)), now),
        "spans": charts.SPANS,
        "counted": service.settings.record_answers,
        "bytes": service.store.bytes,
        "refused": len({one.message for one in refused}),
        "most": grouping.MOST,
        "disliked": len({one.message for one, _ in disliked}),
        "rejected": len(catalogue.rejected(service.arrivals.latest())),
        "engines": [
            ("qa_service", version("qa-service")),
            ("Python", platform.python_version()),
            (service.store.kind, service.store.engine),
            *((name, version(name)) for name in LIBRARIES),
        ],
    }


def _index(service: Service, desk: Desk) -> dict[str, Any]:
    size = desk.edition.snapshot.size
    return {
        "index_version": desk.edition.version,
        "size_of": size,
        "candidates": service.candidates(size),
    }
