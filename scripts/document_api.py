"""Write docs/api.md from the OpenAPI document that the service serves: `python scripts/document_api.py`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa_service.app import create_app
from qa_service.settings import load

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api.md"
OBJECTS = (
    "Answer",
    "Statement",
    "Citation",
    "Comparison",
    "Row",
    "Timeline",
    "Refusal",
    "Search",
    "Result",
    "Term",
    "Trace",
    "Understood",
    "Weight",
    "Correction",
    "Window",
    "Candidate",
    "Contribution",
    "Chosen",
    "Winner",
    "Check",
    "Pack",
    "PackedDocument",
    "PackedQuote",
    "Span",
    "Divergences",
    "Issue",
    "Chronicle",
    "Event",
    "Document",
    "Received",
    "Rejected",
    "Conversation",
    "Turn",
    "Verdicts",
    "Verdict",
)
REQUESTS = ("AskBody", "NewDocumentModel", "FeedbackBody", "VerifyBody", "ClaimModel")
OPENING = """# HTTP API

Written by `python scripts/document_api.py` from the OpenAPI 3.1 document, which is served at `/openapi.json`;
a test keeps it up to date.

Bodies are JSON in UTF-8, at most `QA_BODY_BYTES` long; an unknown field is an error. The same request on the
same `index_version` gives the same bytes, in every worker and after every restart; the time it took is in the
header `Server-Timing`. A refusal is an answer (200, `answered: false`), not an error.

The demo page is at `/`, the same for a frame at `/embed`, a cited text with its quote highlighted at
`/documents/{document_id}`, their files under `/static/<name>`. The widget's script is at
`/widget/{version}/qa-widget.js`, its other languages at `/widget/v1/words/{language}.json`; see
[channels/widget.md](channels/widget.md).
"""
ERRORS = """## Errors

`application/problem+json` (RFC 9457) with `type`, `title`, `status`, `detail` and, where fields are at fault,
`errors: [{field, detail}]`. What was sent is never repeated. 503 means that the store cannot be read: the
service is at fault, and nothing about the documents follows from it.
"""


def rendered() -> str:
    """The whole page."""
    document = _document()
    schemas = document["components"]["schemas"]
    parts = [OPENING, "## Routes", "", *_routes(document), "", *_queries(document)]
    parts += ["## Requests", ""]
    for name in REQUESTS:
        parts += _object(name, schemas)
    parts += ["## Responses", ""]
    for name in OBJECTS:
        parts += _object(f"{name}Model", schemas)
    return "\n".join([*parts, ERRORS])


def _document() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load({"QA_STORE": f"sqlite:///{folder}/store.db"}))
        found: dict[str, Any] = app.test_client().get("/openapi.json").json
    return found


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def _routes(document: dict[str, Any]) -> list[str]:
    rows = ["| route | what it is for | errors |", "|---|---|---|"]
    for method, path, operation in _operations(document):
        errors = sorted(status for status in operation["responses"] if status > "399")
        text = f"{operation['summary']}. {operation['description']}".replace("?.", "?")
        rows.append(f"| `{method} {path}` | {text} | {' '.join(errors)} |")
    return [
        *rows,
        "| `GET /openapi.json` | The OpenAPI document. | |",
        "| `GET /docs` | It as a page for people. | |",
    ]


def _queries(document: dict[str, Any]) -> Iterator[str]:
    for method, path, operation in _operations(document):
        found = [one for one in operation.get("parameters", []) if one["in"] == "query"]
        if found:
            yield from (f"Parameters of `{method} {path}`:", "")
            yield from ("| name | type | what it is |", "|---|---|---|")
            for one in found:
                yield f"| `{one['name']}` | {_kind(one['schema'])} | {one.get('description', '')} |"
            yield ""


def _object(name: str, schemas: dict[str, Any]) -> list[str]:
    schema = schemas[name]
    title = name.removesuffix("Model")
    rows = [f"### {title}", "", schema["description"], "", "| field | type | what it is |", "|---|---|---|"]
    for field, part in schema["properties"].items():
        rows.append(f"| `{field}` | {_kind(part)} | {part.get('description', '')} |")
    return [*rows, ""]


def _kind(schema: dict[str, Any]) -> str:
    """A type as a reader writes it: string, list of Citation, integer or null."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1].removesuffix("Model")
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(option) for option in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if schema["type"] == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema["type"]) + _bounds(schema)


def _bounds(schema: dict[str, Any]) -> str:
    words = {"minimum": "from", "maximum": "to", "default": "default"}
    told = [f"{word} {_plain(schema[name])}" for name, word in words.items() if name in schema]
    return f" ({', '.join(told)})" if told else ""


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
