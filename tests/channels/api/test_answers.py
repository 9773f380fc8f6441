"""/answers/{id}: what was answered, again, and the evidence for it."""

import hashlib
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from building import COMMENTARY, ingested, settings_in
from flask.testing import FlaskClient

from channels.api.problems import is_problem
from channels.api.test_openapi import conforms
from channels.conftest import QUESTIONS
from channels.running import serving
from qa_service.app import create_app
from qa_service.settings import Settings
from qa_service.wiring import Service

OTHER = "# Other\n\nThe other weir was finished in 1973.\n"


@pytest.fixture
def recording_settings(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path, QA_RECORD_ANSWERS="true")
    ingested(settings).store.close()
    return settings


@pytest.fixture
def recorder(recording_settings: Settings) -> FlaskClient:
    return create_app(recording_settings).test_client()


@pytest.fixture
def publisher(recording_settings: Settings) -> Iterator[Service]:
    service = Service(recording_settings)
    yield service
    service.store.close()


def asked(client: FlaskClient, question: str = "Who mediated?") -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/api/v1/ask", json={"question": question}).json
    return answer


def test_every_kind_of_answer_is_given_again(recorder: FlaskClient) -> None:
    document = recorder.get("/openapi.json").json
    for question in QUESTIONS.values():
        answer = asked(recorder, question)
        again = recorder.get(f"/api/v1/answers/{answer['id']}").json

        conforms(document, "/api/v1/answers/{answer_id}", again)
        assert again == answer | {"index_changed": False}


def test_an_explained_answer_is_found_too(recorder: FlaskClient) -> None:
    answer = recorder.post("/api/v1/ask?explain=1", json={"question": "Who mediated?"}).json

    assert recorder.get(f"/api/v1/answers/{answer['id']}").status_code == 200


def test_it_says_that_the_index_has_changed(
    recorder: FlaskClient, publisher: Service, tmp_path: Path
) -> None:
    answer = asked(recorder)
    other = tmp_path / "other.md"
    other.write_text(OTHER, "utf-8")
    publisher.indexing.ingest([other])

    again = recorder.get(f"/api/v1/answers/{answer['id']}").json
    assert again == answer | {"index_changed": True}


def test_every_worker_finds_it(recording_settings: Settings) -> None:
    with serving(QA_STORE=recording_settings.store, WEB_CONCURRENCY="2") as server:
        answer = json.loads(server.post("/api/v1/ask", b'{"question": "Who mediated?"}').body)
        for _ in range(10):
            assert server.request("GET", f"/api/v1/answers/{answer['id']}").status == 200


def test_it_outlives_the_server(recording_settings: Settings) -> None:
    with serving(QA_STORE=recording_settings.store) as server:
        answer = json.loads(server.post("/api/v1/ask", b'{"question": "Who mediated?"}').body)
        server.end()

    client = create_app(recording_settings).test_client()
    assert client.get(f"/api/v1/answers/{answer['id']}").status_code == 200


def test_answers_go_on_when_a_worker_that_records_is_killed(recording_settings: Settings) -> None:
    with serving(QA_STORE=recording_settings.store) as server:
        for number in range(20):
            body = json.dumps({"question": f"Who mediated the talks {number}?"}).encode()
            assert server.post("/api/v1/ask", body).status == 200
        os.kill(min(server.workers()), signal.SIGKILL)
        server.wait()
        assert server.post("/api/v1/ask", b'{"question": "Who mediated?"}').status == 200


@pytest.mark.parametrize("rest", ["", "/evidence"])
def test_an_unknown_answer_is_a_404(recorder: FlaskClient, rest: str) -> None:
    response = recorder.get(f"/api/v1/answers/{'0' * 20}{rest}")

    is_problem(404, response.headers, response.data)


@pytest.mark.parametrize("name", ["x", "0" * 19, "G" * 20, "0" * 300, "%00"])
def test_what_no_answer_is_called_is_a_422(recorder: FlaskClient, name: str) -> None:
    response = recorder.get(f"/api/v1/answers/{name}")

    is_problem(422, response.headers, response.data)


def test_without_recording_there_is_nothing_to_find(client: FlaskClient) -> None:
    answer = asked(client)

    assert client.get(f"/api/v1/answers/{answer['id']}").status_code == 404


# Evidence


def test_the_evidence_holds_the_answer_its_quotes_and_both_hashes(recorder: FlaskClient) -> None:
    document = recorder.get("/openapi.json").json
    for question in QUESTIONS.values():
        answer = asked(recorder, question)
        pack = recorder.get(f"/api/v1/answers/{answer['id']}/evidence").json

        conforms(document, "/api/v1/answers/{answer_id}/evidence", pack)
        assert pack["answer"] == answer
        cited = answer["citations"] or (answer["refusal"] or {"nearest": []})["nearest"]
        assert [one["quote"] for one in pack["quotes"]] == [one["quote"] for one in cited]
        for one in pack["documents"]:
            assert one["original_sha256"] == hashlib.sha256(COMMENTARY.read_bytes()).hexdigest()
            assert one["bytes"] == COMMENTARY.stat().st_size
            assert one["unit"] == "character"


def test_the_spans_of_the_original_hold_the_words(recorder: FlaskClient) -> None:
    original = COMMENTARY.read_text("utf-8")
    pack = recorder.get(f"/api/v1/answers/{asked(recorder)['id']}/evidence").json

    for quote in pack["quotes"]:
        found = "".join(original[one["start"] : one["end"]] for one in quote["original"])
        assert found.split() == quote["quote"].split()


def test_the_same_evidence_is_the_same_bytes(recorder: FlaskClient) -> None:
    path = f"/api/v1/answers/{asked(recorder)['id']}/evidence"

    assert recorder.get(path).data == recorder.get(path).data


def test_an_older_answer_has_its_evidence_while_its_text_is_there(
    recorder: FlaskClient, publisher: Service, tmp_path: Path
) -> None:
    answer = asked(recorder)
    other = tmp_path / "other.md"
    other.write_text(OTHER, "utf-8")
    publisher.indexing.ingest([other])

    response = recorder.get(f"/api/v1/answers/{answer['id']}/evidence")
    assert response.status_code == 200
    assert response.json["answer"] == answer


def test_when_the_text_is_gone_it_is_a_410(recorder: FlaskClient, publisher: Service) -> None:
    answer = asked(recorder)
    publisher.indexing.remove(answer["citations"][0]["document_id"])

    response = recorder.get(f"/api/v1/answers/{answer['id']}/evidence")
    is_problem(410, response.headers, response.data)
    assert recorder.get(f"/api/v1/answers/{answer['id']}").json["index_changed"] is True


def test_the_pack_of_the_service_is_the_pack_of_the_route(recorder: FlaskClient, publisher: Service) -> None:
    answer = asked(recorder)

    pack = json.loads(json.dumps(asdict(publisher.pack(answer))))
    assert recorder.get(f"/api/v1/answers/{answer['id']}/evidence").json == pack
