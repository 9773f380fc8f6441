"""The routes of /api/v1: parse, ask, present."""

from collections import OrderedDict
from threading import Lock
from time import perf_counter

from flask import Response
from flask_openapi import APIBlueprint, Tag
from flask_openapi.types import ResponseDict

from qa_service.answering import Desk
from qa_service.channels.api import answers, models, overviews, presenting, reading
from qa_service.channels.api.problems import PROBLEM
from qa_service.channels.api.strict_json import require_json
from qa_service.domain.answer import Answer
from qa_service.domain.errors import InputError, NotFoundError
from qa_service.domain.question import Message
from qa_service.verify import Claimed, check
from qa_service.wiring import Service

ASKING = Tag(name="Answers", description="Questions in, cited answers out.")
READING = Tag(name="Documents", description="What is indexed, as it is cited and as it was ingested.")
REFUSED: ResponseDict = {"404": PROBLEM, "422": PROBLEM, "503": PROBLEM}
POSTED: ResponseDict = REFUSED | {"400": PROBLEM, "413": PROBLEM, "415": PROBLEM}
PLAIN_TEXT = {"description": "The canonical text.", "content": {"text/plain": {"schema": {"type": "string"}}}}
BINARY = {
    "description": "The file as it was ingested.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


def _json(body: bytes) -> Response:
    return Response(body, content_type="application/json")


def blueprints(service: Service, *, described: bool = False) -> tuple[APIBlueprint, ...]:
    """The routes over one service; ``described`` for the OpenAPI document, which takes longer to make."""
    return _answers(service, described=described), _operations(service, described=described)


def _answers(service: Service, *, described: bool) -> APIBlueprint:
    api = APIBlueprint("api", __name__, url_prefix="/api/v1", abp_responses=REFUSED, doc_ui=described)
    api.before_request(require_json)
    _asking(api, service)
    answers.register(api, service)
    overviews.register(api, service)
    reading.register(api, service)
    _documents(api, service)
    return api


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


def message_of(service: Service, question: str, history: list[str], documents: list[str] | None) -> Message:
    """A Message within the limits of the settings.

    Raises InputError naming the field that breaks one, NotFoundError for an unknown document id.
    """
    settings = service.settings
    for field, text in [("question", question), *(("history", earlier) for earlier in history)]:
        if len(text) > settings.question_characters:
            raise InputError(
                f"{field}: at most {settings.question_characters} characters; shorten it.", field
            )
    if len(history) > settings.history_questions:
        raise InputError(
            f"history: at most {settings.history_questions} questions; send the latest.", "history"
        )
    for number, document_id in enumerate(documents or ()):
        if document_id not in service.answering.desk.edition.documents:
            raise NotFoundError("There is no such document.", f"documents.{number}")
    return Message(text=question, history=tuple(history), documents=tuple(documents or ()))


def _asking(api: APIBlueprint, service: Service) -> None:
    presented = _Presented(service.settings.remembered_answers)

    @api.post("/ask", tags=[ASKING], summary="Ask a question", responses=POSTED | {"200": models.AnswerModel})
    def ask(query: models.AskQuery, body: models.AskBody) -> Response:
        """Answers with quotes, or refuses and says why. A refusal is a 200 with answered=false."""
        started = perf_counter()
        message = message_of(service, body.question, body.history, body.documents)
        if query.explain:
            response = _json(presenting.as_bytes(presenting.explained(*service.answering.explained(message))))
        else:
            response = _json(presented.of(service.answering.answer(message)))
        response.headers["Server-Timing"] = f"answer;dur={(perf_counter() - started) * 1000:.3f}"
        return response

    @api.get("/search", tags=[ASKING], summary="Find passages", responses={"200": models.SearchModel})
    def search(query: models.SearchQuery) -> Response:
        """Passages that hold words of the query, best first."""
        message = message_of(service, query.q, [], None)
        desk = service.answering.desk
        hits = desk.search(message, query.limit)
        results = [presenting.result(hit, desk.edition, explain=query.explain) for hit in hits]
        return _json(presenting.as_bytes({"results": results, "index_version": desk.edition.version}))

    @api.post(
        "/verify", tags=[ASKING], summary="Check an answer", responses=POSTED | {"200": models.VerdictsModel}
    )
    def verify(body: models.VerifyBody) -> Response:
        """Each citation of an answer object: does its quote stand in the document, at these offsets?"""
        edition = service.answering.desk.edition
        claims = [Claimed(**claim.model_dump()) for claim in body.citations]
        return _json(presenting.as_bytes(presenting.verdicts(check(claims, edition), edition)))


def _documents(api: APIBlueprint, service: Service) -> None:
    def desk() -> Desk:
        return service.answering.desk

    @api.get("/documents", tags=[READING], summary="List documents", responses={"200": models.DocumentsModel})
    def documents() -> Response:
        """Everything that is indexed."""
        edition = desk().edition
        rows = [presenting.document(one, edition) for one in edition.documents.values()]
        return _json(presenting.as_bytes({"documents": rows, "index_version": edition.version}))

    @api.get(
        "/documents/<document_id>",
        tags=[READING],
        summary="Show a document",
        responses={"200": models.DocumentModel},
    )
    def document(path: models.DocumentPath) -> Response:
        """What is known of one document."""
        edition = desk().edition
        return _json(presenting.as_bytes(presenting.document(edition.document(path.document_id), edition)))

    @api.get(
        "/documents/<document_id>/text",
        tags=[READING],
        summary="Read a document",
        responses={"200": PLAIN_TEXT},
    )
    def text(path: models.DocumentPath) -> Response:
        """The canonical text, which every citation's offsets count in."""
        found = desk().edition.document(path.document_id)
        return Response(found.text.encode(), content_type="text/plain; charset=utf-8")

    @api.get(
        "/documents/<document_id>/source",
        tags=[READING],
        summary="Fetch the original",
        responses={"200": BINARY},
    )
    def source(path: models.DocumentPath) -> Response:
        """The file as it was ingested, byte for byte."""
        desk().edition.document(path.document_id)
        original = service.store.original(path.document_id)
        response = Response(original.data, content_type="application/octet-stream")
        response.headers.set("Content-Disposition", "attachment", filename=original.name)
        return response


def _operations(service: Service, *, described: bool) -> APIBlueprint:
    """What a platform probes."""
    api = APIBlueprint("operations", __name__, abp_responses={"503": PROBLEM}, doc_ui=described)
    tag = Tag(name="Operations", description="Probes.")

    @api.get("/healthz", tags=[tag], summary="Is the process up?", responses={"200": models.HealthModel})
    def healthz() -> Response:
        """Answers while the process lives; touches nothing else."""
        return _json(b'{"status":"ok"}')

    @api.get("/readyz", tags=[tag], summary="Can it answer?", responses={"200": models.ReadyModel})
    def readyz() -> Response:
        """Reads the store; 503 when it cannot."""
        edition = service.answering.desk.edition
        body = {
            "status": "ready" if edition.documents else "empty",
            "index_version": edition.version,
            "documents": len(edition.documents),
            "passages": len(edition.passages),
            "sqlite": service.store.engine,
        }
        return _json(presenting.as_bytes(body))

    return api
