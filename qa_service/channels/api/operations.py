"""What the OpenAPI document says of each route, by the name of its view. Its text is the view's docstring."""

from typing import Any

from flask_openapi import Tag
from flask_openapi.types import ResponseDict

from qa_service.channels.api import (
    conversation_models,
    models,
    overview_models,
    pack_models,
    upload_models,
)

PROBLEM = {
    "description": "What went wrong and what to do (RFC 9457).",
    "content": {
        "application/problem+json": {"schema": {"$ref": f"#/components/schemas/{models.Problem.__name__}"}}
    },
}

DENIED: ResponseDict = {"401": PROBLEM, "403": PROBLEM, "429": PROBLEM}
REFUSED: ResponseDict = DENIED | {"404": PROBLEM, "422": PROBLEM, "503": PROBLEM}  # any route of the API
POSTED: ResponseDict = REFUSED | {"400": PROBLEM, "413": PROBLEM, "415": PROBLEM}  # one that reads a body
UNCHANGED: ResponseDict = {"304": {"description": "It is still what the ETag in If-None-Match names."}}
PLAIN_TEXT = {"description": "The canonical text.", "content": {"text/plain": {"schema": {"type": "string"}}}}
BINARY = {
    "description": "The file as it was ingested.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
KEY: list[dict[str, list[str]]] = [{"bearer": []}, {"header": []}]

ANSWERS = Tag(name="Answers", description="Questions in, cited answers out.")
CONVERSATIONS = Tag(name="Conversations", description="Earlier questions, kept by the service.")
RECORDS = Tag(name="Records", description="What was answered, by id.")
OVERVIEWS = Tag(name="Overviews", description="What an answer would show, asked for by field.")
READING = Tag(name="Reading", description="What a reader's screen shows beside the answer.")
DOCUMENTS = Tag(name="Documents", description="What is indexed, as it is cited and as it was ingested.")
PROBES = Tag(name="Operations", description="Probes.")

DESCRIBED: dict[str, dict[str, Any]] = {
    "ask": {
        "tags": [ANSWERS],
        "summary": "Ask a question",
        "responses": POSTED | {"200": models.AnswerModel},
    },
    "search": {
        "tags": [ANSWERS],
        "summary": "Find passages",
        "responses": {"200": models.SearchModel},
    },
    "verify": {
        "tags": [ANSWERS],
        "summary": "Check an answer",
        "responses": POSTED | {"200": models.VerdictsModel},
    },
    "begin": {
        "tags": [CONVERSATIONS],
        "summary": "Begin a conversation",
        "responses": {"201": conversation_models.ConversationModel},
    },
    "conversation": {
        "tags": [CONVERSATIONS],
        "summary": "Read a conversation",
        "responses": {"200": conversation_models.ConversationModel},
    },
    "forget": {
        "tags": [CONVERSATIONS],
        "summary": "Forget a conversation",
        "responses": {"204": {"description": "It is gone."}},
    },
    "answer": {
        "tags": [RECORDS],
        "summary": "Show an answer again",
        "responses": {"200": pack_models.RecordedModel},
    },
    "evidence": {
        "tags": [RECORDS],
        "summary": "Fetch the evidence",
        "responses": {"200": pack_models.PackModel, "410": PROBLEM},
    },
    "judge": {
        "tags": [RECORDS],
        "summary": "Judge an answer",
        "responses": POSTED | {"204": {"description": "It is kept."}},
    },
    "divergences": {
        "tags": [OVERVIEWS],
        "summary": "Compare two actors",
        "responses": {"200": overview_models.DivergencesModel},
    },
    "timeline": {
        "tags": [OVERVIEWS],
        "summary": "List events",
        "responses": {"200": overview_models.ChronicleModel},
    },
    "documents": {
        "tags": [DOCUMENTS],
        "summary": "List documents",
        "responses": UNCHANGED | {"200": models.DocumentsModel},
    },
    "document": {
        "tags": [DOCUMENTS],
        "summary": "Show a document",
        "responses": UNCHANGED | {"200": models.DocumentModel},
    },
    "text": {
        "tags": [DOCUMENTS],
        "summary": "Read a document",
        "responses": UNCHANGED | {"200": PLAIN_TEXT},
    },
    "source": {
        "tags": [DOCUMENTS],
        "summary": "Fetch the original",
        "responses": UNCHANGED | {"200": BINARY},
    },
    "add_documents": {
        "tags": [DOCUMENTS],
        "summary": "Add documents",
        "security": KEY,
        "request_body": upload_models.BODY,
        "responses": POSTED | {"200": upload_models.ReceivedModel, "201": upload_models.ReceivedModel},
    },
    "remove_document": {
        "tags": [DOCUMENTS],
        "summary": "Remove a document",
        "security": KEY,
        "responses": {"204": {"description": "It is answered from no more."}},
    },
    "healthz": {
        "tags": [PROBES],
        "summary": "Is the process up?",
        "responses": {"200": models.HealthModel},
    },
    "readyz": {
        "tags": [PROBES],
        "summary": "Can it answer?",
        "responses": {"200": models.ReadyModel},
    },
    "suggestions": {
        "tags": [READING],
        "summary": "What to ask first",
        "responses": {"200": models.SuggestionsModel},
    },
    "context": {
        "tags": [READING],
        "summary": "Read around a quote",
        "responses": {"200": models.ContextModel},
    },
}
