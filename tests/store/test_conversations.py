"""Conversations and opinions: kept for their owner, by every process on the store, and never in the way."""

import threading
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
from qa_service.store import conversations, notebook
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
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a store?.db"
    SqliteStore(path, "rules").close()
    return path


@pytest.fixture
def book(path: Path) -> Iterator[Notebook]:
    book = Notebook(path)
    yield book
    book.close()


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


def test_a_conversation_begins_empty_and_keeps_its_questions_in_order(kept: SqliteConversations) -> None:
    begun = kept.begin(KEY)
    assert kept.find(begun.id, KEY) == begun

    kept.add(begun, FIRST)
    kept.add(begun, SECOND)
    kept.add(begun, FIRST)

    assert kept.find(begun.id, KEY).turns == (FIRST, SECOND, FIRST)
    assert kept.find(begun.id, KEY).history(2) == (SECOND.question, FIRST.question)
    assert kept.find(begun.id, KEY).history(0) == ()


def test_another_process_sees_a_turn_at_once(
    kept: SqliteConversations, elsewhere: SqliteConversations
) -> None:
    begun = kept.begin(KEY)
    for number in range(50):
        writer, reader = (kept, elsewhere) if number % 2 else (elsewhere, kept)
        writer.add(begun, Turn(question=str(number), answer_id="c" * 20))
        assert turns(reader, begun)[-1] == str(number)


def test_ids_are_long_random_and_all_different(kept: SqliteConversations) -> None:
    made = {kept.begin(ANONYMOUS).id for _ in range(200)}

    assert len(made) == 200
    assert all(len(one) == 32 for one in made)
    assert all(len({one[place] for one in made}) > 20 for place in range(32))  # of 64 letters


@pytest.mark.parametrize("owner", OWNERS, ids=lambda one: one.owner)
def test_only_its_owner_finds_goes_on_or_forgets(kept: SqliteConversations, owner: Principal) -> None:
    begun = kept.begin(owner)
    kept.add(begun, FIRST)

    for other in OWNERS:
        if other != owner:
            with pytest.raises(NotFoundError):
                kept.find(begun.id, other)
            with pytest.raises(NotFoundError):
                kept.forget(begun.id, other)
    assert turns(kept, begun, owner) == [FIRST.question]


def test_what_a_principal_may_do_does_not_change_what_it_owns(kept: SqliteConversations) -> None:
    begun = kept.begin(Principal(via=Via.KEY, name="3f9a", scopes=frozenset()))

    assert kept.find(begun.id, KEY).id == begun.id


def test_what_is_forgotten_is_gone_with_its_turns(
    kept: SqliteConversations, path: Path, elsewhere: SqliteConversations
) -> None:
    begun, other = kept.begin(KEY), kept.begin(KEY)
    kept.add(begun, FIRST)
    kept.add(other, SECOND)
    elsewhere.forget(begun.id, KEY)
    kept.add(begun, SECOND)  # by a process that has not heard of it

    for owner in OWNERS:
        with pytest.raises(NotFoundError):
            kept.find(begun.id, owner)
    with pytest.raises(NotFoundError):
        kept.forget(begun.id, KEY)
    assert turns(kept, other) == [SECOND.question]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT question FROM turns").fetchall() == [(SECOND.question,)]


# Under a channel's own key


def test_a_channel_finds_its_thread_again(kept: SqliteConversations, elsewhere: SqliteConversations) -> None:
    begun = kept.under(TEAM, "C1/1700.001")
    kept.add(begun, FIRST)

    again = elsewhere.under(TEAM, "C1/1700.001")
    assert again.id == begun.id
    assert again.turns == (FIRST,)
    assert elsewhere.under(TEAM, "C1/1700.002").id != begun.id
    assert elsewhere.under(OTHER_TEAM, "C1/1700.001").id != begun.id
    assert elsewhere.under(KEY, "C1/1700.001").id != begun.id


def test_two_processes_that_begin_the_same_thread_begin_one(path: Path) -> None:
    found, barrier = [], threading.Barrier(8)

    def begin() -> None:
        book = Notebook(path)
        barrier.wait()
        found.append(SqliteConversations(book, days=30).under(TEAM, "C1/1").id)
        book.close()

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_forgotten_thread_begins_anew(kept: SqliteConversations) -> None:
    begun = kept.under(TEAM, "C1/1")
    kept.add(begun, FIRST)
    kept.forget(begun.id, TEAM)

    assert kept.under(TEAM, "C1/1").turns == ()


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
    monkeypatch.setattr(notebook, "WAITING", 3)
    begun = kept.begin(KEY)
    held.execute("BEGIN IMMEDIATE")
    for number in range(5):
        kept.add(begun, Turn(question=str(number), answer_id="c" * 20))
    held.execute("ROLLBACK")

    assert "could not be written" in caplog.text


def test_what_cannot_be_stored_harms_nothing_else(
    kept: SqliteConversations, caplog: pytest.LogCaptureFixture
) -> None:
    begun = kept.begin(KEY)
    kept.add(begun, Turn(question="\ud800", answer_id="c" * 20))
    kept.add(begun, FIRST)

    assert turns(kept, begun) == [FIRST.question]
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


def test_the_oldest_make_room(book: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "CONVERSATIONS", 3)
    now = [0.0]
    kept = SqliteConversations(book, days=3650, clock=lambda: now[0])
    made = []
    for _ in range(6):
        made.append(kept.begin(KEY))
        now[0] += HOUR

    with pytest.raises(NotFoundError):
        kept.find(made[0].id, KEY)
    assert kept.find(made[-1].id, KEY)


def test_each_owner_makes_room_for_itself_by_last_use(
    book: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "CONVERSATIONS", 3)
    now = [0.0]
    kept = SqliteConversations(book, days=3650, clock=lambda: now[0])
    thread, used, silent = kept.under(TEAM, "C1/1"), kept.begin(ANONYMOUS), kept.begin(ANONYMOUS)
    for _ in range(6):
        now[0] += HOUR
        kept.add(used, FIRST)
        kept.begin(ANONYMOUS)

    assert kept.under(TEAM, "C1/1") == thread
    assert len(turns(kept, used, ANONYMOUS)) == 6
    with pytest.raises(NotFoundError):
        kept.find(silent.id, ANONYMOUS)


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


def test_thumbs_down_are_listed_in_their_order(book: Notebook) -> None:
    opinions = SqliteOpinions(book)
    given = [
        Feedback(answer_id="a", thumb=Thumb.DOWN, comment="Not what I asked", giver="one"),
        Feedback(answer_id="a", thumb=Thumb.UP, giver="two"),
        Feedback(answer_id="b", thumb=Thumb.DOWN, giver="one"),
    ]
    for one in given:
        opinions.give(one)

    assert opinions.against() == [given[0], given[2]]


def test_a_second_opinion_replaces_the_first(book: Notebook) -> None:
    opinions = SqliteOpinions(book)
    opinions.give(Feedback(answer_id="a", thumb=Thumb.DOWN, giver="one"))
    opinions.give(Feedback(answer_id="a", thumb=Thumb.UP, giver="one"))

    assert opinions.against() == []


def test_old_opinions_make_room(book: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "OPINIONS", 3)
    opinions = SqliteOpinions(book)
    for number in range(10):
        opinions.give(Feedback(answer_id=str(number), thumb=Thumb.DOWN, giver="one"))

    assert [one.answer_id for one in opinions.against()] == ["7", "8", "9"]
