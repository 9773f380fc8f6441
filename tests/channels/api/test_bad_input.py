"""Input that nobody should send: a 4xx that says what is wrong, repeats nothing and keeps nothing."""

import json
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from channels.api.problems import MARKER, is_problem
from channels.running import Server
from qa_service.app import create_app
from qa_service.settings import Settings

JSON = "application/json"


@dataclass(frozen=True)
class Bad:
    """A body for POST /api/v1/ask, the status it earns and a word of the reason."""

    body: bytes
    status: int
    told: str
    content_type: str | None = JSON


def question(value: object, **more: object) -> bytes:
    return json.dumps({"question": value, **more}).encode()


def nested(levels: int) -> bytes:
    return b'{"question": ' + b"[" * levels + b"]" * levels + b"}"


RAW = {
    "nothing": Bad(b"", 400, "not JSON"),
    "no JSON": Bad(MARKER.encode(), 400, "not JSON"),
    "half an object": Bad(b'{"question": "zq7marker', 400, "not JSON"),
    "two objects": Bad(question(MARKER) * 2, 400, "not JSON"),
    "no UTF-8": Bad(b'{"question": "\xff\xfe zq7marker"}', 400, "UTF-8"),
    "Latin-1": Bad('{"question": "régime zq7marker"}'.encode("latin-1"), 400, "UTF-8"),
    "UTF-16": Bad(question(MARKER).decode().encode("utf-16"), 400, "UTF-8"),
    "UTF-16 without a mark": Bad(question(MARKER).decode().encode("utf-16-le"), 400, "not JSON"),
    "byte order mark": Bad(b"\xef\xbb\xbf" + question(MARKER), 400, "not JSON"),
    "a real NUL": Bad(b'{"question": "zq7marker\x00"}', 400, "not JSON"),
    "a real line end in a string": Bad(b'{"question": "zq7marker\n"}', 400, "not JSON"),
    "encoded surrogate": Bad(b'{"question": "zq7marker \xed\xa0\x80"}', 400, "UTF-8"),
    "over the limit": Bad(question(MARKER, history=["x" * 70_000]), 413, "exceeds"),
    "100,000 levels": Bad(nested(30_000), 400, "nested"),
    "100,000 levels, too large as well": Bad(nested(100_000), 413, "exceeds"),
    "100,000 levels of objects": Bad(b'{"a":' * 13_000, 400, "nested"),
}
PARSED = {
    "array": Bad(b'["zq7marker"]', 400, "object"),
    "string": Bad(b'"zq7marker"', 400, "object"),
    "JSON in a string": Bad(json.dumps(question(MARKER).decode()).encode(), 400, "object"),
    "null": Bad(b"null", 400, "object"),
    "number": Bad(b"7", 400, "object"),
    "NaN": Bad(b'{"question": NaN}', 400, "NaN"),
    "Infinity": Bad(b'{"question": -Infinity}', 400, "Infinity"),
    "the same key twice": Bad(b'{"question": "zq7marker", "question": "zq7marker"}', 400, "twice"),
    "the same key twice, deeper": Bad(b'{"question": {"a": 1, "a": 2}}', 400, "twice"),
    "5,000 digits": Bad(b'{"question": ' + b"9" * 5000 + b"}", 400, "integer"),
    "10 levels": Bad(nested(10), 422, "string"),
    "1,000 levels": Bad(nested(1000), 400, "nested"),
    "no question": Bad(b"{}", 422, "required"),
    "null question": Bad(question(None), 422, "string"),
    "number as question": Bad(question(7), 422, "string"),
    "true as question": Bad(question(True), 422, "string"),
    "list as question": Bad(question([MARKER]), 422, "string"),
    "object as question": Bad(question({MARKER: MARKER}), 422, "string"),
    "empty": Bad(question(""), 422, "empty"),
    "spaces": Bad(question(" \t\n\u2003\u00a0"), 422, "empty"),
    "2,001 characters": Bad(question(MARKER.ljust(2001, "x")), 422, "2000"),
    "2,001 characters beyond the BMP": Bad(question("😀" * 2001), 422, "2000"),
    "NUL": Bad(question(f"{MARKER}\0"), 422, "control"),
    "escape": Bad(question(f"{MARKER}\x1b[31m"), 422, "control"),
    "delete": Bad(question(f"{MARKER}\x7f"), 422, "control"),
    "high surrogate": Bad(b'{"question": "zq7marker \\ud800"}', 422, "surrogate"),
    "low surrogate": Bad(b'{"question": "\\udfff zq7marker"}', 422, "surrogate"),
    "surrogates the wrong way round": Bad(b'{"question": "zq7marker \\ude00\\ud83d"}', 422, "surrogate"),
    "unknown field": Bad(question("Who?", nonsense=MARKER), 422, "nonsense"),
    "unknown field that is no name": Bad(question("Who?", **{f"<b>{MARKER}": 1}), 422, "not a field"),
    "unknown field of a surrogate": Bad(b'{"question": "Who?", "\\ud800": 1}', 422, "unicode"),
    "history no list": Bad(question("Who?", history=MARKER), 422, "list"),
    "history of numbers": Bad(question("Who?", history=[1, 2]), 422, "history.0"),
    "history of null": Bad(question("Who?", history=[None]), 422, "history.0"),
    "history with a surrogate": Bad(b'{"question": "Who?", "history": ["\\ud800"]}', 422, "surrogate"),
    "history too long": Bad(question("Who?", history=[MARKER] * 21), 422, "20"),
    "history with a long question": Bad(question("Who?", history=["x" * 2001]), 422, "2000"),
    "documents no list": Bad(question("Who?", documents=MARKER), 422, "list"),
    "documents of numbers": Bad(question("Who?", documents=[1]), 422, "documents.0"),
    "document without a name": Bad(question("Who?", documents=[""]), 422, "documents.0"),
    "too many documents": Bad(question("Who?", documents=["x"] * 101), 422, "100"),
    "unknown document": Bad(question("Who?", documents=[MARKER]), 404, "documents"),
    "no content type": Bad(question(MARKER), 415, "application/json", None),
    "text": Bad(question(MARKER), 415, "application/json", "text/plain"),
    "form": Bad(b"question=zq7marker", 415, "application/json", "application/x-www-form-urlencoded"),
    "XML": Bad(b"<question>zq7marker</question>", 415, "application/json", "application/xml"),
}
EVERYTHING = RAW | PARSED


