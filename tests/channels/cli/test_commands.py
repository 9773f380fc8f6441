"""The installed command: what it prints where, and the exit codes of the contract.

`run` starts it as a process; `invoke`, for the long tables, calls the same entry point in this one.
"""

import json
import os
import pty
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from channels.conftest import QUESTIONS
from channels.running import COMMAND, Done, environment, invoke, run

GOOD = "# The Weir\n\nIn 2014, Norway said that the weir was safe.\n"


@pytest.fixture
def empty_store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "weir.md"
    path.write_text(GOOD, "utf-8")
    return path


def documents(store: str) -> list[dict[str, Any]]:
    return json.loads(invoke("documents", "list", "--json", QA_STORE=store).stdout)


def complains_in_one_line(done: Done, word: str, code: int = 1) -> None:
    assert done.returncode == code
    assert done.stdout == ""
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


# ingest


def test_ingest_takes_files_and_folders(empty_store: str, good: Path, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "dam.txt").write_text("The dam\n\nThe dam was finished in 1972.\n", "utf-8")

    done = run("ingest", good, folder, QA_STORE=empty_store)

    assert (done.returncode, done.stderr) == (0, "")
    assert "2 added" in done.stdout
    assert len(documents(empty_store)) == 2


def test_ingest_names_what_it_rejects_and_takes_the_others(
    empty_store: str, good: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "broken.pdf"
    bad.write_bytes(b"no PDF")

    done = run("ingest", bad, good, tmp_path / "missing.txt", QA_STORE=empty_store)

    assert done.returncode == 1
    assert "1 added" in done.stdout
    complaints = done.stderr.strip().splitlines()
    assert sorted(line.split(": ")[0].rsplit("/")[-1] for line in complaints) == ["broken.pdf", "missing.txt"]
    assert all(line.startswith("rejected ") and len(line.split(": ", 1)[1]) > 10 for line in complaints)
    assert [one["title"] for one in documents(empty_store)] == ["The Weir"]


def test_the_same_bytes_twice_are_one_document(empty_store: str, good: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.md"
    copy.write_bytes(good.read_bytes())

    first = invoke("ingest", "--json", good, QA_STORE=empty_store)
    again = run("ingest", "--json", good, copy, QA_STORE=empty_store)

    assert (first.returncode, again.returncode) == (0, 0)
    told = json.loads(again.stdout)
    assert told["added"] == []
    assert told["known"] == json.loads(first.stdout)["added"]
    assert told["version"] == json.loads(first.stdout)["version"]
    assert len(documents(empty_store)) == 1


def test_a_line_of_jsonl_is_a_document_with_its_own_id(empty_store: str, tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    file.write_text(
        '{"id": "weir-1", "title": "The Weir", "text": "The weir was finished in 1972."}\n'
        '{"id": "weir-2", "title": "No text"}\n',
        "utf-8",
    )

    done = invoke("ingest", file, QA_STORE=empty_store)

    assert done.returncode == 1
    assert "text" in done.stderr
    assert [one["id"] for one in documents(empty_store)] == ["weir-1"]


def test_progress_is_shown_on_a_terminal_only(empty_store: str, good: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text("# Other\n\nThe other weir was finished in 1973.\n", "utf-8")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, "ingest", good, other],
        env=environment({"QA_STORE": empty_store, "TERM": "xterm"}),
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)

    printed = process.communicate(timeout=60)[0]
    shown = os.read(ours, 65536)
    os.close(ours)

    assert process.returncode == 0
    assert b"Reading" in shown
    assert b"Reading" not in printed


# ask


def test_ask_prints_the_answer_and_where_it_stands(store_url: str) -> None:
    done = run("ask", QUESTIONS["fact"], QA_STORE=store_url)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Amara Osei" in done.stdout
    assert "[1] Ingrid Vale, Low Water on the Skarn, 2021-09-14" in done.stdout


def test_a_refusal_exits_with_3_and_is_told_apart_from_an_answer(store_url: str) -> None:
    done = invoke("ask", QUESTIONS["refusal"], QA_STORE=store_url)

    assert (done.returncode, done.stderr) == (3, "")
    assert "Questions that these documents answer:" in done.stdout


def test_json_is_the_object_of_the_api(store_url: str, client: FlaskClient) -> None:
    for kind, code in {"divergence": 0, "timeline": 0, "refusal": 3, "small_talk": 3}.items():
        done = invoke("ask", "--json", QUESTIONS[kind], QA_STORE=store_url)
        assert done.returncode == code
        assert json.loads(done.stdout) == client.post("/api/v1/ask", json={"question": QUESTIONS[kind]}).json


def test_history_and_documents_are_as_in_the_api(store_url: str, client: FlaskClient) -> None:
    document_id = client.get("/api/v1/documents").json["documents"][0]["id"]
    earlier = "What does Norway say about the Halvard dam?"

    done = invoke(
        "ask", "--json", "And Sweden?", "--history", earlier, "--document", document_id, QA_STORE=store_url
    )

    body = {"question": "And Sweden?", "history": [earlier], "documents": [document_id]}
    assert json.loads(done.stdout) == client.post("/api/v1/ask", json=body).json


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("ask",),
        ("ask", ""),
        ("ask", "   "),
        ("ask", "x" * 2001),
        ("ask", "\udcff\udcfe"),  # as Python hands over bytes that are no UTF-8
        ("ask", "Who?", "--history", "\udcff"),
        ("ask", "Who?", "--document", "nope"),
        ("ask", "Who?", "and?"),
        ("ask", "Who?", "--nonsense"),
        ("ingest",),
        ("serve", "--port", "0"),
        ("serve", "--port", "70000"),
        ("verify", "missing.json"),
        ("documents", "show", "nope"),
        ("documents", "remove", "nope"),
        ("nonsense",),
    ],
)
def test_usage_exits_with_2_and_says_why(store_url: str, arguments: tuple[str, ...]) -> None:
    done = invoke(*arguments, QA_STORE=store_url)

    assert done.returncode == 2
    assert done.stdout == ""
    assert "Usage: qa-service" in done.stderr
    assert "Traceback" not in done.stderr


