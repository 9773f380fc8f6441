"""POST /api/v1/ask?explain=1: the answer and why it is what it is."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from channels.api.problems import is_problem
from channels.api.test_openapi import conforms
from channels.conftest import QUESTIONS

ASK = "/api/v1/ask"
REFUSED_BY = {
    "How do elephants polish marble statues under water?": "coverage",
    "What is the capital of Peru?": "foreign_words",
    "When was the fourth round held?": "foreign_words",
    "Who is the king of Norway?": "predicate",
    "When did Norway and Denmark open talks in Gothenburg in 1998?": "foreign_words",
    "How do Norway and Brazil differ?": "both_actors",
    "How do Norway and Sweden differ on unicorns?": "topic_words",
    "zzqx?": "sentences_found",
}


def explained(client: FlaskClient, question: str, *history: str) -> dict[str, Any]:
    response = client.post(f"{ASK}?explain=1", json={"question": question, "history": history})
    assert response.status_code == 200
    found: dict[str, Any] = response.json
    return found


@pytest.mark.parametrize("question", [*QUESTIONS.values(), *REFUSED_BY])
def test_the_answer_is_the_same_and_the_trace_is_as_documented(client: FlaskClient, question: str) -> None:
    usual = client.post(ASK, json={"question": question})
    found = explained(client, question)

    assert "trace" not in usual.json
    assert {name: value for name, value in found.items() if name != "trace"} == usual.json
    conforms(client.get("/openapi.json").json, ASK, found, "POST")
    assert client.post(ASK, json={"question": question}).data == usual.data


def test_the_same_question_is_explained_with_the_same_bytes(client: FlaskClient) -> None:
    first, again = (client.post(f"{ASK}?explain=1", json={"question": "Who mediated?"}) for _ in range(2))

    assert first.data == again.data


def test_it_tells_how_the_message_was_read(client: FlaskClient) -> None:
    read = explained(client, "When did Oslo fill the reservior, in 2017?")["trace"][0]["understood"]

    assert (read["kind"], read["answer_type"]) == ("fact", "when")
    assert read["actors"] == ["Norway"]
    assert read["corrections"] == [{"typed": "reservior", "read": "reservoir"}]
    assert {one["stem"] for one in read["terms"]} >= {"oslo", "reservoir"}
    assert read["window"] == {"first": "2017-01-01", "last": "2017-12-31"}
    assert read["numbers"] == ["2017"]


def test_a_follow_up_is_told_as_it_was_resolved(client: FlaskClient) -> None:
    found = explained(client, "And Sweden?", "What does Norway say about the flow gauges?")

    read = found["trace"][0]["understood"]
    assert read["standalone"] == "What does Sweden say about the flow gauges?"


def test_what_each_feature_adds_sums_to_the_score(client: FlaskClient) -> None:
    candidates = explained(client, "Who mediated?")["trace"][0]["candidates"]

    assert 1 < len(candidates) <= 10
    assert [one["rank"] for one in candidates] == list(range(1, len(candidates) + 1))
    assert [one["score"] for one in candidates] == sorted((one["score"] for one in candidates), reverse=True)
    for one in candidates:
        assert sum(part["score"] for part in one["contributions"]) == pytest.approx(one["score"])


def test_candidates_are_spans(client: FlaskClient) -> None:
    for one in explained(client, "Who mediated?")["trace"][0]["candidates"]:
        text = client.get(f"/api/v1/documents/{one['document_id']}/text").data.decode()
        assert text[one["start"] : one["end"]] == one["text"]


def test_the_winner_is_in_the_first_quote_and_its_lead_adds_up(client: FlaskClient) -> None:
    found = explained(client, "When did Sweden leave the talks?")
    winner, candidates = found["trace"][0]["winner"], found["trace"][0]["candidates"]

    won = candidates[winner["rank"] - 1]
    assert won["text"] in found["citations"][0]["quote"]
    assert winner["score"] == won["score"]
    assert sum(part["score"] for part in winner["over"]) == pytest.approx(winner["lead"])


def test_what_is_chosen_is_what_is_quoted(client: FlaskClient) -> None:
    for question in QUESTIONS.values():
        found = explained(client, question)
        quoted = {(one["document_id"], one["start"], one["end"]) for one in found["citations"]}
        chosen = {(one["document_id"], one["start"], one["end"]) for one in found["trace"][0]["chosen"]}
        assert chosen == quoted


@pytest.mark.parametrize(("question", "check"), REFUSED_BY.items())
def test_the_check_that_refused_is_named(client: FlaskClient, question: str, check: str) -> None:
    found = explained(client, question)

    assert not found["answered"]
    assert found["trace"][0]["refused_by"]["name"] == check
    assert found["trace"][0]["chosen"] == []


def test_the_figures_of_a_refusal_are_told(client: FlaskClient) -> None:
    figures = explained(client, next(iter(REFUSED_BY)))["trace"][0]["refused_by"]["figures"]

    assert figures["coverage"] < figures["threshold"]
    missing = explained(client, "How do Norway and Brazil differ?")["trace"][0]["refused_by"]["figures"]
    assert missing == {"missing": ["Brazil"]}


def test_an_answer_was_refused_by_nothing(client: FlaskClient) -> None:
    assert explained(client, "Who mediated?")["trace"][0]["refused_by"] is None


def test_a_message_of_several_questions_has_a_trace_for_each(client: FlaskClient) -> None:
    found = explained(client, "Who mediated? Why did the mediator leave?")

    assert [one["understood"]["answer_type"] for one in found["trace"]] == ["who", "reason"]


def test_explain_is_yes_or_no(client: FlaskClient) -> None:
    response = client.post(f"{ASK}?explain=perhaps", json={"question": "Who mediated?"})

    assert is_problem(422, response.headers, response.data)["errors"]
