"""Connections that read one moment of a store: lent to a thread, given back, never able to write."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from samples import one

from qa_service.domain.errors import MovedError, StoreError
from qa_service.domain.ports import Moment
from qa_service.store.readers import Readers, moment_of
from qa_service.store.sqlite import SqliteStore


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path, "rules")) as store:
        store.publish([one("a")])
        yield store


@pytest.fixture
def readers(path: Path) -> Iterator[Readers]:
    with closing(Readers(path)) as readers:
        yield readers


def ids(connection: Any) -> list[str]:
    return [name for (name,) in connection.execute("SELECT id FROM documents ORDER BY id")]


def test_a_moment_is_seen_while_it_is_held_and_then_it_is_gone(store: SqliteStore, readers: Readers) -> None:
    before = store.moment()
    with readers.at(before) as connection:
        store.publish([one("b")])
        assert ids(connection) == ["a"]

    with pytest.raises(MovedError, match="published anew"), readers.at(before):
        pass
    with readers.at(store.moment()) as connection:
        assert ids(connection) == ["a", "b"]


def test_who_holds_one_reads_on_with_it(store: SqliteStore, readers: Readers) -> None:
    moment = store.moment()
    with readers.at(moment) as outer, readers.at(moment) as inner:
        assert inner is outer
    with readers.at(moment) as outer, pytest.raises(MovedError), readers.at(Moment("other", 9, "")):
        pass


def test_two_threads_do_not_share_one(store: SqliteStore, readers: Readers) -> None:
    moment, found = store.moment(), []

    def read() -> None:
        with readers.at(moment) as connection:
            found.append(connection)

    with readers.at(moment) as ours:
        thread = Thread(target=read)
        thread.start()
        thread.join()

    assert found[0] is not ours


def test_one_that_was_given_back_is_lent_again(store: SqliteStore, readers: Readers) -> None:
    with readers.at(store.moment()) as first:
        pass
    with readers.at(store.moment()) as second:
        assert second is first
        assert second.in_transaction
    assert not second.in_transaction


def test_one_that_met_an_error_is_not(store: SqliteStore, readers: Readers) -> None:
    with pytest.raises(KeyError), readers.at(store.moment()) as first:
        raise KeyError
    with readers.at(store.moment()) as second:
        assert second is not first
    with pytest.raises(Exception, match="closed"):
        first.execute("SELECT 1")


def test_the_file_is_read_as_memory(store: SqliteStore, readers: Readers) -> None:
    with readers.at(store.moment()) as connection:
        assert connection.execute("PRAGMA mmap_size").fetchone()[0] > 2**30


def test_none_can_write(store: SqliteStore, readers: Readers) -> None:
    with pytest.raises(StoreError, match="QA_STORE"), readers.at(store.moment()) as connection:
        connection.execute("DELETE FROM documents")

    assert list(store.snapshot().ids()) == ["a"]


@pytest.mark.parametrize("nested", [False, True])
def test_what_cannot_be_read_is_an_outage(store: SqliteStore, readers: Readers, nested: bool) -> None:
    with pytest.raises(StoreError, match="QA_STORE"), readers.at(store.moment()) as connection:
        if nested:
            with readers.at(store.moment()) as again:
                again.execute("SELECT * FROM nowhere")
        connection.execute("SELECT * FROM nowhere")


def test_after_all_is_closed_none_is_open(store: SqliteStore, readers: Readers) -> None:
    with readers.at(store.moment()) as connection:
        pass
    readers.close()

    with pytest.raises(Exception, match="closed"):
        connection.execute("SELECT 1")


def test_a_moment_is_read_from_what_the_store_remembers() -> None:
    assert moment_of({}) == Moment("", 0, "")
    assert moment_of({"version": "a1", "position": "7", "mark": "m"}) == Moment("a1", 7, "m")
    with pytest.raises(StoreError, match=r"\bmeta\.version\b.*\bit names no version\b"):
        moment_of({"version": "a/1", "position": "7"})
    with pytest.raises(StoreError, match=r"meta\.position|position"):
        moment_of({"version": "a1", "position": "seven"})
