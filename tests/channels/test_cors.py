"""Pages of other origins: exactly those that the setting lists may call, and only /api and /v1."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from qa_service.app import create_app
from qa_service.settings import Settings

LISTED = "https://www.example.org http://localhost:3000"
ALLOW = "Access-Control-Allow-Origin"
FOREIGN = [
    "null",
    "https://example.org",
    "http://www.example.org",
    "https://www.example.org:8443",
    "https://www.example.org.evil.example",
    "https://evil.example/https://www.example.org",
    "https://wwwXexample.org",
    "https://WWW.EXAMPLE.ORG",
    "https://www.example.org/",
    "http://localhost",
    "http://localhost:30000",
    "",
]


@pytest.fixture
def client_for(settings: Settings) -> Callable[[str], FlaskClient]:
    def made(origins: str) -> FlaskClient:
        return create_app(settings.model_copy(update={"cors_origins": origins})).test_client()

    return made


def headers_of(client: FlaskClient, origin: str, path: str = "/api/v1/documents") -> dict[str, str]:
    with client.get(path, headers={"Origin": origin}) as response:
        found = dict(response.headers)
    return {name: value for name, value in found.items() if name.startswith(("Access-Control", "Vary"))}


@pytest.mark.parametrize("origin", ["https://www.example.org", "http://localhost:3000"])
@pytest.mark.parametrize("path", ["/api/v1/documents", "/api/v1/documents/nope", "/v1/models"])
def test_an_origin_of_the_list_may_read_answers_and_errors(
    client_for: Callable[[str], FlaskClient], origin: str, path: str
) -> None:
    found = headers_of(client_for(LISTED), origin, path)

    assert found[ALLOW] == origin
    assert "Origin" in found["Vary"]
    assert "Retry-After" in found["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in found


@pytest.mark.parametrize("origin", FOREIGN)
def test_any_other_may_not(client_for: Callable[[str], FlaskClient], origin: str) -> None:
    found = headers_of(client_for(LISTED), origin)

    assert ALLOW not in found
    assert "Origin" in found["Vary"]  # what is kept for one origin is not given to another


def test_a_page_asks_before_it_sends_json(client_for: Callable[[str], FlaskClient]) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    client = client_for(LISTED)
    yes = client.options("/api/v1/ask", headers=asked | {"Origin": "https://www.example.org"})
    no = client.options("/api/v1/ask", headers=asked | {"Origin": "https://evil.example"})

    assert yes.status_code == no.status_code == 200
    assert yes.headers["Access-Control-Allow-Methods"] == "OPTIONS, POST"
    assert {"Content-Type", "Idempotency-Key"} <= set(yes.headers["Access-Control-Allow-Headers"].split(", "))
    assert yes.headers["Access-Control-Max-Age"] == "600"
    assert not any(name.startswith("Access-Control") for name in dict(no.headers))


def test_all_origins_may_when_it_is_said(client_for: Callable[[str], FlaskClient]) -> None:
    assert headers_of(client_for("*"), "https://anywhere.example")[ALLOW] == "*"
    assert "Access-Control-Allow-Credentials" not in headers_of(client_for("*"), "https://anywhere.example")


@pytest.mark.parametrize("path", ["/", "/healthz", "/static/page.css", "/apix"])
def test_pages_and_probes_are_for_their_own_origin(
    client_for: Callable[[str], FlaskClient], path: str
) -> None:
    for origins in (LISTED, "*"):
        assert ALLOW not in headers_of(client_for(origins), "https://www.example.org", path)


def test_by_default_there_is_no_other_origin(client: FlaskClient) -> None:
    assert headers_of(client, "https://www.example.org") == {}
