"""What was answered is kept in the store, beside the answers and never in their way."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from channels.running import eventually

from qa_service.domain.answer import Answer
from qa_service.domain.errors import StoreError
from qa_service.domain.question import Message
from qa_service.settings import Settings
from qa_service.store import engine, recording
from qa_service.store.answers import SqliteAnswers
from qa_service.store.recording import Recording
from qa_service.store.sqlite import SqliteStore

MESSAGE = Message(text="Who mediated?", history=("What is the SFA?",), documents=("a", "b"))


@pytest.fixture
def kept(path: Path) -> Iterator[Recording]:
    kept = Recording(SqliteAnswers(path))
    yield kept
    kept.close()


@pytest.fixture
def answer(ask: Callable[..., Answer]) -> Answer:
    return ask("Who mediated?")


def rows(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])


def test_the_same_answer_is_kept_once(kept: Recording, path: Path, answer: Answer) -> None:
    for _ in range(3):
        kept.record(MESSAGE, answer)
    kept.close()

    assert rows(path) == 1


def test_few_wait_for_an_unknown_answer(kept: Recording) -> None:
    """Twenty at once, in eight threads: all but a few are told without waiting."""

    def seconds(number: int) -> float:
        begun = perf_counter()
        assert kept.find(f"{number:020x}") is None
        return perf_counter() - begun

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(seconds, range(20)))
    assert 1 <= sum(one >= recording.ELSEWHERE for one in taken) <= 2 * recording.PATIENT
    assert sum(taken) < 20 * recording.ELSEWHERE / 2


def test_a_store_that_was_made_without_the_table_gets_it(path: Path, answer: Answer) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE answers")
        connection.commit()
    kept = Recording(SqliteAnswers(path))

    assert kept.find(answer.id) is None
    assert kept.refused() == []
    kept.record(MESSAGE, answer)
    kept.close()
    assert rows(path) == 1


def test_what_does_not_fit_is_dropped_counted_and_told_once(
    path: Path,
    answer: Answer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow(batch: object) -> None:
        written.set()
        go_on.wait(10)

    answers = SqliteAnswers(path)
    monkeypatch.setattr(answers, "write", slow)
    kept = Recording(answers)
    kept.record(MESSAGE, answer)
    assert written.wait(10)
    begun = perf_counter()
    for number in range(recording.WAITING + 5):
        kept.record(MESSAGE, replace(answer, id=str(number)))
    assert perf_counter() - begun < 5  # nothing waited for the writer
    go_on.set()

    assert kept.dropped == 5
    assert [one.levelno for one in caplog.records] == [logging.WARNING]


def test_a_store_that_cannot_be_written_does_not_record_and_says_so(
    tmp_path: Path, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    missing = tmp_path / "missing.db"
    kept = Recording(SqliteAnswers(missing))
    kept.record(MESSAGE, answer)
    kept.close()

    assert kept.dropped == 1
    assert "could not be recorded" in caplog.text
    assert not missing.exists()


def test_a_read_only_store_does_not_record(
    path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(path: Path, _names: tuple[str, ...], busy: float) -> Any:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        return engine.sqlite3.connect(uri, uri=True, timeout=busy, isolation_level=None)

    monkeypatch.setattr("qa_service.store.answers.opened", read_only)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    kept = Recording(SqliteAnswers(path))
    kept.record(MESSAGE, answer)
    kept.close()

    assert kept.dropped == 1
    assert rows(path) == 0


def test_a_damaged_store_is_an_outage_for_who_reads(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"no database at all, but long enough to be taken for one" * 20)

    with pytest.raises(StoreError, match="QA_STORE"):
        Recording(SqliteAnswers(path)).find("0" * 20)


def test_nothing_is_recorded_after_the_end(kept: Recording, path: Path, answer: Answer) -> None:
    kept.close()
    kept.record(MESSAGE, answer)
    kept.close()

    assert rows(path) == 0


def test_recording_does_not_move_the_index_version(own_settings: Settings, answer: Answer) -> None:
    store = SqliteStore(own_settings.store_path, "rules")
    version = store.publish(())
    kept = Recording(SqliteAnswers(own_settings.store_path))
    kept.record(MESSAGE, answer)
    kept.close()

    assert store.version() == version
    store.close()


def test_a_row_that_cannot_be_written_harms_no_other_and_the_thread_goes_on(
    kept: Recording, path: Path, answer: Answer
) -> None:
    for name in ("one", "two"):
        kept.record(Message(text=name), replace(answer, id=name))
        kept.record(Message(text="\ud800"), replace(answer, id=f"not {name}"))
        kept.record(Message(text=name), replace(answer, id=f"{name} too"))
        assert eventually(lambda: not kept._unwritten)
    kept.close()

    with closing(sqlite3.connect(path)) as connection:
        found = [row[0] for row in connection.execute("SELECT id FROM answers ORDER BY rowid")]
    assert found == ["one", "one too", "two", "two too"]
    assert kept.dropped == 2


def test_answers_take_no_more_room_than_they_may(
    kept: Recording, path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "KEPT_BYTES", 100_000)
    monkeypatch.setattr(recording, "WEIGHED_EVERY", 1)
    for number in range(40):
        kept.record(Message(text="x" * 9000), replace(answer, id=str(number)))
    kept.close()

    with closing(sqlite3.connect(path)) as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM answers ORDER BY rowid")]
    assert ids == [str(number) for number in range(40 - len(ids), 40)]
    assert 5 < len(ids) < 100_000 / 9000