@pytest.mark.parametrize("name", EVERYTHING)
def test_bad_questions_get_a_4xx_with_a_reason(client: FlaskClient, name: str) -> None:
    bad = EVERYTHING[name]

    response = client.post("/api/v1/ask", data=bad.body, content_type=bad.content_type)

    assert response.status_code == bad.status, response.text
    assert bad.told in response.text
    is_problem(bad.status, response.headers, response.data)


@pytest.mark.parametrize("name", RAW)
def test_and_so_through_a_real_socket(server: Server, name: str) -> None:
    bad = RAW[name]

    response = server.post("/api/v1/ask", bad.body)

    assert response.status == bad.status
    is_problem(bad.status, response.headers, response.body)
    assert server.request("GET", "/healthz").status == 200


def test_questions_at_the_limits_are_taken(client: FlaskClient) -> None:
    for taken in (
        "x" * 2000,
        "😀" * 2000,
        "Who\tmediated?\r\n",
        "Who mediated?\u202e",
        "\ufeffWho mediated?",
    ):
        assert client.post("/api/v1/ask", json={"question": taken}).status_code == 200, taken[:20]
    history = ["Who mediated?"] * 20
    assert client.post("/api/v1/ask", json={"question": "Why?", "history": history}).status_code == 200
    pair = b'{"question": "\\ud83d\\ude00 who mediated?"}'
    assert client.post("/api/v1/ask", data=pair, content_type=JSON).json["question"] == "😀 who mediated?"
    charset = "application/json; charset=utf-8"
    assert client.post("/api/v1/ask", data=question("Who?"), content_type=charset).status_code == 200


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "q: Field required"),
        ("q=", "q: "),
        ("q=%20%09", "empty"),
        (f"q={MARKER}%00", "control"),
        (f"q={'x' * 2001}", "2000"),
        ("q=dam&limit=0", "limit"),
        ("q=dam&limit=51", "limit"),
        ("q=dam&limit=-1", "limit"),
        ("q=dam&limit=1.5", "limit"),
        (f"q=dam&limit={MARKER}", "limit"),
        (f"q=dam&limit={'9' * 5000}", "limit"),
        (f"q=dam&explain={MARKER}", "explain"),
        (f"q=dam&nonsense={MARKER}", "nonsense"),
        (f"q=dam&%3Cb%3E{MARKER}=1", "not a field"),
    ],
)
def test_bad_searches_get_a_422_with_a_reason(client: FlaskClient, query: str, told: str) -> None:
    response = client.get(f"/api/v1/search?{query}")

    assert response.status_code == 422
    assert told in is_problem(422, response.headers, response.data)["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"citations": None},
        {"citations": [7]},
        {"citations": [{}]},
        {"citations": [{"number": "1", "document_id": "a", "quote": "b", "start": 0, "end": 1}]},
        {"citations": [{"number": 1, "document_id": MARKER, "quote": "b", "start": -1, "end": 1}]},
        {"citations": [{"number": 1, "document_id": "a", "quote": "b", "start": 0.5, "end": 1}]},
        {"citations": [{"number": 1, "document_id": ["a"], "quote": "b", "start": 0, "end": 1}]},
        {"citations": [{"number": 1, "document_id": "a", "quote": "\ud800", "start": 0, "end": 1}]},
        {"citations": [{"number": 1, "document_id": "a", "quote": "b", "start": 0, "end": 1}] * 201},
    ],
)
def test_bad_answer_objects_get_a_422_with_a_reason(client: FlaskClient, body: dict[str, object]) -> None:
    response = client.post("/api/v1/verify", data=json.dumps(body), content_type=JSON)

    assert response.status_code == 422
    assert "citations" in is_problem(422, response.headers, response.data)["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/ask", 405),
        ("PUT", "/api/v1/ask", 405),
        ("DELETE", "/api/v1/documents", 405),
        ("POST", "/api/v1/search", 405),
        ("PUT", "/api/v1/documents", 405),
        ("GET", f"/api/v1/{MARKER}", 404),
        ("POST", f"/api/{MARKER}", 404),
        ("GET", "/api", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/v1/ask/", 404),
        ("GET", "/api/v2/ask", 404),
        ("GET", "/api/v1/documents/", 404),
        ("GET", f"/api/v1/documents/{MARKER}/pages", 404),
        ("GET", f"/{MARKER}", 404),
    ],
)
def test_routes_and_methods_that_are_none_are_problems_too(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    response = client.open(path, method=method)

    assert response.status_code == status
    is_problem(status, response.headers, response.data)
    assert status != 405 or response.headers["Allow"]


def test_a_path_with_too_many_slashes_is_sent_to_itself_and_nowhere_else(client: FlaskClient) -> None:
    for path in ("/api//v1/search", "//example.org/api/v1/search", "//example.org", "/\\example.org/"):
        response = client.get("/", environ_overrides={"PATH_INFO": path})
        assert response.status_code in {308, 404}
        assert response.headers.get("Location", "http://localhost/").startswith("http://localhost/")


def test_nothing_of_bad_input_is_stored(own_settings: Settings) -> None:
    client = create_app(own_settings).test_client()
    before = client.get("/readyz").json

    for bad in EVERYTHING.values():
        client.post("/api/v1/ask", data=bad.body, content_type=bad.content_type)

    assert client.get("/readyz").json == before
    folder = own_settings.store_path.parent
    assert not any(MARKER.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())
