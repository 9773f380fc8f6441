"""JSON objects as they are sent: one whole, or several as server-sent events with a pause between them."""

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


def stream(objects: Iterable[Json], pause: float, *, named: bool) -> Response:
    """A stream of the objects. ``named`` events carry their type, others end in [DONE]; ``pause`` in seconds.

    Some browser clients lose an answer whose stream arrives all at once: they need the pause.
    """
    events = map(_named, objects) if named else chain(map(_plain, objects), (DONE,))
    return Response(_paced(events, pause), content_type="text/event-stream; charset=utf-8", headers=HEADERS)


def _paced(events: Iterable[bytes], pause: float) -> Iterator[bytes]:
    for number, event in enumerate(events):
        if number and pause:
            time.sleep(pause)
        yield event


def _plain(value: Json) -> bytes:
    return b"data: " + _dumped(value) + b"\n\n"


def _named(value: Json) -> bytes:
    return f"event: {value['type']}\n".encode() + _plain(value)


def _dumped(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
