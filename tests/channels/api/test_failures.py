"""When the store fails, a caller is told that the service failed: never a refusal, never a traceback."""

import json
import logging
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from channels.api.problems import is_problem
from channels.running import eventually
from qa_service.app import create_app
from qa_service.settings import Settings, load
from qa_service.store.engine import sqlite3

REQUESTS = [
    ("POST", "/api/v1/ask", {"question": "Who mediated?"}),
    ("POST", "/api/v1/ask", {"question": "Who mediated?", "documents": ["x"]}),
    ("GET", "/api/v1/search?q=dam", None),
    ("GET", "/api/v1/documents", None),
    ("GET", "/api/v1/documents/x", None),
    ("GET", "/api/v1/documents/x/text", None),
    ("GET", "/api/v1/documents/x/source", None),
    ("POST", "/api/v1/verify", {"citations": []}),
    ("GET", "/readyz", None),
]


@pytest.fixture
def copied(store_url: str) -> Settings:
    return load({"QA_STORE": store_url})


@pytest.fixture
def own_client(copied: Settings) -> FlaskClient:
    """A client of an application that has read the store once, when it was made."""
    return create_app(copied).test_client()


def garbage(path: Path) -> None:
    path.write_bytes(b"garbage " * 4096)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def unreadable_parent(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_bytes(b"a file where the folder was")


def another_version(connection: Any) -> None:
    """As if something had been published: what is in memory is no longer current."""
    connection.execute("UPDATE meta SET value = 'another' WHERE key = 'mark'")


def missing_table(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE passages")
        another_version(connection)
    connection.close()


@pytest.mark.parametrize("destroy", [garbage, folder, unreadable_parent, missing_table])
def test_a_broken_store_is_a_503_on_every_route(
    own_client: FlaskClient,
    copied: Settings,
    destroy: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("-wal", "-shm"):
        copied.store_path.with_name(f"store.db{name}").unlink(missing_ok=True)
    destroy(copied.store_path)

    for method, path, body in REQUESTS:
        caplog.clear()
        with caplog.at_level(logging.ERROR):
            response = own_client.open(path, method=method, json=body)
        assert response.status_code == 503, path
        assert response.headers["Retry-After"]
        problem = is_problem(503, response.headers, response.data)
        assert str(copied.store_path) not in str(problem)
        assert str(copied.store_path) in caplog.text
    assert own_client.get("/healthz").status_code == 200


def test_a_store_destroyed_while_it_is_open_is_a_503_and_not_a_refusal(
    own_client: FlaskClient, copied: Settings
) -> None:
    assert own_client.post("/api/v1/ask", json={"question": "Who mediated?"}).json["answered"]
    for name in ("store.db", "store.db-wal"):
        path = copied.store_path.with_name(name)
        if path.exists():
            path.write_bytes(b"garbage " * (path.stat().st_size // 8 + 1))

    response = own_client.post("/api/v1/ask", json={"question": "Why did the mediator leave?"})

    if response.status_code != 200:  # pages that are already read may still answer
        is_problem(503, response.headers, response.data)
    else:
        assert response.json["answered"]


def test_a_writer_that_holds_the_store_does_not_stop_readers(
    own_client: FlaskClient, copied: Settings
) -> None:
    writer = sqlite3.connect(copied.store_path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM documents")

    response = own_client.post("/api/v1/ask", json={"question": "Who mediated?"})

    writer.rollback()
    writer.close()
    assert response.status_code == 200
    assert response.json["answered"]


def test_text_that_was_altered_in_the_store_is_never_shown_as_a_source(
    own_client: FlaskClient, copied: Settings
) -> None:
    with sqlite3.connect(copied.store_path) as connection:
        connection.execute("UPDATE documents SET text = replace(text, 'diplomat', 'swindler')")
        another_version(connection)
    connection.close()

    response = own_client.post("/api/v1/ask", json={"question": "Who mediated?"})

    assert response.status_code == 503
    is_problem(503, response.headers, response.data)
    assert "swindler" not in response.text
    claim = {"number": 1, "document_id": "x", "quote": "y", "start": 0, "end": 1}
    claim["document_id"] = own_client.get("/api/v1/documents").json["documents"][0]["id"]
    shown = f"/api/v1/documents/{claim['document_id']}"
    for path in (f"{shown}/text", f"{shown}/context?start=0&end=9", "/api/v1/search?q=mediated", shown[7:]):
        response = own_client.get(path)
        assert response.status_code == 503, path
        assert "swindler" not in response.text
    verdict = own_client.post("/api/v1/verify", json={"citations": [claim]}).json
    assert verdict["citations"][0]["problem"] == "stored_text_altered"


def shorter(sentences: str) -> str:
    """Sentences that end two letters before they do."""
    found = json.loads(sentences)
    return json.dumps([[start, end - 2, *rest] for start, end, *rest in found], separators=(",", ":"))


ALTERED = {
    "a heading": "UPDATE passages SET section = replace(section, 'capitals', 'capytals')",
    "where sentences end": "UPDATE passages SET sentences = shorter(sentences)",
    "names of speakers": "UPDATE documents SET annotations = replace(annotations, 'Sweden', 'Swedem')",
    "names that are known": "UPDATE entries SET value = replace(value, 'Sweden', 'Swedem')",
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_was_altered_beside_the_text_is_not_shown_either(
    own_client: FlaskClient, copied: Settings, what: str
) -> None:
    with sqlite3.connect(copied.store_path) as connection:
        connection.create_function("shorter", 1, shorter)
        assert connection.execute(ALTERED[what]).rowcount
        another_version(connection)
    connection.close()

    for question in ("How do Norway and Sweden differ?", "What does Sweden want?"):
        response = own_client.post("/api/v1/ask", json={"question": question})
        assert response.status_code == 503
        is_problem(503, response.headers, response.data)


def test_a_recorded_answer_that_was_altered_is_not_shown(own_client: FlaskClient, copied: Settings) -> None:
    answer_id = own_client.post("/api/v1/ask", json={"question": "Who mediated?"}).json["id"]
    assert own_client.get(f"/api/v1/answers/{answer_id}").status_code == 200
    assert eventually(lambda: altered(copied.store_path, answer_id))

    for path in (f"/api/v1/answers/{answer_id}", f"/api/v1/answers/{answer_id}/evidence"):
        response = own_client.get(path)
        assert response.status_code == 503
        is_problem(503, response.headers, response.data)


def altered(path: Path, answer_id: str) -> bool:
    """Alter an answer; whether it has been written yet."""
    with closing(sqlite3.connect(path)) as connection, connection:
        sql = "UPDATE answers SET body = replace(body, 'mediat', 'meditat') WHERE id = ?"
        return connection.execute(sql, [answer_id]).rowcount == 1


def test_what_was_found_in_a_text_and_is_damaged_is_told_to_the_operator_alone(
    own_client: FlaskClient, copied: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite3.connect(copied.store_path) as connection:
        connection.execute("UPDATE documents SET annotations = '{zq7marker'")
        another_version(connection)
    connection.close()

    with caplog.at_level(logging.ERROR):
        response = own_client.post("/api/v1/ask", json={"question": "Who mediated?"})

    assert response.status_code == 503
    is_problem(503, response.headers, response.data)
    assert "zq7marker" not in response.text
    assert "Restore the store" in caplog.text
