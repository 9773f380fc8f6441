"""The Store in a SQLite file: what is its own beside the contract of all stores."""

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from building import at_once
from samples import RICH, one
from shelving import contents

from qa_service.domain.errors import IntegrityError, StoreError
from qa_service.store import readers, sqlite
from qa_service.store.backing_up import before_schema
from qa_service.store.engine import sqlite3
from qa_service.store.migrating import SCHEMA
from qa_service.store.sqlite import SqliteStore

RULES = "rules 1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "very" / "deep" / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path, RULES)
    yield store
    store.close()


def test_what_is_removed_leaves_no_row(store: SqliteStore, path: Path) -> None:
    store.publish([one("a"), one("b")])
    store.publish((), removed=["a", "never there"])
    store.publish((), removed=["b"])
    with sqlite3.connect(path) as connection:
        for table in ("documents", "originals", "passages", "stems", "entries"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608
    connection.close()


def _publish(path: str, name: str, times: int, barrier: "threading.Barrier") -> None:
    barrier.wait()
    store = SqliteStore(Path(path), RULES)
    for number in range(times):
        store.publish([one(f"{name}{number}", f"Text {number} of {name}.")])
    store.close()


def test_two_processes_publish_at_once_into_a_store_that_is_not_there_yet(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2)
    processes = [spawn.Process(target=_publish, args=(str(path), name, 5, barrier)) for name in ("a", "b")]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    store = SqliteStore(path, RULES)
    assert len(contents(store.snapshot()).documents) == 10
    store.close()


def test_threads_open_a_new_store_at_once(path: Path) -> None:
    def open_and_publish(number: int) -> None:
        made = SqliteStore(path, RULES)
        made.publish([one(f"t{number}")])
        made.close()

    with at_once([partial(open_and_publish, number) for number in range(6)]):
        pass
    store = SqliteStore(path, RULES)
    assert len(contents(store.snapshot()).documents) == 6
    store.close()


def refused(path: Path) -> str:
    with pytest.raises(StoreError) as caught:
        SqliteStore(path, RULES)
    assert str(path) in str(caught.value)
    assert "QA_STORE" in str(caught.value)
    return str(caught.value)


def test_a_store_of_another_schema_is_refused(path: Path) -> None:
    SqliteStore(path, RULES).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA + 1}")
    connection.close()
    assert f"schema {SCHEMA + 1}" in refused(path)


