"""`qa-service ask --pack` and `qa-service verify --offline`."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from building import COMMENTARY

from channels.running import Done, invoke, run
from qa_service.store.answers import SqliteAnswers
from qa_service.store.recording import Recording


@pytest.fixture
def pack(store_url: str, tmp_path: Path) -> Path:
    path = tmp_path / "pack.json"
    done = invoke("ask", "Who mediated?", "--pack", path, QA_STORE=store_url)
    assert done.returncode == 0
    assert done.stdout == invoke("ask", "Who mediated?", QA_STORE=store_url).stdout
    return path


def offline(*arguments: str | Path) -> Done:
    """With a store that cannot be used: none is asked."""
    return invoke("verify", "--offline", *arguments, QA_STORE="sqlite:////nowhere/store.db")


def test_a_pack_is_verified_without_a_store(pack: Path) -> None:
    done = offline(pack, COMMENTARY)

    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert all(line.endswith(": valid") for line in lines)
    assert [line.split()[0] for line in lines] == ["document", "quote", "answer"]


def test_a_new_process_verifies_it_too(pack: Path) -> None:
    assert (
        run("verify", "--offline", pack, COMMENTARY, QA_STORE="sqlite:////nowhere/store.db").returncode == 0
    )


def test_what_was_altered_is_told(pack: Path) -> None:
    found = json.loads(pack.read_text("utf-8"))
    found["quotes"][0]["quote"] = "Somebody mediated."
    pack.write_text(json.dumps(found), "utf-8")

    done = offline(pack, COMMENTARY)
    assert done.returncode == 1
    assert "quote_differs" in done.stdout
    told = json.loads(offline("--json", pack, COMMENTARY).stdout)
    assert told["valid"] is False
    assert {one["problem"] for one in told["verdicts"]} == {None, "quote_differs", "answer_differs"}


@pytest.mark.parametrize("text", ["", "{}", "[]", "no JSON", '{"format": 1}', "\x00"])
def test_what_is_no_pack_is_a_usage_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pack.json"
    path.write_text(text, "utf-8")

    done = offline(path, COMMENTARY)
    assert done.returncode == 2
    assert "not an evidence pack" in done.stderr


def test_a_pack_of_another_format_is_a_usage_error(pack: Path) -> None:
    found = json.loads(pack.read_text("utf-8")) | {"format": "qa-service evidence pack 2"}
    pack.write_text(json.dumps(found), "utf-8")

    done = offline(pack, COMMENTARY)
    assert done.returncode == 2
    assert "another format" in done.stderr


def test_originals_have_to_be_named(pack: Path, store_url: str) -> None:
    assert offline(pack).returncode == 2
    assert invoke("verify", pack, COMMENTARY, QA_STORE=store_url).returncode == 2


def test_a_file_that_cannot_be_written_is_a_usage_error(store_url: str, tmp_path: Path) -> None:
    done = invoke("ask", "Who mediated?", "--pack", tmp_path / "no" / "pack.json", QA_STORE=store_url)

    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_a_refusal_has_a_pack_of_what_stood_nearest(store_url: str, tmp_path: Path) -> None:
    path = tmp_path / "pack.json"
    done = invoke("ask", "When was the fourth round held?", "--pack", path, QA_STORE=store_url)

    assert done.returncode == 3
    assert json.loads(path.read_text("utf-8"))["quotes"]
    assert offline(path, COMMENTARY).returncode == 0


def test_what_was_asked_is_recorded_unless_that_is_unwanted(store_url: str, tmp_path: Path) -> None:
    kept = json.loads(run("ask", "Who mediated?", "--json", QA_STORE=store_url).stdout)
    run("ask", "What is the SFA?", QA_STORE=store_url, QA_RECORD_ANSWERS="false")

    recording = Recording(SqliteAnswers(tmp_path / "store.db"))
    found = recording.find(kept["id"])
    assert found is not None
    assert found.answer == kept
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone()[0] == 1
