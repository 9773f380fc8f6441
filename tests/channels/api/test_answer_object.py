"""POST /api/v1/ask: the answer object of the contract, field by field, and the same bytes each time."""

import hashlib
import re
from typing import Any

from flask.testing import FlaskClient

from channels.conftest import QUESTIONS
from channels.running import Server
from qa_service.app import create_app
from qa_service.settings import Settings

TEXT, NUMBER, MAYBE_TEXT, MAYBE_NUMBER = str, int, (str, type(None)), (int, type(None))
ANSWER = {
    "id": TEXT,
    "question": TEXT,
    "standalone_question": TEXT,
    "answered": bool,
    "kind": TEXT,
    "text": TEXT,
    "short": MAYBE_TEXT,
    "statements": list,
    "citations": list,
    "comparison": (dict, type(None)),
    "timeline": (list, type(None)),
    "refusal": (dict, type(None)),
    "suggestions": list,
    "parts": list,
    "index_version": TEXT,
}
STATEMENT = {"text": TEXT, "citations": list, "speaker": MAYBE_TEXT}
CITATION = {
    "number": NUMBER,
    "document_id": TEXT,
    "title": TEXT,
    "author": MAYBE_TEXT,
    "published": MAYBE_TEXT,
    "publisher": MAYBE_TEXT,
    "url": MAYBE_TEXT,
    "section": MAYBE_TEXT,
    "passage_id": TEXT,
    "page": MAYBE_NUMBER,
    "quote": TEXT,
    "start": NUMBER,
    "end": NUMBER,
    "sha256": TEXT,
}
TIMELINE_ITEM = {
    "date": TEXT,
    "end": MAYBE_TEXT,
    "precision": TEXT,
    "wording": TEXT,
    "statement": NUMBER,
}
REFUSAL = {"reason": TEXT, "explanation": TEXT, "nearest": list}


