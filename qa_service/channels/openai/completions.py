"""A Reply as a chat completion: whole, or as the chunks of a stream."""

from collections.abc import Iterator
from typing import Any

from qa_service.channels.openai.bodies import MODEL
from qa_service.channels.openai.presenting import Mark, Reply

Json = dict[str, Any]


def whole(reply: Reply, created: int) -> Json:
    """The object `chat.completion`."""
    told = {
        "role": "assistant",
        "content": reply.text,
        "refusal": None,
        "annotations": [_annotation(mark) for mark in reply.marks],
    }
    choice = {"index": 0, "message": told, "finish_reason": "stop", "logprobs": None}
    return _object(reply, created, "chat.completion") | {"choices": [choice], "usage": _usage(reply)}


def chunks(reply: Reply, created: int, *, usage: bool) -> Iterator[tuple[Json, ...]]:
    """Objects `chat.completion.chunk`: the role, the text piece by piece, its annotations, the end.

    They come in beats, each of which is sent at once.
    """
    head = _object(reply, created, "chat.completion.chunk")
    yield (head | _delta({"role": "assistant", "content": ""}),)
    for piece in reply.pieces:
        yield (head | _delta({"content": piece}),)
    if reply.marks:
        yield (head | _delta({"annotations": [_annotation(mark) for mark in reply.marks]}),)
    end = (head | _delta({}, "stop"),)
    yield (*end, head | {"choices": [], "usage": _usage(reply)}) if usage else end


def _object(reply: Reply, created: int, kind: str) -> Json:
    identity = {"id": f"chatcmpl-{reply.id}", "object": kind, "created": created, "model": MODEL}
    return identity | {"system_fingerprint": reply.version}


def _delta(delta: Json, finish: str | None = None) -> Json:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]}


def _annotation(mark: Mark) -> Json:
    place = {"start_index": mark.start, "end_index": mark.end, "url": mark.url, "title": mark.title}
    return {"type": "url_citation", "url_citation": place | {"content": mark.quote}}


def _usage(reply: Reply) -> Json:
    """Words where OpenAI counts tokens: nothing here has tokens."""
    written = len(reply.text.split())
    return {
        "prompt_tokens": reply.words,
        "completion_tokens": written,
        "total_tokens": reply.words + written,
    }