# verify


@pytest.fixture
def answer(client: FlaskClient) -> dict[str, Any]:
    return client.post("/api/v1/ask", json={"question": QUESTIONS["timeline"]}).json


def verified(store: str, folder: Path, content: object, run: Callable[..., Done] = run) -> Done:
    file = folder / "answer.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return run("verify", file, QA_STORE=store)


def test_what_was_answered_verifies(store_url: str, tmp_path: Path, answer: dict[str, Any]) -> None:
    done = verified(store_url, tmp_path, answer)

    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == len(answer["citations"])
    assert all(line.endswith(": valid") for line in done.stdout.splitlines())


def test_what_was_altered_is_named(store_url: str, tmp_path: Path, answer: dict[str, Any]) -> None:
    answer["citations"][1]["quote"] += "!"

    done = verified(store_url, tmp_path, answer, invoke)

    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if "valid" not in line] == [
        f"[2] {answer['citations'][1]['document_id']}: quote_differs"
    ]


CLAIM = {"number": 1, "document_id": "x", "quote": "y", "start": 0, "end": 1}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no JSON",
        "[]",
        "7",
        "{}",
        "[" * 100_000,
        {"citations": None},
        {"citations": [7]},
        {"citations": [{}]},
        {"citations": [CLAIM | {"start": "0"}]},
        {"citations": [CLAIM | {"start": -5, "end": -1}]},
        {"citations": [CLAIM | {"document_id": ["x"]}]},
        {"citations": [CLAIM | {"quote": None}]},
    ],
    ids=str,
)
def test_what_is_no_answer_object_is_usage(store_url: str, tmp_path: Path, content: object) -> None:
    done = verified(store_url, tmp_path, content, invoke)

    assert done.returncode == 2
    assert "is not an answer object" in done.stderr
    assert "Traceback" not in done.stderr


# documents


def test_documents_are_listed_shown_and_removed(store_url: str, client: FlaskClient) -> None:
    known = client.get("/api/v1/documents").json["documents"][0]

    listed = invoke("documents", "list", QA_STORE=store_url)
    shown = invoke("documents", "show", known["id"], QA_STORE=store_url)
    shown_json = json.loads(invoke("documents", "show", "--json", known["id"], QA_STORE=store_url).stdout)
    removed = invoke("documents", "remove", known["id"], QA_STORE=store_url)

    assert listed.stdout == f"{known['id']}\t2021-09-14\tIngrid Vale\tLow Water on the Skarn\n"
    assert client.get(f"/api/v1/documents/{known['id']}/text").text in shown.stdout
    assert shown_json[0]["sha256"] == known["sha256"]
    assert removed.returncode == 0
    assert known["id"] in removed.stdout
    assert documents(store_url) == []
    assert invoke("ask", QUESTIONS["fact"], QA_STORE=store_url).returncode == 3


