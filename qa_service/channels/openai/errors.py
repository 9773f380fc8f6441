"""Errors as OpenAI's envelope: one shape for every status under /v1, whoever raised it."""

import json
from typing import Any

from flask import Blueprint, Response, request
from pydantic import ValidationError

TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
CODES = {
    401: "invalid_api_key",
    403: "insufficient_permissions",
    404: "unknown_url",
    405: "method_not_allowed",
    413: "request_too_large",
    415: "unsupported_media_type",
    429: "rate_limit_exceeded",
    500: "internal_error",
    503: "service_unavailable",
}
UNFIT = 422  # what the rest of the service says of a body that OpenAI calls a bad request
OUTAGE = 500


class Refused(Exception):  # noqa: N818 - said of a request, as the API would say it
    """A request that cannot be answered; ``param`` names the field that is why."""

    def __init__(
        self, told: str, param: str | None = None, status: int = 400, code: str | None = None
    ) -> None:
        super().__init__(told)
        self.param, self.status, self.code = param, status, code


def envelope(status: int, told: str, param: str | None = None, code: str | None = None) -> bytes:
    """The body of an error."""
    error = {"message": told, "type": _type(status), "param": param, "code": code or CODES.get(status)}
    return json.dumps({"error": error}, ensure_ascii=False).encode()


def _type(status: int) -> str:
    return "server_error" if status >= OUTAGE else TYPES.get(status, "invalid_request_error")


def register(channel: Blueprint) -> None:
    """Map this channel's errors, and whatever the application answers under /v1, to the envelope."""

    @channel.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        body = envelope(error.status, str(error), error.param, error.code)
        return Response(body, error.status, content_type="application/json")

    @channel.errorhandler(ValidationError)
    def invalid(error: ValidationError) -> Response:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        param = ".".join(str(part) for part in first["loc"][:2] if str(part).isidentifier() or part == 0)
        return Response(envelope(400, first["msg"], param or None), 400, content_type="application/json")

    channel.after_app_request(_translated)


def _translated(response: Response) -> Response:
    """Problem details of a path under /v1 as an envelope; headers such as Allow and Retry-After stay."""
    if not request.path.startswith("/v1/") or response.mimetype != "application/problem+json":
        return response
    problem: dict[str, Any] = json.loads(response.get_data())
    status = 400 if response.status_code == UNFIT else response.status_code
    fields = [error["field"] for error in problem.get("errors", [])]
    response.status_code = status
    response.data = envelope(status, problem["detail"], fields[0] if fields else None)
    response.content_type = "application/json"
    return response