def test_a_database_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE photos (id)")
    connection.close()
    before = path.read_bytes()
    assert "is a database, but not a store" in refused(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes, and no database. " * 100, encoding="utf-8")
    before = path.read_bytes()
    refused(path)
    assert path.read_bytes() == before


def test_a_folder_a_missing_place_and_a_file_as_folder_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    refused(tmp_path)
    refused(file / "store.db")
    refused(Path("/proc/nowhere/store.db"))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        refused(tmp_path / "store.db")
    finally:
        tmp_path.chmod(0o755)


def test_a_store_damaged_while_it_is_open_is_reported(store: SqliteStore, path: Path) -> None:
    store.publish([RICH])
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE passages")
    connection.close()
    with pytest.raises(StoreError, match="QA_STORE"):
        contents(store.snapshot())


def test_a_value_that_is_not_what_was_stored_is_reported(store: SqliteStore, path: Path) -> None:
    store.publish([RICH])
    for damaged in ("[1", "[1]", "{}"):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE documents SET annotations = ?", [damaged])
        connection.close()
        with pytest.raises(IntegrityError, match=RICH.document.id):
            contents(store.snapshot())


def test_a_store_whose_file_is_replaced_is_read_from_the_new_one(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    store.publish([one("a")])
    assert set(store.snapshot().ids()) == {"a"}
    other = SqliteStore(tmp_path / "backup.db", RULES)
    version = other.publish([one("b")])
    other.close()
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    (tmp_path / "backup.db").replace(path)
    assert store.version() == version
    assert set(store.snapshot().ids()) == {"b"}


def held(path: Path) -> list[str]:
    """The files beside this one that this process has open."""
    links = [one.readlink() for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
    return [one.name for one in links if one.parent == path.parent]


def test_a_store_that_is_closed_holds_no_file(path: Path) -> None:
    store = SqliteStore(path, RULES)
    store.publish([one("a")])
    assert set(store.snapshot().ids()) == {"a"}
    assert held(path)
    store.close()
    assert held(path) == []


def test_a_store_that_is_there_is_opened_as_it_is(path: Path) -> None:
    SqliteStore(path, RULES).close()
    SqliteStore(path, RULES).close()
    assert not before_schema(path).exists()


def test_the_moment_is_read_once_until_somebody_publishes(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each question asks for it."""
    read: list[Mapping[str, str]] = []
    opened: list[object] = []
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite, "moment_of", lambda meta: read.append(meta) or readers.moment_of(meta))
    monkeypatch.setattr(
        sqlite3, "connect", lambda *given, **named: opened.append(given) or connect(*given, **named)
    )

    assert len({store.moment() for _ in range(5)}) == len(read) == 1
    assert opened == []

    with closing(SqliteStore(path, RULES)) as other:
        version = other.publish([one("a")])
    read.clear()
    assert {store.version() for _ in range(5)} == {version}
    assert len(read) == 1


def test_who_may_not_write_in_time_is_told(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as holding:
        holding.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"cannot be used: database is locked\. See QA_STORE"):
            store.publish([one("a")])
        holding.execute("ROLLBACK")
    store.publish([one("a")])


def test_it_says_what_it_is_and_what_its_files_take(store: SqliteStore, path: Path) -> None:
    assert (store.kind, store.engine) == ("SQLite", sqlite3.sqlite_version)
    before = store.bytes
    assert before == sum(one.stat().st_size for one in path.parent.iterdir()) > 0

    folder = path.with_name("store.db.candidates") / "segments"
    folder.mkdir(parents=True)
    taken = store.bytes
    (folder / "1").write_bytes(bytes(1_000_000))
    path.with_name("another.db").write_bytes(bytes(1_000))
    path.with_name("a copy of store.db").write_bytes(bytes(1_000))
    (folder / "gone meanwhile").symlink_to(path.with_name("none"))
    assert 1_000_000 <= store.bytes - taken < 1_001_000


def emptied(path: Path) -> None:
    """A store that was cut off to nothing, after something was published into it."""
    with closing(SqliteStore(path, RULES)) as store:
        store.publish([one("a")])
    for name in ("", "-wal", "-shm"):
        path.with_name(f"{path.name}{name}").unlink(missing_ok=True)
    path.touch()


def test_a_store_that_was_cut_off_to_nothing_is_no_new_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "MAKING_SECONDS", 0.0)
    emptied(path)
    with pytest.raises(StoreError, match=r"store\.db is empty, but something was published into it"):
        SqliteStore(path, RULES)
    path.with_name(f"{path.name}.publishing").unlink()
    with closing(SqliteStore(path, RULES)) as store:
        assert store.snapshot().size.documents == 0


def test_tables_that_another_process_is_making_are_waited_for(path: Path) -> None:
    emptied(path)
    elsewhere = path.with_name("elsewhere") / "store.db"
    with closing(SqliteStore(elsewhere, RULES)) as store:
        store.publish([one("b")])

    def make() -> None:
        time.sleep(0.2)
        with sqlite3.connect(elsewhere) as made, sqlite3.connect(path) as there:
            made.backup(there)

    with at_once([make]):
        begun = time.monotonic()
        with closing(SqliteStore(path, RULES)) as store:
            assert list(store.snapshot().ids()) == ["b"]
        assert time.monotonic() - begun >= 0.15


@pytest.mark.parametrize("key", ["contents", "number", "position", "size:passages"])
def test_the_figures_of_a_version_are_held_against_their_hash(
    store: SqliteStore, path: Path, key: str
) -> None:
    store.publish([one("a"), one("b")])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = value || '1' WHERE key = ?", [key])
    with pytest.raises(StoreError, match="meta"):
        store.snapshot()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM meta WHERE key = 'hash'")  # of a store that is older than hashes
    assert store.snapshot() is not None