# settings and stores that are wrong


def test_what_is_wrong_is_one_line_from_the_process_as_well(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"garbage " * 1000)
    broken = f"sqlite:///{tmp_path / 'broken.db'}"

    complains_in_one_line(run("serve", QA_STORE=broken), "QA_STORE")
    assert run("ask", b"\xff\xfe", QA_STORE=store_url).returncode == 2


@pytest.mark.parametrize("command", [("ask", "Who?"), ("documents", "list"), ("serve",), ("ingest", ".")])
def test_an_unknown_setting_is_named(command: tuple[str, ...], store_url: str) -> None:
    complains_in_one_line(invoke(*command, QA_STORE=store_url, QA_STROE="x"), "QA_STROE")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("QA_QUESTION_CHARACTERS", "many"),
        ("QA_QUESTION_CHARACTERS", "0"),
        ("QA_REMEMBERED_ANSWERS", "-1"),
        ("QA_STORE", "relative.db"),
        ("QA_STORE", "sqlite:///relative.db"),
        ("QA_STORE", "postgres://somewhere"),
        ("QA_STORE", ""),
        ("QA_PROMPTS", "/nowhere/prompts"),
        ("QA_ALIASES", "/nowhere/aliases.toml"),
    ],
)
def test_a_wrong_setting_is_named(store_url: str, setting: str, value: str) -> None:
    complains_in_one_line(invoke("ask", "Who?", **{"QA_STORE": store_url, setting: value}), setting)


def test_a_folder_of_prompts_without_the_prompts_is_named(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()

    done = invoke("ask", "Who?", QA_STORE=store_url, QA_PROMPTS=str(tmp_path / "prompts"))

    complains_in_one_line(done, "QA_PROMPTS")


def test_sources_that_are_missing_are_named(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "QA_SOURCES": str(tmp_path / "nowhere.toml")}

    complains_in_one_line(invoke("ask", "Who?", **home), "QA_SOURCES")


@pytest.mark.parametrize("command", [("ask", "Who?"), ("documents", "list"), ("serve",)])
def test_a_store_that_cannot_be_used_is_told_in_one_line(command: tuple[str, ...], tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"garbage " * 1000)
    (tmp_path / "folder.db").mkdir()
    for name in ("broken.db", "folder.db"):
        complains_in_one_line(invoke(*command, QA_STORE=f"sqlite:///{tmp_path / name}"), "QA_STORE")


def test_a_store_of_another_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "later.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    before = path.read_bytes()

    complains_in_one_line(invoke("ask", "Who?", QA_STORE=f"sqlite:///{path}"), "schema 99")

    assert path.read_bytes() == before


def test_version_and_help() -> None:
    assert invoke("--version").stdout.startswith("qa-service, version ")
    assert "Usage: qa-service" in invoke("-h").stdout


def test_verify_names_an_answer_that_tells_something_else_than_it_quotes(
    store_url: str, tmp_path: Path
) -> None:
    answer = json.loads(invoke("ask", "--json", QUESTIONS["fact"], QA_STORE=store_url).stdout)
    answer["statements"][0]["text"] = answer["statements"][0]["text"].replace("e", "a")
    file = tmp_path / "forged.json"
    file.write_text(json.dumps(answer), "utf-8")
    done = invoke("verify", str(file), QA_STORE=store_url)
    assert done.returncode == 1
    assert "tells something else than it quotes" in done.stderr


@pytest.mark.parametrize("command", [("ask", "Who?"), ("documents", "list"), ("unanswered",)])
def test_a_store_that_is_not_there_is_not_made_by_who_reads(command: tuple[str, ...], tmp_path: Path) -> None:
    done = invoke(*command, QA_STORE=f"sqlite:///{tmp_path / 'mistyped' / 'store.db'}")
    assert done.returncode == 1
    complains_in_one_line(done, "There is no store")
    assert not (tmp_path / "mistyped").exists()


def test_an_empty_store_says_so(empty_store: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"no PDF")
    assert invoke("ingest", bad, QA_STORE=empty_store).returncode == 1
    done = invoke("ask", "Who leads the commission?", QA_STORE=empty_store)
    assert done.returncode == 3
    assert "No document is indexed yet" in done.stdout


def test_a_greeting_is_no_unanswered_question(store_url: str) -> None:
    invoke("ask", "Hello!", QA_STORE=store_url)
    assert "Hello!" not in invoke("unanswered", QA_STORE=store_url).stdout
