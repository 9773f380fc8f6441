"""The routes that change what is indexed: documents are sent and taken out, with a key that may."""

import json
from collections.abc import Sequence

from flask import Response, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from qa_service.channels import apart, files
from qa_service.channels.api import presenting, request_models
from qa_service.channels.api.problems import problem
from qa_service.channels.api.routes import Routing
from qa_service.wiring import Service

JSON = "application/json"
ENDPOINT = "api.add_documents"


def register(api: Routing, service: Service) -> None:
    """Add the routes."""
    turns, seconds = apart.Turns(), service.settings.upload_seconds

    @api.post("/documents")
    def add_documents() -> Response:
        """Files, or one document as JSON, with a key of the scope ingest. 201 when any is new.

        What cannot be read is told with its reason and the others are taken; 422 when none is. A file of
        the same name, or a document of the same id, takes the place of the earlier one.
        """
        sent = _sent()
        try:
            with turns.taken():
                told = apart.received(service, sent, seconds)
        except apart.TooLongError as error:
            return _unread([str(error)])
        if not told["added"] and not told["known"]:
            return _unread([one["reason"] for one in told["rejected"]])
        return presenting.sent(told, 201 if told["added"] else 200)

    @api.delete("/documents/<document_id>")
    def remove_document(path: request_models.DocumentPath) -> Response:
        """Takes a document out of the index, with a key of the scope ingest."""
        with turns.taken():
            apart.removed(service, path.document_id, seconds)
        return Response(status=204)


def allow(largest: int) -> None:
    """Before the body is read: one that holds files may be larger than a question."""
    if request.endpoint == ENDPOINT:
        files.allow(largest)


def _unread(reasons: Sequence[str]) -> Response:
    """None of the files was taken, and why."""
    return problem(422, "; ".join(reasons[:5]), [{"field": "file", "detail": one} for one in reasons])


def _sent() -> Sequence[files.File]:
    """What was sent, by name. Raises BadRequest or UnsupportedMediaType."""
    if request.mimetype == JSON:
        document = request.get_json()
        if not isinstance(document, dict):
            raise BadRequest("Send one JSON object: the body is JSON of another type.")
        line = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return [("document.jsonl", line.encode("utf-8", "surrogatepass"))]
    if request.mimetype != files.FORM:
        raise UnsupportedMediaType(f"Send {files.FORM} with files, or one document as {JSON}.")
    found = files.sent()
    if not found:
        raise BadRequest("Send at least one part called file, with a file name.")
    return found
