"""Every error under /v1 is OpenAI's envelope, whoever raised it; the rest keeps its own form."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, TooManyRequests, Unauthorized
from werkzeug.test import TestResponse

from qa_service.app import create_app
from qa_service.domain.errors import StoreError
from qa_service.settings import Settings

CHAT = "/v1/chat/completions"


def is_envelope(response: TestResponse, status: int) -> dict[str, object]:
    """The error, proved to have the envelope's form."""
    assert response.status_code == status
    assert response.content_type == "application/json"
    assert set(response.json) == {"error"}
    error: dict[str, object] = response.json["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    return error


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/models/", "/v1/chat", "/v1/embeddings"])
def test_an_unknown_address(client: FlaskClient, path: str) -> None:
    assert is_envelope(client.post(path, json={}), 404)["code"] == "unknown_url"


def test_an_unknown_model(client: FlaskClient) -> None:
    assert is_envelope(client.get("/v1/models/gpt-9"), 404)["code"] == "model_not_found"


def test_a_wrong_method_says_which_is_right(client: FlaskClient) -> None:
    response = client.get(CHAT)

    assert is_envelope(response, 405)["code"] == "method_not_allowed"
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("path", [CHAT, "/v1/responses"])
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b'{"a": NaN}', b"{}", b'{"messages": 7, "input": 7}']
)
def test_a_body_that_is_no_request(client: FlaskClient, path: str, body: bytes) -> None:
    error = is_envelope(client.post(path, data=body, content_type="application/json"), 400)

    assert error["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "told",
    [
        r"resp_\ud800",
        r"\ud800",
        "resp_none",
        "resp_",
        "",
        "a" * 20,
        "resp_" + "A" * 20,
        r"resp_\u0000",
        "x" * 90_000,
    ],
    ids=range(9),
)
def test_an_earlier_response_that_cannot_be_kept(client: FlaskClient, told: str) -> None:
    body = f'{{"input": "hi", "previous_response_id": "{told}"}}'
    error = is_envelope(client.post("/v1/responses", data=body, content_type="application/json"), 400)

    assert (error["param"], error["code"]) == ("previous_response_id", "previous_response_not_found")


def test_a_body_that_is_not_called_json(client: FlaskClient) -> None:
    assert is_envelope(client.post(CHAT, data=b"{}"), 415)["code"] == "unsupported_media_type"


def test_a_whole_conversation_may_be_longer_than_a_question_to_the_api(client: FlaskClient) -> None:
    told = [{"role": "assistant", "content": "x" * 200_000}, {"role": "user", "content": "Who mediated?"}]
    assert client.post(CHAT, json={"messages": told}).status_code == 200
    assert (
        client.post("/api/v1/ask", json={"question": "Who?", "history": ["x" * 200_000]}).status_code == 413
    )

    told[0]["content"] = "x" * 2**20
    assert is_envelope(client.post(CHAT, json={"messages": told}), 413)["code"] == "request_too_large"


def raising(app: Flask, error: Exception) -> FlaskClient:
    """A client of an application where something in front of every view raises."""

    def fail() -> None:
        raise error

    app.before_request(fail)
    return app.test_client()


@pytest.mark.parametrize(
    ("error", "status", "kind", "code"),
    [
        (Unauthorized("Send a key."), 401, "authentication_error", "invalid_api_key"),
        (TooManyRequests("Slow down.", retry_after=7), 429, "rate_limit_error", "rate_limit_exceeded"),
        (StoreError("gone"), 503, "server_error", "service_unavailable"),
        (RuntimeError("secret"), 500, "server_error", "internal_error"),
    ],
)
def test_what_stands_in_front_of_the_views(
    settings: Settings, error: Exception, status: int, kind: str, code: str
) -> None:
    client = raising(create_app(settings), error)
    response = client.post(CHAT, json={"messages": [{"role": "user", "content": "Hello"}]})

    found = is_envelope(response, status)
    assert (found["type"], found["code"]) == (kind, code)
    assert "secret" not in response.text
    if isinstance(error, HTTPException):
        assert found["message"] == error.description
    if status == 429:
        assert response.headers["Retry-After"] == "7"


def test_the_rest_of_the_service_keeps_problem_details(client: FlaskClient) -> None:
    for path in ("/api/v1/nothing", "/v1x", "/nothing"):
        response = client.get(path)
        assert response.content_type == "application/problem+json"
        assert json.loads(response.data)["status"] == 404


def test_the_question_is_never_repeated_in_an_error(client: FlaskClient) -> None:
    for body in (
        {"messages": {"zq7marker": "zq7marker"}},
        {"messages": ["zq7marker"]},
        {"model": "zq7marker"},
    ):
        assert "zq7marker" not in client.post(CHAT, json=body).text
