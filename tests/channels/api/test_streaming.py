"""/ask as a stream: the pieces are the answer, in both forms; what fails is told in the stream."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.api.problems import is_problem
from channels.conftest import QUESTIONS
from channels.running import Server
from qa_service.channels.api import presenting
from qa_service.channels.api.streaming import EVENTS, LINES

Event = tuple[str, dict[str, Any]]


def read(kind: str, body: bytes) -> list[Event]:
    """The events of a stream, read as its specification says."""
    if kind == LINES:
        rows = [json.loads(line) for line in body.decode().splitlines()]
        return [(row["event"], row["data"]) for row in rows]
    found = []
    assert body.endswith(b"\n\n")
    for block in body.decode().removesuffix("\n\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((fields["event"], json.loads(fields["data"])))
    return found


def asked(client: FlaskClient, question: str, accept: str) -> Any:
    return client.post("/api/v1/ask", json={"question": question}, headers={"Accept": accept})


@pytest.mark.parametrize("kind", [EVENTS, LINES])
def test_the_pieces_are_the_answer(client: FlaskClient, kind: str) -> None:
    for question in QUESTIONS.values():
        whole = asked(client, question, "application/json").json
        response = asked(client, question, kind)
        assert response.content_type == f"{kind}; charset=utf-8"
        assert response.headers["X-Accel-Buffering"] == "no"
        events = read(kind, response.data)

        names = [name for name, _ in events]
        assert names[0] == "meta"
        assert names[-1] == "done"
        assert set(names[1:-1]) <= {"delta", "citation"}
        assert events[-1][1] == whole
        assert {name: whole[name] for name in events[0][1]} == events[0][1]
        assert "".join(value["text"] for name, value in events if name == "delta") == whole["text"]
        assert [value for name, value in events if name == "citation"] == whole["citations"]


def test_a_citation_follows_the_piece_that_mentions_it(client: FlaskClient) -> None:
    events = read(EVENTS, asked(client, QUESTIONS["timeline"], EVENTS).data)
    said = ""
    for name, value in events[:-1]:
        said += value["text"] if name == "delta" else ""
        assert name != "citation" or f"[{value['number']}]" in said
    assert [name for name, _ in events].count("delta") > 2


def test_the_done_event_is_the_same_bytes_as_the_answer(client: FlaskClient) -> None:
    whole = asked(client, "Who mediated?", "application/json").data

    assert asked(client, "Who mediated?", EVENTS).data.endswith(b"event: done\ndata: " + whole + b"\n\n")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("text/html", "application/json"),
        ("application/json, text/event-stream", "application/json"),
        ("application/json;q=0.5, text/event-stream", EVENTS),
        ("text/event-stream;q=0", "application/json"),
        ("application/x-ndjson, */*;q=0.1", LINES),
    ],
)
def test_what_is_accepted_says_what_is_sent(client: FlaskClient, accept: str, kind: str) -> None:
    assert asked(client, "Who mediated?", accept).mimetype == kind


def test_before_the_first_byte_an_error_is_an_error(client: FlaskClient) -> None:
    response = asked(client, "", EVENTS)

    is_problem(422, response.headers, response.data)


@pytest.mark.parametrize("kind", [EVENTS, LINES])
def test_afterwards_it_is_an_event(client: FlaskClient, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = asked(client, "Who mediated?", "application/json").json  # remembered as bytes

    def broken(_: object) -> object:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(presenting, "answer", broken)
    response = client.post(
        "/api/v1/ask", json={"question": whole["question"]}, headers={"Accept": kind, "X-Request-Id": "mine"}
    )

    ((name, value),) = read(kind, response.data)
    assert (name, value["status"], value["request_id"]) == ("error", 500, "mine")
    assert "secret" not in response.text


def test_a_conversation_is_streamed_too(app: Flask, client: FlaskClient) -> None:
    conversation = client.post("/api/v1/conversations").json["id"]
    for question in ("What does Norway say about the flow gauges?", "And Sweden?"):
        body = {"question": question, "conversation_id": conversation}
        response = client.post("/api/v1/ask", json=body, headers={"Accept": EVENTS})
    assert "Sweden" in read(EVENTS, response.data)[0][1]["standalone_question"]


def test_it_comes_over_a_real_socket(server: Server) -> None:
    headers = {"Content-Type": "application/json", "Accept": EVENTS}
    response = server.request("POST", "/api/v1/ask", b'{"question": "Who mediated?"}', headers)

    assert response.status == 200
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert read(EVENTS, response.body)[-1][0] == "done"
