"""/conversations and conversation_id: the service keeps the history, for its owner alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from building import ingested, settings_in
from flask.testing import FlaskClient

from channels.api.problems import is_problem
from channels.api.test_openapi import conforms
from channels.running import Server, serving
from qa_service.app import create_app
from qa_service.domain.principal import Principal, Via
from qa_service.settings import Settings
from qa_service.wiring import Service

QUESTIONS = ["What does Norway say about the flow gauges?", "And Sweden?", "Why?"]
ROUTE = "/api/v1/conversations"


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path, QA_RECORD_ANSWERS="true", QA_HISTORY_QUESTIONS="2")
    ingested(settings).store.close()
    return settings


@pytest.fixture
def talker(own: Settings) -> FlaskClient:
    return create_app(own).test_client()


@pytest.fixture
def beside(own: Settings) -> Iterator[Service]:
    """Another process on the same store."""
    service = Service(own)
    yield service
    service.close()


def begun(client: FlaskClient) -> str:
    response = client.post(ROUTE)
    assert response.status_code == 201
    assert response.headers["Location"] == f"{ROUTE}/{response.json['id']}"
    return str(response.json["id"])


def asked(client: FlaskClient, question: str, conversation_id: str) -> Any:
    return client.post("/api/v1/ask", json={"question": question, "conversation_id": conversation_id})


def test_the_answer_is_that_of_who_sends_the_history(talker: FlaskClient) -> None:
    conversation = begun(talker)
    for number, question in enumerate(QUESTIONS):
        history = QUESTIONS[max(0, number - 2) : number]
        here = asked(talker, question, conversation)
        there = talker.post("/api/v1/ask", json={"question": question, "history": history})

        assert here.status_code == 200
        assert here.data == there.data
    assert "Sweden" in asked(talker, "And Sweden?", conversation).json["standalone_question"]


def test_it_is_read_again(talker: FlaskClient) -> None:
    document = talker.get("/openapi.json").json
    conversation = begun(talker)
    answers = [asked(talker, question, conversation).json for question in QUESTIONS]

    found = talker.get(f"{ROUTE}/{conversation}").json
    conforms(document, f"{ROUTE}/{{conversation_id}}", found)
    assert found == {
        "id": conversation,
        "turns": [{"question": q, "answer_id": a["id"]} for q, a in zip(QUESTIONS, answers, strict=True)],
    }
    for turn in found["turns"]:
        assert talker.get(f"/api/v1/answers/{turn['answer_id']}").status_code == 200


def test_refused_input_is_no_turn(talker: FlaskClient) -> None:
    conversation = begun(talker)
    assert asked(talker, "", conversation).status_code == 422
    assert asked(talker, "x" * 2001, conversation).status_code == 422
    unknown = {"question": "Who?", "documents": ["nope"], "conversation_id": conversation}
    assert talker.post("/api/v1/ask", json=unknown).status_code == 404

    assert talker.get(f"{ROUTE}/{conversation}").json["turns"] == []


def test_an_explained_question_is_a_turn(talker: FlaskClient) -> None:
    conversation = begun(talker)
    body = {"question": QUESTIONS[0], "conversation_id": conversation}
    assert talker.post("/api/v1/ask?explain=1", json=body).status_code == 200

    assert len(talker.get(f"{ROUTE}/{conversation}").json["turns"]) == 1


def test_what_is_forgotten_is_gone(talker: FlaskClient) -> None:
    conversation = begun(talker)
    asked(talker, QUESTIONS[0], conversation)
    gone = talker.delete(f"{ROUTE}/{conversation}")
    assert (gone.status_code, gone.data) == (204, b"")

    for response in (
        talker.get(f"{ROUTE}/{conversation}"),
        talker.delete(f"{ROUTE}/{conversation}"),
        asked(talker, QUESTIONS[0], conversation),
    ):
        problem = is_problem(404, response.headers, response.data)
        assert "POST /api/v1/conversations begins one" in str(problem["detail"])
        assert "documents" not in str(problem)


@pytest.mark.parametrize("owner", [Principal(via=Via.KEY, name="3f9a"), Principal(via=Via.TEAM, name="T1")])
def test_another_owners_conversation_is_not_there(
    talker: FlaskClient, beside: Service, owner: Principal
) -> None:
    """Every route that takes the id; a stranger cannot tell it from one that never was."""
    foreign = beside.conversations.begin(owner).id
    answer_id = talker.post("/api/v1/ask", json={"question": "Who mediated?"}).json["id"]
    judged = {"answer_id": answer_id, "value": "up"}

    for conversation in (foreign, "A" * 32):
        for response in (
            talker.get(f"{ROUTE}/{conversation}"),
            talker.delete(f"{ROUTE}/{conversation}"),
            asked(talker, "Who mediated?", conversation),
            talker.post("/api/v1/feedback", json=judged | {"conversation_id": conversation}),
        ):
            is_problem(404, response.headers, response.data)
    assert beside.conversations.find(foreign, owner).turns == ()


@pytest.mark.parametrize("name", ["x", "A" * 31, "A" * 33, "%00" * 32, "." * 32])
def test_what_no_conversation_is_called_is_a_422(talker: FlaskClient, name: str) -> None:
    for method in ("GET", "DELETE"):
        response = talker.open(f"{ROUTE}/{name}", method=method)
        is_problem(422, response.headers, response.data)


def test_history_and_conversation_do_not_go_together(talker: FlaskClient) -> None:
    body = {"question": "Why?", "history": ["Who mediated?"], "conversation_id": begun(talker)}
    response = talker.post("/api/v1/ask", json=body)

    assert "not both" in str(is_problem(422, response.headers, response.data)["detail"])


def ask_over_http(server: Server, question: str, conversation: str) -> dict[str, Any]:
    body = json.dumps({"question": question, "conversation_id": conversation}).encode()
    response = server.post("/api/v1/ask", body)
    assert response.status == 200, response.body
    return dict(json.loads(response.body))


def test_every_worker_goes_on_with_it_and_it_outlives_them(own: Settings) -> None:
    questions = [f"Who mediated the talks {number}?" for number in range(30)]
    with serving(QA_STORE=own.store, WEB_CONCURRENCY="3") as server:
        conversation = json.loads(server.post(ROUTE, b"").body)["id"]
        for question in questions:
            ask_over_http(server, question, conversation)
            turns = json.loads(server.request("GET", f"{ROUTE}/{conversation}").body)["turns"]
            assert turns[-1]["question"] == question
        server.process.kill()
        server.process.wait()

    found = create_app(own).test_client().get(f"{ROUTE}/{conversation}").json
    assert [turn["question"] for turn in found["turns"]] == questions
