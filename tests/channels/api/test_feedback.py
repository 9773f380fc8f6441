"""/feedback: a thumb is kept with the answer, and what is disliked is listed for whoever mends it."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from building import ingested, settings_in
from flask.testing import FlaskClient

from channels.api.problems import MARKER, is_problem
from channels.running import invoke
from qa_service.app import create_app
from qa_service.settings import Settings

ROUTE = "/api/v1/feedback"
QUESTION = "Who mediated?"


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path, QA_RECORD_ANSWERS="true")
    ingested(settings).store.close()
    return settings


@pytest.fixture
def reader(own: Settings) -> FlaskClient:
    return create_app(own).test_client()


def answer_id(client: FlaskClient, **body: Any) -> str:
    return str(client.post("/api/v1/ask", json={"question": QUESTION, **body}).json["id"])


def listed(settings: Settings, *options: str, least: int = 0) -> list[str]:
    """What is listed once ``least`` lines are there: answers are written a moment after they are given."""
    deadline = time.monotonic() + 10
    while True:
        found = invoke("unanswered", *options, QA_STORE=settings.store).stdout.splitlines()
        if len(found) >= least or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def test_a_thumb_down_is_listed_with_its_comment(reader: FlaskClient, own: Settings) -> None:
    judged = {"answer_id": answer_id(reader), "value": "down", "comment": " Not who\nI meant "}
    response = reader.post(ROUTE, json=judged)
    assert (response.status_code, response.data) == (204, b"")
    reader.post("/api/v1/ask", json={"question": "What is the capital of Peru?"})
    reader.get("/api/v1/answers/" + answer_id(reader, question="What is the capital of Peru?"))

    assert f"thumbs_down\t{QUESTION}\tNot who I meant" in listed(own, least=2)
    rows = [json.loads(line) for line in listed(own, "--jsonl", least=2)]
    (row,) = [one for one in rows if one["type"] == "thumbs_down"]
    assert row["question"] == QUESTION
    assert row["answerable"] is True
    assert row["comment"] == "Not who\nI meant"


def test_a_thumb_up_is_not(reader: FlaskClient, own: Settings) -> None:
    assert reader.post(ROUTE, json={"answer_id": answer_id(reader), "value": "up"}).status_code == 204

    assert listed(own) == []


def test_who_changes_their_mind_in_a_conversation_has_one_opinion(reader: FlaskClient, own: Settings) -> None:
    conversation = reader.post("/api/v1/conversations").json["id"]
    judged = {"answer_id": answer_id(reader), "conversation_id": conversation}
    for value in ("down", "up"):
        assert reader.post(ROUTE, json=judged | {"value": value}).status_code == 204

    assert listed(own) == []


def test_readers_who_cannot_be_told_apart_are_all_heard(reader: FlaskClient, own: Settings) -> None:
    judged = {"answer_id": answer_id(reader)}
    for value in ("down", "up"):
        assert reader.post(ROUTE, json=judged | {"value": value}).status_code == 204

    assert listed(own, least=1) == [f"thumbs_down\t{QUESTION}"]


def test_an_answer_that_was_never_given_is_not_judged(reader: FlaskClient) -> None:
    response = reader.post(ROUTE, json={"answer_id": "0" * 20, "value": "up"})

    is_problem(404, response.headers, response.data)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"answer_id": "x"},
        {"value": "sideways"},
        {"value": True},
        {"comment": 7},
        {"comment": "x" * 2001},
        {"comment": f"{MARKER}\0"},
        {"comment": "\ud800"},
        {"conversation_id": "x"},
        {"nonsense": MARKER},
    ],
)
def test_what_is_no_opinion_is_a_422(reader: FlaskClient, own: Settings, wrong: dict[str, Any]) -> None:
    judged = ({"answer_id": answer_id(reader), "value": "down"} | wrong) if wrong else {}
    response = reader.post(ROUTE, data=json.dumps(judged), content_type="application/json")

    is_problem(422, response.headers, response.data)
    assert listed(own) == []
