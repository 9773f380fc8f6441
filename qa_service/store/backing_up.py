"""A store that is in use becomes one file that can be checked by itself, and such a file a store again.

A backup is a SQLite database: the store's tables as they were at one moment, and a table `backup` with a hash
of all their rows. SQLite alone notices few changed bits; the hash notices them all.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_service.domain.errors import StoreError
from qa_service.store.damage import decoding, stream, tuples
from qa_service.store.engine import FAULTS, sqlite3
from qa_service.store.migrating import SCHEMA
from qa_service.store.spool import Change, waiting
from qa_service.store.workplace import OccupiedError, settle, workplace

NOTES = "backup"  # the table that makes a copy a backup
BUSY_SECONDS = 60
TEXTS = "SELECT id, text, sha256 FROM documents"
ORIGINALS = "SELECT document_id, data, sha256 FROM originals"
OBJECTS = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name <> ? ORDER BY type, name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup says of itself; ``taken`` in seconds since 1970."""

    schema: int
    documents: int
    version: str
    taken: int
    digest: str


def backup(store: Path, file: Path, clock: Callable[[], float] = time.time) -> Backup:
    """Copy a store, which may be in use, to a new file: it has its name once it is whole, checked, on disk.

    Raises StoreError when the store is damaged, or the file is there already.
    """
    with reported("The store cannot be backed up"):
        if not store.exists():
            raise StoreError(f"There is no store {store}. See QA_STORE.")
        if file.exists():
            raise StoreError(f"There is already a file {file}: name another one.")
        with workplace(file, ".part") as folder:
            copy = folder / "copy.db"
            late = waiting(store)
            with closing(reading(store)) as source:
                schema_of(source, store)
                copied(source, copy)
            with closing(writing(copy)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
                _added(connection, late)
                _intact(connection, store)
                _noted(connection, int(clock()))
            made = checked(copy, file)
            settle(copy)
            copy.rename(file)
            settle(file.parent)
            return made


def before_schema(store: Path) -> Path:
    """Where a store of an earlier schema is kept as it was."""
    return store.with_name(f"{store.name}.before-schema-{SCHEMA}")


def backup_once(store: Path, file: Path) -> None:
    """A backup, unless there is one; of several processes that come to this at once, one makes it."""
    deadline = time.monotonic() + BUSY_SECONDS
    while not file.exists():
        try:
            backup(store, file)
        except OccupiedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _added(connection: Any, late: Sequence[Change]) -> None:
    """What was acknowledged, and waited for the store while it was copied."""
    connection.execute("BEGIN")
    for change in late:
        with suppress(sqlite3.IntegrityError, sqlite3.ProgrammingError):  # a row that can never be written
            connection.execute(change.sql, change.values)
    connection.execute("COMMIT")


def checked(copy: Path, file: Path) -> Backup:
    """What a copy of a backup says of itself, when every row is as it was backed up.

    Raises StoreError, which names ``file``, when it is not.
    """
    with reported(f"{file} cannot be restored"), closing(reading(copy)) as connection:
        schema = schema_of(connection, file)
        if not _tables(connection, NOTES):
            raise StoreError(f"{file} is no backup: it was not made by `qa-service backup`.")
        notes = dict(connection.execute(f"SELECT key, value FROM {NOTES}").fetchall())  # noqa: S608 - constant
        _intact(connection, file)
        if notes.get("digest") != digest(connection):
            raise StoreError(f"{file} is damaged: its rows are not those that were backed up.")
        with decoding(f"{NOTES}.taken"):
            taken = int(notes.get("taken", 0))
        return Backup(
            schema=schema,
            documents=connection.execute("SELECT count(*) FROM documents").fetchone()[0],
            version=dict(tuples(connection, "meta", "SELECT key, value FROM meta")).get("version", ""),
            taken=taken,
            digest=notes["digest"],
        )


def unpacked(file: Path, store: Path) -> Backup:
    """A backup as a store of its own at a place where nothing is, checked there. Raises StoreError."""
    if not file.is_file():
        raise StoreError(f"There is no file {file}.")
    with reported(f"{file} cannot be restored"):
        with closing(reading(file)) as source:
            copied(source, store)
        found = checked(store, file)
        with closing(writing(store)) as connection:
            connection.execute(f"DROP TABLE {NOTES}")
    return found


def digest(connection: Any) -> str:
    """A hash of the schema and its number and of every row, in the order of tables and rows."""
    told = hashlib.sha256()
    _tell(told, connection.execute("PRAGMA user_version").fetchone())
    objects = connection.execute(OBJECTS, [NOTES]).fetchall()
    for one in objects:
        _tell(told, one)
    for kind, name, _ in objects:
        if kind == "table":
            for row in connection.execute(f'SELECT rowid, * FROM "{name}" ORDER BY rowid'):  # noqa: S608
                _tell(told, row)
    return told.hexdigest()


def _tell(told: Any, row: tuple[Any, ...]) -> None:
    """Values with their types and lengths: no two rows tell the same."""
    for value in row:
        data = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        told.update(f"{type(value).__name__}{len(data)}:".encode())
        told.update(data)


def _intact(connection: Any, file: Path) -> None:
    """Raises StoreError when the database, a text or an original is not what it was."""
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError(f"{file} is damaged: {found}.")
    for document_id, text, sha256 in stream(connection, "documents", TEXTS):
        if hashlib.sha256(text.encode()).hexdigest() != sha256:
            raise StoreError(f"{file} is damaged: the text of {document_id!r} is not what it was.")
    for document_id, data, sha256 in stream(connection, "originals", ORIGINALS):
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError(f"{file} is damaged: the original of {document_id!r} is not what it was.")


def _noted(connection: Any, now: int) -> None:
    notes = {"digest": digest(connection), "taken": str(now)}
    connection.execute(f"CREATE TABLE {NOTES} (key TEXT PRIMARY KEY, value TEXT)")
    connection.executemany(f"INSERT INTO {NOTES} VALUES (?, ?)", notes.items())  # noqa: S608 - constant


def schema_of(connection: Any, file: Path) -> int:
    """The schema of a store. Raises StoreError when it is none, or one of a later version."""
    schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if not schema or not _tables(connection, "documents", "originals", "meta"):
        raise StoreError(f"{file} is not a store.")
    if schema > SCHEMA:
        raise StoreError(f"{file} has schema {schema}; this version reads schema {SCHEMA}.")
    return schema


def _tables(connection: Any, *names: str) -> bool:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    return there.issuperset(names)


def reading(file: Path) -> Any:
    """A connection that changes nothing."""
    uri = f"{file.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def writing(file: Path) -> Any:
    """A connection whose commits are on the disk."""
    connection = sqlite3.connect(str(file), timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def copied(source: Any, copy: Path) -> None:
    """All pages, as they are at one moment."""
    copy.touch(mode=0o600)
    with closing(writing(copy)) as target:
        source.backup(target)


@contextmanager
def reported(what: str) -> Iterator[None]:
    """SQLite's and the file system's errors as StoreError."""
    try:
        yield
    except FAULTS as error:
        raise StoreError(f"{what}: {error}") from error
