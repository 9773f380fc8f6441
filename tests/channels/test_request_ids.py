"""X-Request-Id: on every response that is one caller's, the caller's own when it is sane."""

import logging

import pytest
from flask.testing import FlaskClient

from channels.api.problems import is_problem
from qa_service.channels import request_ids

HEADER = request_ids.HEADER
PATHS = ["/", "/healthz", "/api/v1/documents", "/api/v1/nope", "/v1/models", "/openapi.json", "/docs"]


@pytest.mark.parametrize("path", PATHS)
def test_it_is_on_every_response(client: FlaskClient, path: str) -> None:
    found = {client.get(path).headers[HEADER] for _ in range(3)}

    assert len(found) == 3
    assert all(len(one) == 16 for one in found)
    assert client.get(path, headers={HEADER: "req-7/a:b"}).headers[HEADER] == "req-7/a:b"


@pytest.mark.parametrize(
    "sent", ["", " ", "a b", "x" * 129, "<b>", "é", "a\tb", '"', "a;b", "{{7*7}}", "%0d%0aX: y"]
)
def test_what_is_no_name_is_not_repeated(client: FlaskClient, sent: str) -> None:
    found = client.get("/api/v1/nope", headers={HEADER: sent})

    assert len(found.headers[HEADER]) == 16
    is_problem(404, found.headers, found.data)


def test_the_log_names_the_request(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr("qa_service.channels.api.asking.presenting.answer", lambda _: broken())
    with caplog.at_level(logging.ERROR):
        response = client.post(
            "/api/v1/ask", json={"question": "Who never asked this?"}, headers={HEADER: "find-me"}
        )

    assert response.status_code == 500
    assert "find-me" in caplog.text
