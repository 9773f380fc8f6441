"""Conversations and opinions: kept for their owner, by every process on the store, and never in the way."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from channels.running import eventually

from qa_service.domain.conversation import Conversation, Feedback, Thumb, Turn
from qa_service.domain.errors import NotFoundError, StoreError
from qa_service.domain.principal import ANONYMOUS, Principal, Via
from qa_service.store import conversations, later, notebook
from qa_service.store.conversations import DAY, HOUR, SqliteConversations, SqliteOpinions
from qa_service.store.engine import sqlite3  # locks of another copy of SQLite are not seen
from qa_service.store.notebook import Notebook
from qa_service.store.sqlite import SqliteStore

KEY = Principal(via=Via.KEY, name="3f9a")
OTHER_KEY = Principal(via=Via.KEY, name="77b0")
TEAM = Principal(via=Via.TEAM, name="slack/T1")
OTHER_TEAM = Principal(via=Via.TEAM, name="slack/T2")
OWNERS = [ANONYMOUS, KEY, OTHER_KEY, TEAM, OTHER_TEAM]
FIRST = Turn(question="What is the SFA?", answer_id="a" * 20)
SECOND = Turn(question="Who leads it?", answer_id="b" * 20)


@pytest.fixture
def kept(book: Notebook) -> SqliteConversations:
    return SqliteConversations(book, days=30)


@pytest.fixture
def elsewhere(path: Path) -> Iterator[SqliteConversations]:
    """The conversations of another process on the same store."""
    book = Notebook(path)
    yield SqliteConversations(book, days=30)
    book.close()


def turns(kept: SqliteConversations, conversation: Conversation, owner: Principal = KEY) -> list[str]:
    return [turn.question for turn in kept.find(conversation.id, owner).turns]


def test_what_is_forgotten_is_gone_with_its_turns(
    kept: SqliteConversations, path: Path, elsewhere: SqliteConversations
) -> None:
    begun, other = kept.begin(KEY), kept.begin(KEY)
    kept.add(begun, FIRST)
    kept.add(other, SECOND)
    elsewhere.forget(begun.id, KEY)
    kept.add(begun, SECOND)  # by a process that has not heard of it

    with closing(sqlite3.connect(path)) as connection:  # what holds for every store is in the contract
        assert connection.execute("SELECT question FROM turns").fetchall() == [(SECOND.question,)]


# Under a channel's own key


# While an ingest holds the store


@pytest.fixture
def held(path: Path) -> Iterator[Any]:
    """The store's write lock, as a publish holds it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def test_a_turn_does_not_wait_for_a_publish(
    kept: SqliteConversations, book: Notebook, held: Any, elsewhere: SqliteConversations
) -> None:
    begun = kept.begin(KEY)
    kept.add(begun, FIRST)
    held.execute("BEGIN IMMEDIATE")

    started = perf_counter()
    for number in range(20):
        kept.add(begun, Turn(question=str(number), answer_id="c" * 20))
    assert perf_counter() - started < 1
    assert turns(kept, begun) == [FIRST.question, *map(str, range(20))]
    assert turns(elsewhere, begun) == [FIRST.question]

    held.execute("COMMIT")
    kept.add(begun, SECOND)
    book.close()
    assert turns(elsewhere, begun) == [FIRST.question, *map(str, range(20)), SECOND.question]


def test_who_begins_is_told_when_the_store_stays_busy(
    kept: SqliteConversations, held: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "BUSY_SECONDS", 0.1)
    kept.begin(KEY)
    held.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="QA_STORE"):
        kept.begin(KEY)


def test_what_does_not_fit_is_dropped_and_said(
    kept: SqliteConversations,
    held: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(later, "WAITING", 3)
    begun = kept.begin(KEY)
    held.execute("BEGIN IMMEDIATE")
    for number in range(5):
        kept.add(begun, Turn(question=str(number), answer_id="c" * 20))
    held.execute("ROLLBACK")

    assert "could not be written" in caplog.text


def test_one_row_that_cannot_be_written_later_harms_no_other(
    kept: SqliteConversations, book: Notebook, path: Path
) -> None:
    """In the background too: while somebody publishes, the rows wait."""
    begun = kept.begin(KEY)
    with closing(sqlite3.connect(path, isolation_level=None)) as publishing:
        publishing.execute("BEGIN IMMEDIATE")
        for question in ("one", "\ud800", "two"):
            kept.add(begun, Turn(question=question, answer_id="c" * 20))
        kept.add(begun, Turn(question="three", answer_id=object()))  # type: ignore[arg-type]
        publishing.execute("ROLLBACK")
    assert eventually(lambda: not book.waiting)
    kept.add(begun, Turn(question="four", answer_id="c" * 20))

    assert turns(kept, begun) == ["one", "two", "four"]


# Time and room


def test_a_silent_conversation_is_removed_after_its_days(book: Notebook, path: Path) -> None:
    now = [1_700_000_000.0]
    kept = SqliteConversations(book, days=30, clock=lambda: now[0])
    silent, going = kept.begin(KEY), kept.begin(KEY)
    kept.add(silent, FIRST)
    kept.add(going, FIRST)
    now[0] += 20 * DAY
    kept.add(going, SECOND)
    now[0] += 10 * DAY + HOUR
    kept.begin(KEY)

    with pytest.raises(NotFoundError):
        kept.find(silent.id, KEY)
    assert turns(kept, going) == [SECOND.question]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM turns").fetchone() == (1,)


def test_a_long_conversation_keeps_its_latest_questions(
    kept: SqliteConversations, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "TURNS", 3)
    other, begun = kept.begin(KEY), kept.begin(KEY)
    kept.add(other, FIRST)
    for number in range(5):
        kept.add(kept.find(begun.id, KEY), Turn(question=str(number), answer_id="c" * 20))

    assert turns(kept, begun) == ["2", "3", "4"]
    assert turns(kept, other) == [FIRST.question]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM turns").fetchone() == (4,)


def test_opinions_that_wait_do_not_hide_a_conversation(
    kept: SqliteConversations, book: Notebook, held: Any
) -> None:
    begun = kept.begin(KEY)
    held.execute("BEGIN IMMEDIATE")
    SqliteOpinions(book).give(Feedback(answer_id="a", thumb=Thumb.UP, giver="one"))
    kept.add(begun, FIRST)

    assert turns(kept, begun) == [FIRST.question]
    held.execute("ROLLBACK")


# Stores as they come


def test_a_store_that_was_made_without_the_tables_gets_them(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for table in notebook.TABLES:
            connection.execute(f"DROP TABLE {table}")
        connection.commit()
    book = Notebook(path)
    kept = SqliteConversations(book, days=30)
    begun = kept.under(TEAM, "C1/1")

    assert kept.under(TEAM, "C1/1") == begun
    assert SqliteOpinions(book).against() == []
    book.close()


def test_a_missing_store_is_an_outage_and_stays_missing(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    with pytest.raises(StoreError, match="QA_STORE"):
        SqliteConversations(Notebook(missing), days=30).begin(KEY)
    assert not missing.exists()


def test_keeping_does_not_move_the_index_version(path: Path, kept: SqliteConversations) -> None:
    store = SqliteStore(path, "rules")
    version = store.publish(())
    kept.add(kept.begin(KEY), FIRST)

    assert store.version() == version
    store.close()


# Opinions
