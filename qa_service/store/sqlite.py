"""The Store in one SQLite file, through sqlite-utils.

Readers never wait for a writer (WAL). A change is one transaction that also moves the index version,
so a reader sees the version before it or the version after it, whole.
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_service.domain.annotation import Annotations
from qa_service.domain.document import Original, SourceMap
from qa_service.domain.errors import NotFoundError, StoreError
from qa_service.domain.ports import Contents, IndexedDocument, IndexedPassage
from qa_service.store import rows
from qa_service.store.encoding import dump, load
from qa_service.store.engine import database, sqlite3, table_rows
from qa_service.store.rows import METADATA, TABLES

if TYPE_CHECKING:
    from sqlite_utils import Database

SCHEMA = 1  # PRAGMA user_version; a store of another number is refused
BUSY_SECONDS = 30  # how long a writer waits for the one before it


def _write_ahead(connection: Any) -> None:
    """Switch the file to WAL. SQLite does not wait for the process that does so at the same moment."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


class SqliteStore:
    """See `qa_service.domain.ports.Store`. Safe to share between threads; after a fork, open a new one.

    ``derivation`` names everything that what is derived from documents depends on (analyser, rules,
    alias table). A store that was derived otherwise is `stale` and should be published anew.
    """

    def __init__(self, path: Path, derivation: str) -> None:
        self._path = path
        self._derivation = derivation
        self._lock = threading.RLock()
        self._seen: tuple[int, str] | None = None
        with self._reported():
            self._connection = self._open()

    def _open(self) -> Any:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(str(self._path), timeout=BUSY_SECONDS, check_same_thread=False)
        found, tables = connection.execute(
            "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
        ).fetchone()
        if found == 0 and tables:
            connection.close()
            raise StoreError(f"{self._path} is a database, but not a store: name another file in QA_STORE.")
        if found not in (0, SCHEMA):
            connection.close()
            raise StoreError(
                f"The store {self._path} has schema {found}; this version reads schema {SCHEMA}. "
                "Use the qa-service version that made it, or name another file in QA_STORE and ingest again."
            )
        if found == 0:
            self._create(connection)
        return connection

    def _create(self, connection: Any) -> None:
        _write_ahead(connection)
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            rows.create(database(connection), TABLES)
            connection.execute(f"PRAGMA user_version={SCHEMA}")
        connection.execute("COMMIT")

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """SQLite's and the file system's errors as StoreError, naming the file; one user at a time."""
        with self._lock:
            try:
                yield
            except (sqlite3.Error, OSError) as error:
                raise StoreError(f"The store {self._path} cannot be used: {error}. See QA_STORE.") from error

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._reported():
            self._connection.execute(begin)
            try:
                yield
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.execute("COMMIT")

    @property
    def engine(self) -> str:
        """The SQLite version in use."""
        return str(sqlite3.sqlite_version)

    @cached_property
    def _db(self) -> "Database":
        """What writes go through."""
        return database(self._connection)

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()

    def version(self) -> str:
        """See Store. Costs one PRAGMA until another connection has committed something."""
        with self._reported():
            moved = self._connection.execute("PRAGMA data_version").fetchone()[0]
            if self._seen is None or self._seen[0] != moved:
                self._seen = (moved, self._meta("version"))
            return self._seen[1]

    def stale(self) -> bool:
        """Whether what is stored was derived by other rules than these."""
        with self._reported():
            return bool(self._meta("version")) and self._meta("derivation") != self._derivation

    def note(self, key: str) -> str:
        """A remembered value, "" when there is none; see `publish`."""
        with self._reported():
            return self._meta(f"note:{key}")

    def _meta(self, key: str) -> str:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
        return row[0] if row else ""

    def contents(self) -> Contents:
        """See Store."""
        with self._transaction("BEGIN"):
            version = self._meta("version")
            found = self._rows("SELECT * FROM documents ORDER BY id")
            annotations = {row["id"]: load(Annotations, row["annotations"]) for row in found}
            return Contents(
                version=version,
                documents=tuple(rows.document(row) for row in found),
                passages=tuple(self._passages()),
                annotations=annotations,
            )

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
        return table_rows(self._connection, sql, values)

    def _passages(self) -> Iterator[IndexedPassage]:
        sentences: dict[str, list[dict[str, Any]]] = {}
        for row in self._rows("SELECT * FROM sentences ORDER BY passage_id, ordinal"):
            sentences.setdefault(row["passage_id"], []).append(row)
        for row in self._rows("SELECT * FROM passages ORDER BY document_id, ordinal"):
            yield rows.passage(row, sentences.get(row["id"], []))

    def original(self, document_id: str) -> Original:
        """See Store."""
        with self._reported():
            found = self._rows("SELECT * FROM originals WHERE document_id = ?", [document_id])
        if not found:
            raise NotFoundError(f"There is no document {document_id!r}.", "document_id")
        row = found[0]
        return Original(
            name=row["name"],
            media_type=row["media_type"],
            data=row["data"],
            sha256=row["sha256"],
            origin=row["origin"],
            source_map=load(SourceMap, row["source_map"]),
        )

    def known_sources(self) -> Mapping[str, str]:
        """See Store."""
        with self._reported():
            return {
                row["sha256"]: row["document_id"]
                for row in self._rows("SELECT sha256, document_id FROM originals")
            }

    def origins(self) -> Mapping[str, str]:
        """See Store."""
        with self._reported():
            found = self._rows("SELECT origin, document_id FROM originals")
        return {row["origin"]: row["document_id"] for row in found}

    def publish(
        self,
        added: Iterable[IndexedDocument],
        *,
        removed: Sequence[str] = (),
        notes: Mapping[str, str] | None = None,
    ) -> str:
        """See Store. ``notes`` are remembered in the same step."""
        with self._transaction("BEGIN IMMEDIATE"):
            for document_id in removed:
                self._remove(document_id)
            for indexed in added:
                self._add(indexed)
            version = self._next_version()
            values = {"version": version, "derivation": self._derivation}
            values |= {f"note:{key}": value for key, value in (notes or {}).items()}
            self._db.table("meta").upsert_all([{"key": key, "value": value} for key, value in values.items()])
            self._seen = None
        return version

    def _remove(self, document_id: str) -> None:
        execute = self._connection.execute
        execute(
            "DELETE FROM sentences WHERE passage_id IN (SELECT id FROM passages WHERE document_id = ?)",
            [document_id],
        )
        execute("DELETE FROM passages WHERE document_id = ?", [document_id])
        execute("DELETE FROM originals WHERE document_id = ?", [document_id])
        execute("DELETE FROM documents WHERE id = ?", [document_id])

    def _add(self, indexed: IndexedDocument) -> None:
        document, original = indexed.document, indexed.original
        earlier = self._rows("SELECT document_id FROM originals WHERE origin = ?", [original.origin])
        for document_id in {document.id, *(row["document_id"] for row in earlier)}:
            self._remove(document_id)
        metadata = {name: getattr(document, name) for name in METADATA}
        derived = {
            "blocks": dump(document.blocks),
            "pages": dump(document.pages),
            "annotations": dump(indexed.annotations),
        }
        self._db.table("documents").insert(metadata | derived)
        self._db.table("originals").insert(rows.original_row(document.id, original))
        self._db.table("passages").insert_all(rows.passage_row(found) for found in indexed.passages)
        sentences = (row for found in indexed.passages for row in rows.sentence_rows(found))
        self._db.table("sentences").insert_all(sentences)

    def _next_version(self) -> str:
        """A name for the contents: equal contents, derived alike, have equal versions."""
        digest = hashlib.sha256(self._derivation.encode())
        columns = ", ".join([name for name in METADATA if name != "text"] + ["blocks", "pages"])
        for row in self._connection.execute(f"SELECT {columns} FROM documents ORDER BY id"):  # noqa: S608 - constants
            digest.update(json.dumps(row).encode())
        return digest.hexdigest()[:16]
