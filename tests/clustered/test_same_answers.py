"""A cluster gives the bytes that a file of the same contents gives, and every command works with it."""

import json
from pathlib import Path

import pytest
from building import COMMENTARY
from flask.testing import FlaskClient
from nodes import HOST
from stores import Command

from qa_service.settings import CHECKOUT, Settings

pytestmark = pytest.mark.opensearch
QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "questions.jsonl").read_text("utf-8").splitlines()
]
OTHERS = (
    "How do the US and Russia differ on the Taliban?",
    "When was the third Moscow meeting held?",
    "When was the fourth Moscow meeting held?",
    "What does the Talibann want?",
    "Who is Halvardd Strom?",
    "What is the weather on Mars?",
    "Hello!",
    "Summarize.",
)
PAGES = (
    "/api/v1/documents",
    "/api/v1/search?q=dam+water&limit=20",
    "/api/v1/divergences?a=Norway&b=Sweden",
    "/api/v1/timeline?topic=Taliban",
    "/api/v1/suggestions",
)


def test_answers_are_the_same_byte_for_byte(file_client: FlaskClient, cluster_client: FlaskClient) -> None:
    asked = [{"question": one["question"], "history": one["history"]} for one in QUESTIONS]
    asked += [{"question": text, "history": []} for text in OTHERS]
    for body in asked:
        one, other = (client.post("/api/v1/ask", json=body) for client in (file_client, cluster_client))
        assert (one.status_code, one.data) == (other.status_code, other.data), body
    assert len(asked) == len(QUESTIONS) + len(OTHERS)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_the_same_byte_for_byte(
    file_client: FlaskClient, cluster_client: FlaskClient, page: str
) -> None:
    one, other = (client.get(page) for client in (file_client, cluster_client))
    assert (one.status_code, one.data) == (200, other.data)


def test_texts_and_originals_are_the_same(file_client: FlaskClient, cluster_client: FlaskClient) -> None:
    documents = file_client.get("/api/v1/documents").json["documents"]
    assert len(documents) > 1
    for document in documents:
        for what in ("text", "source"):
            page = f"/api/v1/documents/{document['id']}/{what}"
            assert file_client.get(page).data == cluster_client.get(page).data


def test_ready_tells_the_cluster(cluster_client: FlaskClient) -> None:
    ready = cluster_client.get("/readyz").json
    assert ready["status"] == "ready"
    assert ready["candidates"] in {"memory", "opensearch"}
    assert ready["opensearch"].startswith("2.")
    assert "sqlite" not in ready


def test_commands_work_with_a_cluster(empty: str, alone: Settings, command: Command) -> None:
    assert "There is no store" in command(empty, "ask", "Who?").stderr
    ingested = command(empty, "ingest", str(COMMENTARY), str(CHECKOUT / "index" / "corpus"))
    assert ingested.returncode == 0, ingested.stderr
    for words in (
        ["ask", "What did Norway reject?"],
        ["ask", "Who won the war on Mars?"],
        ["documents", "list"],
    ):
        one, other = command(alone.store, *words), command(empty, *words)
        assert (one.returncode, one.stdout) == (other.returncode, other.stdout)
    document_id = command(empty, "documents", "list").stdout.split()[0]
    removed = command(empty, "documents", "remove", document_id)
    assert removed.returncode == 0, removed.stderr
    assert document_id not in command(empty, "documents", "list").stdout
    assert "OpenSearch's own snapshots" in command(empty, "backup", "copy.db").stderr


@pytest.mark.parametrize(
    ("store", "said"),
    [
        (f"opensearch://{HOST}:1/qa", "cannot be reached"),
        (f"opensearch://reader:hunter2@{HOST}", "QA_STORE"),
    ],
)
def test_a_cluster_that_is_not_there_is_told_with_the_setting(
    command: Command, store: str, said: str
) -> None:
    found = command(store, "ask", "Who?")
    assert found.returncode not in {0, 3}
    assert said in found.stderr
    assert "QA_STORE" in found.stderr
    assert "hunter2" not in found.stderr
