"""An answer as events, for clients that show it as it comes: server-sent events, or a JSON object a line.

`meta` says what is answered; `delta` holds pieces of the text, which joined are the text; `citation` follows
the first piece that refers to it; `done` holds the whole answer object. Whatever fails before the first
byte is an HTTP error; afterwards it is an `error` event with the same problem details.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator

from flask import Response, request

from qa_service.channels.api import presenting, problems
from qa_service.domain.answer import Answer

log = logging.getLogger(__name__)
EVENTS, LINES = "text/event-stream", "application/x-ndjson"
OFFERED = ("application/json", EVENTS, LINES)
META = ("id", "question", "standalone_question", "answered", "kind", "index_version")
PIECE = re.compile(
    r".+?(?:[.!?][”\"’)]*(?:\s*\[\d+\])*\s+|(?<!\n)\n+|\Z)", re.DOTALL
)  # a sentence, or a line
MARKER = re.compile(r"\[(\d+)\]")

Event = tuple[str, presenting.Json]
Written = Callable[[int, str, bytes], bytes]


def wanted() -> str | None:
    """The kind of stream that this request asks for; None: none."""
    accepted = request.environ.get("HTTP_ACCEPT", "")
    if "event-stream" not in accepted and "ndjson" not in accepted:
        return None
    liked = request.accept_mimetypes.best_match(OFFERED, default=OFFERED[0])
    return None if liked == OFFERED[0] else liked


def streamed(answer: Answer, whole: bytes, kind: str) -> Response:
    """The events of an answer; ``whole`` is its object, ``kind`` one of EVENTS and LINES."""
    written = _as_event if kind == EVENTS else _as_line
    told = problems.body(500, problems.FAILED)  # made now: afterwards there is no request any more
    response = Response(_sent(answer, whole, told, written), content_type=f"{kind}; charset=utf-8")
    response.headers["X-Accel-Buffering"] = "no"  # a proxy passes each event on at once
    return response


def _sent(answer: Answer, whole: bytes, told: presenting.Json, written: Written) -> Iterator[bytes]:
    try:
        for number, (name, value) in enumerate(events(answer)):
            yield written(number, name, presenting.as_bytes(value))
        yield written(-1, "done", whole)
    except Exception:
        log.exception("A stream failed")
        yield written(-1, "error", presenting.as_bytes(told))


def events(answer: Answer) -> Iterator[Event]:
    """All but the last: what is answered, the text in pieces, each citation after its first mention."""
    value = presenting.answer(answer)
    yield "meta", {name: value[name] for name in META}
    left = {one["number"]: one for one in value["citations"]}
    for piece in PIECE.findall(value["text"]):
        yield "delta", {"text": piece}
        for number in map(int, MARKER.findall(piece)):
            if number in left:
                yield "citation", left.pop(number)
    for one in left.values():
        yield "citation", one


def _as_event(number: int, name: str, data: bytes) -> bytes:
    head = f"event: {name}\n" if number < 0 else f"id: {number}\nevent: {name}\n"
    return head.encode() + b"data: " + data + b"\n\n"


def _as_line(_: int, name: str, data: bytes) -> bytes:
    return b'{"event":' + json.dumps(name).encode() + b',"data":' + data + b"}\n"


def also_sent(document: presenting.Json) -> None:
    """Add to an OpenAPI document what /ask sends beside JSON."""
    content = document["paths"]["/api/v1/ask"]["post"]["responses"]["200"]["content"]
    content.update({kind: {"schema": {"type": "string"}} for kind in (EVENTS, LINES)})
