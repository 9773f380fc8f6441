"""The routes under /v1: parse, ask, present."""

import time
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, request

from qa_service.channels import counts
from qa_service.channels.hosts import base
from qa_service.channels.openai import completions, errors, responses, tasks, wire
from qa_service.channels.openai.bodies import MODEL, ChatBody, ResponsesBody, Turn
from qa_service.channels.openai.presenting import Reply, reply
from qa_service.channels.openai.reading import message, said
from qa_service.channels.strict_json import json_object
from qa_service.compose.links import source_link
from qa_service.domain.answer import Citation
from qa_service.wiring import Service

Clock = Callable[[], float]  # seconds since 1970


def blueprint(service: Service, clock: Clock = time.time) -> Blueprint:
    """The channel over one service. A client that sends a whole conversation may send a larger body."""
    v1 = Blueprint("openai", __name__, url_prefix="/v1")
    errors.register(v1)

    @v1.before_request
    def larger() -> None:
        request.max_content_length = service.settings.chat_body_bytes

    _models(v1, clock)
    _answers(v1, service, clock)
    return v1


def _models(v1: Blueprint, clock: Clock) -> None:
    def described() -> wire.Json:
        return {"id": MODEL, "object": "model", "created": int(clock()), "owned_by": MODEL}

    @v1.get("/models")
    def models() -> Response:
        return wire.whole({"object": "list", "data": [described()]})

    @v1.get("/models/<name>")
    def model(name: str) -> Response:
        if name != MODEL:
            raise errors.Refused(f"There is no such model; use {MODEL!r}.", "model", 404, "model_not_found")
        return wire.whole(described())


def _answers(v1: Blueprint, service: Service, clock: Clock) -> None:
    asking = _Asking(service)
    pause = service.settings.stream_pause_ms / 1000

    @v1.post("/chat/completions")
    def chat() -> Response:
        body = ChatBody.model_validate(json_object())
        told, created = asking.reply(said(body.messages, "messages"), "messages"), int(clock())
        if not body.stream:
            return wire.whole(completions.whole(told, created))
        usage = bool(body.stream_options and body.stream_options.include_usage)
        return wire.stream(completions.chunks(told, created, usage=usage), pause, named=False)

    @v1.post("/responses")
    def respond() -> Response:
        body = ResponsesBody.model_validate(json_object())
        turns = [Turn(role="user", content=body.input)] if isinstance(body.input, str) else body.input
        earlier = asking.before(body.previous_response_id)
        told = responses.Told(
            reply=asking.reply((*earlier, *said(turns, "input")), "input"),
            created=int(clock()),
            previous=body.previous_response_id,
            kept=service.settings.record_answers,
        )
        if not body.stream:
            return wire.whole(responses.whole(told))
        return wire.stream(responses.events(told), pause, named=True)


class _Asking:
    """Replies of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def reply(self, texts: Sequence[str], param: str) -> Reply:
        """The reply to what the user said last."""
        service = self._service
        words = sum(len(text.split()) for text in texts)
        done = tasks.answered(texts[-1], service.answering.read(lambda desk: desk.suggestions))
        if done is not None:
            return Reply(id="task", text=done, words=words)
        answer = service.answering.answer(message(texts, service.settings, param))
        counts.answered(service, "openai", answer)
        return reply(answer, self._link, service.templates, words)

    def before(self, previous: str | None) -> tuple[str, ...]:
        """What was asked up to an earlier response, which is kept in the store. Raises Refused."""
        if previous is None:
            return ()
        named = responses.KEPT.fullmatch(previous)
        found = self._service.recording.find(named[1]) if named else None
        if found is None:
            told = "That response is not kept here; send the conversation as input instead."
            raise errors.Refused(told, "previous_response_id", code="previous_response_not_found")
        return (*found.message.history, found.message.text)

    def _link(self, citation: Citation) -> str:
        return source_link(citation, base(self._service.settings))
