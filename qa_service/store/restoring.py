"""A finished store takes the place of the one that QA_STORE names, also while that one is in use."""

from contextlib import closing, suppress
from itertools import count
from pathlib import Path

from qa_service.domain.errors import StoreError
from qa_service.store.backing_up import reading, reported, schema_of, writing
from qa_service.store.engine import sqlite3
from qa_service.store.tables import opened
from qa_service.store.workplace import settle

TIDYING_MS = 500  # that the store's readers are waited for
DAMAGED = ".damaged-"  # follows the name of a store that was put aside; a number follows
BESIDE = ("-wal", "-shm")
REVOKED = "SELECT CAST(revoked AS INTEGER), id FROM keys WHERE revoked IS NOT NULL"
LITESTREAM = """SELECT replace(sql, 'CREATE TABLE ', 'CREATE TABLE IF NOT EXISTS ') FROM sqlite_master
    WHERE type = 'table' AND name GLOB '_litestream_*'"""


def carry_over(made: Path, store: Path) -> None:
    """Keys that were revoked since the backup stay revoked, and nobody is signed in at the desk.

    Litestream makes its tables when it starts; without them it copies ever more seldom.
    """
    revoked, tables = [], []
    try:
        with closing(reading(store)) as present:
            revoked = present.execute(REVOKED).fetchall()
            tables = present.execute(LITESTREAM).fetchall()
    except (sqlite3.Error, OSError, UnicodeDecodeError, StoreError):  # that is why another takes its place
        pass
    with reported("The store cannot be restored"), closing(opened(made, ("keys", "sessions"), 1)) as ready:
        ready.execute("DELETE FROM sessions")
        ready.executemany("UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL", revoked)
        for (table,) in tables:
            ready.execute(table)


def put_in_place(made: Path, store: Path) -> Path | None:
    """Whoever has the old store open reads the new one from the next question on; killed, it is the old one.

    What stands there and is no readable database is moved aside first: returns where to. Raises StoreError,
    and changes nothing, when it is a database that is no store, or one of a later version.
    """
    with reported("The store cannot be restored"):
        settle(made)
        aside = None
        if store.exists() and not _refilled(made, store):
            aside = _moved_aside(store)
        if not store.exists():
            _named(made, store)
        settle(store.parent)
        return aside


def _refilled(made: Path, store: Path) -> bool:
    """One transaction on the store that is there: its readers see what was, or what is made, whole."""
    try:
        with closing(writing(store)) as there:
            if there.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                schema_of(there, store)
            with closing(reading(made)) as source:
                source.backup(there)
            there.execute("PRAGMA journal_mode=WAL")
            there.execute(f"PRAGMA busy_timeout={TIDYING_MS}")
            there.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # without effect while somebody reads what was
    except sqlite3.OperationalError:  # locked, or no room: it may be as good as ever
        raise
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    return True


def _moved_aside(store: Path) -> Path:
    """SQLite's processes that have it open notice, and leave what takes its place alone."""
    free = (store.with_name(f"{store.name}{DAMAGED}{number}") for number in count(1))
    aside = next(one for one in free if not one.exists())
    store.rename(aside)
    for end in BESIDE:
        with suppress(FileNotFoundError):
            store.with_name(f"{store.name}{end}").rename(aside.with_name(f"{aside.name}{end}"))
    return aside


def _named(made: Path, store: Path) -> None:
    for end in BESIDE:  # of a store that was deleted: they are no part of this one
        store.with_name(f"{store.name}{end}").unlink(missing_ok=True)
    try:
        store.hardlink_to(made)
    except FileExistsError as error:
        raise StoreError(f"Another process has just made a store {store}: restore once more.") from error
