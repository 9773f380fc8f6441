"""The routes /ask, /search and /verify: parse, ask, present."""

from collections import OrderedDict
from threading import Lock
from time import perf_counter
from typing import Any

from flask import Response

from qa_service.answering import Desk
from qa_service.channels import counts, limits
from qa_service.channels.access import caller
from qa_service.channels.api import presenting, repeating, request_models, streaming
from qa_service.channels.api.routes import Routing
from qa_service.domain.answer import Answer
from qa_service.domain.conversation import Conversation
from qa_service.domain.errors import InputError
from qa_service.domain.question import Message
from qa_service.verify import Claimed, check
from qa_service.wiring import Service


class _Presented:
    """Answers as bytes, kept for as long as the answers themselves are."""

    def __init__(self, kept: int) -> None:
        self._kept, self._bytes, self._lock = kept, OrderedDict[str, bytes](), Lock()

    def of(self, answer: Answer) -> bytes:
        known = self._bytes.get(answer.id)
        if known is not None:
            return known
        body = presenting.as_bytes(presenting.answer(answer))
        with self._lock:
            self._bytes[answer.id] = body
            while len(self._bytes) > self._kept:
                self._bytes.popitem(last=False)
        return body


def register(api: Routing, service: Service) -> None:
    """Add the routes."""
    presented = _Presented(service.settings.remembered_answers)

    @api.post("/ask")
    def ask(query: request_models.AskQuery, body: request_models.AskBody) -> Response:
        """Answers with quotes, or refuses and says why. A refusal is a 200 with answered=false.

        With ``conversation_id`` the service keeps the earlier questions, and this one. With
        ``Accept: text/event-stream`` or ``application/x-ndjson`` it comes as events: meta, delta, citation
        and at last done, with the whole answer, or error.
        """
        started = perf_counter()
        turn_id, conversation = _conversation(service, body)
        message = _message(service, body, conversation)
        if query.explain:
            answer, traces = service.answering.explained(message)
            whole = presenting.as_bytes(presenting.explained(answer, traces))
        else:
            answer = service.answering.answer(message)
            whole = presented.of(answer)
        counts.answered(service, "api", answer)
        stream = streaming.wanted()
        response = streaming.streamed(answer, whole, stream) if stream else presenting.sent(whole)
        if conversation is not None:
            service.conversing.keep(conversation, answer, turn_id)
        response.headers["Server-Timing"] = f"answer;dur={(perf_counter() - started) * 1000:.3f}"
        return response

    @api.get("/search")
    def search(query: request_models.SearchQuery) -> Response:
        """Passages that hold words of the query, best first."""
        message = limits.message(service, query.q)

        def found(desk: Desk) -> dict[str, object]:
            hits = desk.search(message, query.limit)
            results = [presenting.result(hit, desk.edition, explain=query.explain) for hit in hits]
            return {"results": results, "index_version": desk.edition.version}

        return presenting.sent(service.answering.read(found))

    @api.post("/verify")
    def verify(body: request_models.VerifyBody) -> Response:
        """Each citation of an answer object: does its quote stand in the document, at these offsets?"""
        claims = [Claimed(**claim.model_dump()) for claim in body.citations]

        def checked(desk: Desk) -> dict[str, Any]:
            return presenting.verdicts(check(claims, desk.edition), desk.edition)

        return presenting.sent(service.answering.read(checked))


def _conversation(service: Service, body: request_models.AskBody) -> tuple[str, Conversation | None]:
    """Under which id this question becomes a turn, and the conversation as it was before it."""
    key = repeating.key_sent()
    if body.conversation_id is None:
        return "", None
    if body.history:
        raise InputError("history: send it or conversation_id, not both.", "history")
    conversation = service.conversations.find(body.conversation_id, caller())
    return repeating.before(key, conversation, body.question)


def _message(service: Service, body: request_models.AskBody, conversation: Conversation | None) -> Message:
    message = limits.message(service, body.question, body.history, body.documents or ())
    if conversation is None:
        return message
    return service.conversing.message(conversation, message.text, message.documents)
