"""Errors as RFC 9457 problem details: one shape for every path of the API."""

import json
import logging
import re

from flask import Flask, Response, current_app, request
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException

from qa_service.channels import observing, request_ids
from qa_service.channels.access import denial
from qa_service.domain.errors import (
    AccessError,
    GoneError,
    InputError,
    NotFoundError,
    OperatorError,
)

log = logging.getLogger(__name__)
TITLES = {
    400: "Bad request",
    401: "Who are you?",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    410: "Gone",
    413: "Too large",
    415: "Unsupported media type",
    422: "Not acceptable as it is",
    429: "Too many requests",
    500: "Internal error",
    501: "Not installed",
    503: "Not available",
}
NOTHING = "There is nothing of that name; GET /api/v1/documents lists what there is."
MISSING = {  # by the field that names it; else NOTHING
    "conversation_id": "There is no such conversation (any more); POST /api/v1/conversations begins one.",
    "answer_id": "There is no such answer, or it is not kept; POST /api/v1/ask gives one.",
}
NOT_SET_UP = {  # what is told below a path, by the blueprint that is not there
    "slack": "Slack is not set up here: SLACK_SIGNING_SECRET is not set.",
    "hooks": "Outgoing webhooks are not set up here: QA_HOOK_TOKENS is not set.",
}
FAILED = "The service failed on this request; its operator can find why in the log."


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> Response:
    """A problem+json response."""
    told = json.dumps(body(status, detail, errors))
    return Response(told, status=status, content_type="application/problem+json")


def body(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, object]:
    """Problem details of this request."""
    told: dict[str, object] = {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "request_id": request_ids.current(),
    }
    return told | {"errors": errors} if errors else told


def invalid(error: ValidationError) -> Response:
    """What pydantic found wrong with a request, field by field. Input is never echoed."""
    errors = [
        {"field": ".".join(_part(part) for part in one["loc"]) or "body", "detail": _told(one)}
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    detail = "; ".join(f"{one['field']}: {one['detail']}" for one in errors[:5])
    return problem(422, detail, errors)


def _part(part: str | int) -> str:
    """A name or a number; what a caller made up and no name could be is left out."""
    return str(part) if re.fullmatch(r"\w{1,40}", str(part), re.ASCII) else "(unnamed)"


def _told(error: ErrorDetails) -> str:
    if error["type"] == "extra_forbidden":
        return "is not a field of this request; see /openapi.json"
    return error["msg"].removeprefix("Value error, ")


def overdue() -> Response:
    """What a caller is told whose request has been cut."""
    made = problem(503, "This took too long and was given up. It is a fault of the service, not an answer.")
    made.headers["Retry-After"] = "5"
    return made


def register(app: Flask) -> None:
    """Map the error tree to statuses; anything unforeseen is logged and told as a 500 without detail."""

    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(AccessError, _denied)

    @app.errorhandler(NotFoundError)
    def missing(error: NotFoundError) -> Response:
        detail = MISSING.get(error.field or "", NOTHING)
        errors = [{"field": error.field, "detail": detail}] if error.field else None
        return problem(404, detail, errors)

    @app.errorhandler(GoneError)
    def gone(error: GoneError) -> Response:
        return problem(410, str(error))

    @app.errorhandler(InputError)
    def wrong(error: InputError) -> Response:
        errors = [{"field": error.field, "detail": str(error)}] if error.field else None
        return problem(422, str(error), errors)

    @app.errorhandler(OperatorError)
    def unavailable(error: OperatorError) -> Response:
        log.error("%s (%s): %s", observing.place(), request_ids.current(), error)
        made = problem(503, "The store cannot be used now. This is a fault of the service, not an answer.")
        made.headers["Retry-After"] = "5"
        return made

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        log.exception("%s (%s) failed", observing.place(), request_ids.current())
        return problem(500, FAILED)


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    made = problem(error.code or 500, _not_set_up() or error.description or "")
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            made.headers[name] = value
    return made


def _not_set_up() -> str | None:
    """The setting that a chat's path waits for, when it does."""
    name = request.path.split("/")[1]
    return None if name in current_app.blueprints else NOT_SET_UP.get(name)


def _denied(error: AccessError) -> Response:
    status, headers = denial(error)
    made = problem(status, str(error))
    made.headers.update(headers)
    return made
