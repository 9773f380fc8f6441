"""Domain values as the JSON of the contract."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import Response

from qa_service.domain.answer import Answer, Citation
from qa_service.domain.document import Document
from qa_service.domain.edition import Edition
from qa_service.domain.evidence import Hit
from qa_service.domain.trace import Trace
from qa_service.verify import Finding

Json = dict[str, Any]
CITATION_FIELDS = tuple(Citation.__slots__)


def as_bytes(value: Json) -> bytes:
    """Compact JSON in UTF-8; equal values give equal bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def sent(value: Json | bytes, status: int = 200) -> Response:
    """A JSON response."""
    body = value if isinstance(value, bytes) else as_bytes(value)
    return Response(body, status, content_type="application/json")


def answer(value: Answer) -> Json:
    """The answer object."""
    return {
        "id": value.id,
        "question": value.question,
        "standalone_question": value.standalone_question,
        "answered": value.answered,
        "kind": value.kind.value,
        "text": value.text,
        "short": value.short,
        "statements": [asdict(statement) for statement in value.statements],
        "citations": [citation(one) for one in value.citations],
        "comparison": asdict(value.comparison) if value.comparison else None,
        "timeline": [asdict(item) for item in value.timeline] if value.timeline is not None else None,
        "refusal": _refusal(value),
        "suggestions": list(value.suggestions),
        "parts": [asdict(part) for part in value.parts],
        "index_version": value.index_version,
    }


def explained(value: Answer, traces: Sequence[Trace]) -> Json:
    """The answer object with its traces."""
    return answer(value) | {"trace": [_trace(one) for one in traces]}


def _trace(value: Trace) -> Json:
    shown = asdict(value)
    if value.refused_by is not None:
        shown["refused_by"]["figures"] = dict(value.refused_by.figures)
    return shown


def _refusal(value: Answer) -> Json | None:
    if value.refusal is None:
        return None
    return {
        "reason": value.refusal.reason.value,
        "explanation": value.refusal.explanation,
        "nearest": [citation(one) for one in value.refusal.nearest],
    }


def citation(value: Citation) -> Json:
    """A citation object."""
    return {name: getattr(value, name) for name in CITATION_FIELDS}


def result(hit: Hit, edition: Edition, *, explain: bool) -> Json:
    """A search result."""
    passage = hit.passage
    document = edition.proved(passage.document_id)
    found: Json = {
        "document_id": passage.document_id,
        "passage_id": passage.id,
        "title": document.title,
        "section": passage.section,
        "page": document.page_at(passage.start),
        "score": hit.score,
        "start": passage.start,
        "end": passage.end,
        "text": edition.text(passage, passage.start, passage.end),
    }
    if explain:
        found["explanation"] = [{"term": term, "score": score} for term, score in hit.contributions]
    return found


def document(value: Document, edition: Edition) -> Json:
    """A document without its text."""
    return {
        "id": value.id,
        "title": value.title,
        "author": value.author,
        "published": value.published,
        "publisher": value.publisher,
        "url": value.url,
        "language": value.language,
        "based_on": value.based_on,
        "sha256": value.sha256,
        "characters": len(value.text),
        "passages": edition.count_of(value.id),
    }


def verdicts(findings: Sequence[Finding], edition: Edition) -> Json:
    """The outcome of a check."""
    return {
        "valid": all(finding.valid for finding in findings),
        "citations": [
            {
                "number": finding.number,
                "document_id": finding.document_id,
                "valid": finding.valid,
                "problem": finding.problem,
            }
            for finding in findings
        ],
        "index_version": edition.version,
    }