def asked(client: FlaskClient, question: str, **more: Any) -> dict[str, Any]:
    response = client.post("/api/v1/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return response.json


def has_shape(value: dict[str, Any], shape: dict[str, Any]) -> None:
    assert list(value) == list(shape)
    for name, kind in shape.items():
        assert isinstance(value[name], kind), (name, value[name])
        assert kind is bool or not isinstance(value[name], bool), name


def test_each_kind_has_the_contracts_fields_in_their_order(
    client: FlaskClient, question_of_kind: tuple[str, str]
) -> None:
    kind, question = question_of_kind

    answer = asked(client, question)

    has_shape(answer, ANSWER)
    assert answer["kind"] == kind
    assert answer["question"] == question
    for statement in answer["statements"]:
        has_shape(statement, STATEMENT)
    for citation in answer["citations"]:
        has_shape(citation, CITATION)
    assert all(isinstance(one, str) and one for one in answer["suggestions"])


def test_parts_are_null_where_they_do_not_apply(
    client: FlaskClient, question_of_kind: tuple[str, str]
) -> None:
    kind, question = question_of_kind

    answer = asked(client, question)

    assert (answer["comparison"] is not None) == (kind == "divergence")
    assert (answer["timeline"] is not None) == (kind == "timeline")
    assert (answer["refusal"] is not None) == (kind == "refusal")
    assert answer["answered"] == (kind not in {"refusal", "small_talk"})
    assert bool(answer["citations"]) == bool(answer["statements"]) == answer["answered"]


def test_every_number_in_the_text_and_in_a_statement_is_a_citation(
    client: FlaskClient, question_of_kind: tuple[str, str]
) -> None:
    answer = asked(client, question_of_kind[1])

    numbers = [citation["number"] for citation in answer["citations"]]
    quotes = [citation["quote"] for citation in answer["citations"]]
    text = answer["text"]
    for quote in quotes:
        text = text.replace(quote, "")  # a source may hold a [1] of its own
    assert numbers == list(range(1, len(numbers) + 1))
    assert {int(one) for one in re.findall(r"\[(\d+)\]", text)} == set(numbers)
    for statement in answer["statements"]:
        assert statement["citations"]
        assert set(statement["citations"]) <= set(numbers)


def test_every_quote_is_its_span_of_the_canonical_text(
    client: FlaskClient, question_of_kind: tuple[str, str]
) -> None:
    answer = asked(client, question_of_kind[1])

    nearest = answer["refusal"]["nearest"] if answer["refusal"] else []
    for citation in [*answer["citations"], *nearest]:
        body = client.get(f"/api/v1/documents/{citation['document_id']}/text").data
        assert body.decode()[citation["start"] : citation["end"]] == citation["quote"]
        assert hashlib.sha256(body).hexdigest() == citation["sha256"]


def test_a_citation_carries_what_is_known_of_its_document(client: FlaskClient) -> None:
    citation = asked(client, QUESTIONS["fact"])["citations"][0]

    assert citation["title"] == "Low Water on the Skarn"
    assert citation["author"] == "Ingrid Vale"
    assert citation["published"] == "2021-09-14"
    assert citation["publisher"] == "Fictional Review of Border Waters"
    assert citation["url"] == "https://example.org/low-water-on-the-skarn"
    assert citation["section"] == "Four years of talks"
    assert citation["page"] is None


def test_a_comparison_points_at_statements_of_its_actors(client: FlaskClient) -> None:
    answer = asked(client, QUESTIONS["divergence"])

    comparison = answer["comparison"]
    assert list(comparison) == ["actors", "rows"]
    assert comparison["actors"] == ["Norway", "Sweden"]
    for row in comparison["rows"]:
        assert list(row) == ["issue", "cells"]
        assert len(row["cells"]) == 2
        for actor, cell in zip(comparison["actors"], row["cells"], strict=True):
            assert all(answer["statements"][index]["speaker"] == actor for index in cell)


def test_a_timeline_is_in_the_order_of_its_dates_and_points_at_statements(client: FlaskClient) -> None:
    answer = asked(client, QUESTIONS["timeline"])

    for item in answer["timeline"]:
        has_shape(item, TIMELINE_ITEM)
        assert item["wording"] in answer["statements"][item["statement"]]["text"]
    dates = [item["date"] for item in answer["timeline"]]
    assert dates == sorted(dates)


def test_a_refusal_says_why_and_what_is_nearest(client: FlaskClient) -> None:
    refusal = asked(client, QUESTIONS["refusal"])["refusal"]

    has_shape(refusal, REFUSAL)
    assert refusal["reason"] in {"off_topic", "not_in_corpus", "near_miss", "not_a_question"}
    for citation in refusal["nearest"]:
        has_shape(citation, CITATION)


def test_a_follow_up_is_answered_as_the_question_that_it_stands_for(client: FlaskClient) -> None:
    answer = asked(client, "And Sweden?", history=["What does Norway say about the Halvard dam?"])

    assert answer["question"] == "And Sweden?"
    assert answer["standalone_question"] != "And Sweden?"
    assert {statement["speaker"] for statement in answer["statements"]} == {"Sweden"}


def test_the_documents_asked_for_are_the_documents_quoted(client: FlaskClient) -> None:
    document_id = client.get("/api/v1/documents").json["documents"][0]["id"]

    answer = asked(client, QUESTIONS["fact"], documents=[document_id])

    assert {citation["document_id"] for citation in answer["citations"]} == {document_id}
    assert asked(client, QUESTIONS["fact"], documents=[])["answered"]


def test_the_same_request_gives_the_same_bytes_in_another_application_and_another_process(
    client: FlaskClient, settings: Settings, server: Server, question_of_kind: tuple[str, str]
) -> None:
    body = {"question": question_of_kind[1], "history": ["Who is Ingrid Vale?"]}

    first = client.post("/api/v1/ask", json=body).data
    again = client.post("/api/v1/ask", json=body).data
    restarted = create_app(settings).test_client().post("/api/v1/ask", json=body).data
    served = server.post("/api/v1/ask", client.application.json.dumps(body).encode()).body

    assert first == again == restarted == served


def test_forgetting_answers_does_not_change_them(client: FlaskClient, settings: Settings) -> None:
    forgetful = create_app(settings.model_copy(update={"remembered_answers": 0})).test_client()

    for question in QUESTIONS.values():
        body = {"question": question}
        assert forgetful.post("/api/v1/ask", json=body).data == client.post("/api/v1/ask", json=body).data


def test_timings_are_in_a_header_and_not_in_the_body(client: FlaskClient) -> None:
    response = client.post("/api/v1/ask", json={"question": QUESTIONS["fact"]})

    assert re.fullmatch(r"answer;dur=\d+\.\d+", response.headers["Server-Timing"])
    assert b"dur" not in response.data
