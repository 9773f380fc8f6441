"""A Reply as a response: whole, or as the events of a stream (OpenAI's Responses API, Open Responses)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from qa_service.channels.openai.bodies import MODEL
from qa_service.channels.openai.presenting import Mark, Reply

Json = dict[str, Any]
Event = tuple[str, Json]  # its type and what it carries
IDENTITY = "resp_"
KEPT = re.compile(IDENTITY + "([0-9a-f]{20})")  # the id of a response that may be kept
# What the specification demands and has no meaning here: nothing is sampled, no tool is called.
FIXED: Json = {
    "status": "completed",
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "model": MODEL,
    "parallel_tool_calls": False,
    "tool_choice": "none",
    "tools": [],
    "truncation": "disabled",
    "text": {"format": {"type": "text"}},
    "top_p": 1.0,
    "presence_penalty": 0.0,
    "frequency_penalty": 0.0,
    "top_logprobs": 0,
    "temperature": 0.0,
    "reasoning": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "background": False,
    "service_tier": "default",
    "metadata": {},
    "safety_identifier": None,
    "prompt_cache_key": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A Reply with what a response says of itself: when, after which one, and whether it is kept."""

    reply: Reply
    created: int
    previous: str | None
    kept: bool


def whole(told: Told) -> Json:
    """The object `response`."""
    done = {"completed_at": told.created, "output": [_item(told.reply)], "usage": _usage(told.reply)}
    return _object(told) | done


def events(told: Told) -> Iterator[tuple[Json, ...]]:
    """The events of a stream, each with its type and a rising sequence number, in beats.

    A beat is what is sent at once: the opening, each piece of the text, its annotations and end, the whole.
    """
    numbers = count()
    for beat in _beats(told):
        yield tuple({"type": kind, "sequence_number": next(numbers)} | event for kind, event in beat)


def _beats(told: Told) -> Iterator[list[Event]]:
    opened = _object(told) | {"status": "in_progress", "completed_at": None, "output": [], "usage": None}
    item = {"type": "message", "id": _message_id(told.reply), "role": "assistant"}
    empty = item | {"status": "in_progress", "content": []}
    place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
    blank = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    yield [
        ("response.created", {"response": opened}),
        ("response.in_progress", {"response": opened}),
        ("response.output_item.added", {"output_index": 0, "item": empty}),
        ("response.content_part.added", place | {"part": blank}),
    ]
    for piece in told.reply.pieces:
        yield [("response.output_text.delta", place | {"delta": piece, "logprobs": []})]
    yield [
        *(_annotated(index, mark, place) for index, mark in enumerate(told.reply.marks)),
        ("response.output_text.done", place | {"text": told.reply.text, "logprobs": []}),
        ("response.content_part.done", place | {"part": _part(told.reply)}),
        ("response.output_item.done", {"output_index": 0, "item": _item(told.reply)}),
    ]
    yield [("response.completed", {"response": whole(told)})]


def _annotated(index: int, mark: Mark, place: Json) -> Event:
    annotated = {"annotation_index": index, "annotation": _annotation(mark)}
    return "response.output_text.annotation.added", place | annotated


def _object(told: Told) -> Json:
    return FIXED | {
        "id": f"{IDENTITY}{told.reply.id}",
        "object": "response",
        "created_at": told.created,
        "previous_response_id": told.previous,
        "store": told.kept,
    }


def _item(reply: Reply) -> Json:
    known = {"type": "message", "id": _message_id(reply), "status": "completed", "role": "assistant"}
    return known | {"content": [_part(reply)]}


def _message_id(reply: Reply) -> str:
    return f"msg_{reply.id}"


def _part(reply: Reply) -> Json:
    annotations = [_annotation(mark) for mark in reply.marks]
    return {"type": "output_text", "text": reply.text, "annotations": annotations, "logprobs": []}


def _annotation(mark: Mark) -> Json:
    place = {"start_index": mark.start, "end_index": mark.end, "url": mark.url, "title": mark.title}
    return {"type": "url_citation"} | place | {"content": mark.quote}


def _usage(reply: Reply) -> Json:
    """Words where OpenAI counts tokens: nothing here has tokens."""
    written = len(reply.text.split())
    return {
        "input_tokens": reply.words,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": reply.words + written,
    }
