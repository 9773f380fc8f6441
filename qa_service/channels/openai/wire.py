"""JSON objects as they are sent: one whole, or several as server-sent events with pauses between them."""

import json
import time
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from flask import Response

HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
DONE = b"data: [DONE]\n\n"

Json = dict[str, Any]


def whole(value: Json) -> Response:
    """One object."""
    return Response(_dumped(value), content_type="application/json")


def stream(beats: Iterable[tuple[Json, ...]], pause: float, *, named: bool) -> Response:
    """A stream of objects, with a pause (seconds) between beats; the opening and the first words go at once.

    ``named`` events carry their type; others end in [DONE]. Some browser clients lose an answer whose stream
    arrives all at once: they need the pause.
    """
    event = _named if named else _plain
    sent = (b"".join(map(event, beat)) for beat in beats)
    body = _paced(sent if named else chain(sent, (DONE,)), pause)
    return Response(body, content_type="text/event-stream; charset=utf-8", headers=HEADERS)


def _paced(parts: Iterable[bytes], pause: float) -> Iterator[bytes]:
    for number, part in enumerate(parts):
        if number > 1 and pause:
            time.sleep(pause)
        yield part


def _plain(value: Json) -> bytes:
    return b"data: " + _dumped(value) + b"\n\n"


def _named(value: Json) -> bytes:
    return f"event: {value['type']}\n".encode() + _plain(value)


def _dumped(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
