"""The Store in one SQLite file, through sqlite-utils.

Readers never wait for a writer (WAL). A change is one transaction that also moves the index version,
so a reader sees the version before it or the version after it, whole.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from qa_service.domain.document import Original
from qa_service.domain.errors import NotFoundError, StoreError
from qa_service.domain.ports import Follower, IndexedDocument, Moment, Snapshot
from qa_service.store import rows, tally
from qa_service.store.backing_up import backup_once, before_schema
from qa_service.store.changing import Change, Unfollowed
from qa_service.store.damage import damaged, table_rows, tuples
from qa_service.store.engine import (
    FAULTS,
    address,
    begin,
    database,
    frozen,
    identity,
    insist,
    sqlite3,
)
from qa_service.store.lookup import Lookup
from qa_service.store.migrating import SCHEMA, migrate
from qa_service.store.publishing import alone, lock_of
from qa_service.store.readers import MOMENT, Readers, moment_of
from qa_service.store.snapshot import SqliteSnapshot
from qa_service.store.tables import TABLES, create

BUSY_SECONDS = 30  # how long a writer waits for the one before it
MAKING_SECONDS = 1.0  # in which another process makes the tables


class SqliteStore:
    """See `qa_service.domain.ports.Store`. Safe to share between threads; after a fork, open a new one.

    ``derivation`` names everything that what is derived from documents depends on (analyser, rules,
    alias table). A store that was derived otherwise is `stale` and should be published anew.
    """

    kind = "SQLite"

    def __init__(self, path: Path, derivation: str) -> None:
        self._path = path
        self._derivation = derivation
        self._lock = threading.RLock()
        self._seen: tuple[int, Moment] | None = None
        self._readers = Readers(path)
        with self._reported():
            self._connection = self._open()

    def _open(self) -> Any:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        published = self._path.exists() and lock_of(self._path).exists()
        connection = self._connected()
        found, tables = _schema(connection, MAKING_SECONDS if published else 0)
        if published and not tables:
            connection.close()
            raise StoreError(
                f"The store {self._path} is empty, but something was published into it: "
                "restore it from a backup, or delete it and ingest again."
            )
        if found == 0 and tables:
            connection.close()
            raise StoreError(f"{self._path} is a database, but not a store: name another file in QA_STORE.")
        if not 0 <= found <= SCHEMA:
            connection.close()
            raise StoreError(
                f"The store {self._path} has schema {found}; this version reads schema {SCHEMA}. "
                "Use the qa-service version that made it, or name another file in QA_STORE and ingest again."
            )
        if found == 0:
            self._create(connection)
        elif found < SCHEMA:
            backup_once(self._path, before_schema(self._path))
            migrate(connection)
        self._opened = identity(self._path)
        return connection

    def _connected(self) -> Any:
        uri = address(self._path) if frozen(self._path) else f"{self._path.absolute().as_uri()}?mode=rwc"
        return sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )

    def _create(self, connection: Any) -> None:
        # SQLite does not wait for the process that does so at the same moment.
        insist(connection, "PRAGMA journal_mode=WAL", BUSY_SECONDS)
        begin(connection, BUSY_SECONDS)
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            create(database(connection), TABLES)
            connection.execute(f"PRAGMA user_version={SCHEMA}")
        connection.execute("COMMIT")

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """SQLite's and the file system's errors as StoreError, naming the file; one user at a time."""
        with self._lock:
            try:
                yield
            except FAULTS as error:
                raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> StoreError:
        return StoreError(f"The store {self._path} cannot be used: {error}. See QA_STORE.")

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """A connection of its own in a transaction: whoever asks for the version does not wait for it."""
        try:
            with alone(self._path), closing(self._connected()) as connection:
                begin(connection, BUSY_SECONDS)
                yield connection
                connection.execute("COMMIT")
        except FAULTS as error:
            raise self._unusable(error) from error

    @property
    def engine(self) -> str:
        """The SQLite version in use."""
        return str(sqlite3.sqlite_version)

    @property
    def bytes(self) -> int:
        """What its files take, the candidate index among them."""
        beside = [one for one in self._path.parent.iterdir() if one.name.startswith(self._path.name)]
        return sum(_size(file) for one in beside for file in _within(one))

    def candidates(self, _: Snapshot) -> None:
        """Candidates are found beside it."""

    def close(self) -> None:
        """Release the file."""
        self._readers.close()
        with self._lock:
            self._connection.close()

    def version(self) -> str:
        """See Store."""
        return self.moment().version

    def moment(self) -> Moment:
        """See Store. Costs one PRAGMA until another connection has committed something."""
        with self._reported():
            self._follow_the_file()
            moved = self._connection.execute("PRAGMA data_version").fetchone()[0]
            if self._seen is None or self._seen[0] != moved:
                self._seen = (moved, moment_of(dict(tuples(self._connection, "meta", MOMENT))))
            return self._seen[1]

    def _follow_the_file(self) -> None:
        """Open the file anew when another one has taken its place, or its disk can be written again."""
        there = identity(self._path)
        if there is not None and there != self._opened:
            self._readers.close()
            self._connection.close()
            self._connection = self._open()
            self._seen = None

    def stale(self) -> bool:
        """Whether what is stored was derived by other rules than these."""
        with self._reported():
            return bool(self._meta("version")) and self._meta("derivation") != self._derivation

    def note(self, key: str) -> str:
        """A remembered value, "" when there is none; see `publish`."""
        with self._reported():
            return self._meta(f"note:{key}")

    def _meta(self, key: str) -> str:
        found = tuples(self._connection, "meta", "SELECT value FROM meta WHERE key = ?", [key])
        return found[0][0] if found else ""

    def snapshot(self) -> SqliteSnapshot:
        """See Store."""
        with self._reported():
            meta = dict(tuples(self._connection, "meta", "SELECT key, value FROM meta"))  # of one version
        if meta.get("hash") not in {tally.hash_of(meta), None}:  # None before schema 4
            raise damaged("meta", "it is not what was published")
        return SqliteSnapshot(self._readers, meta)

    def changed_since(self, moment: Moment) -> Sequence[str] | None:
        """See Store."""
        with self._reported():
            there = "SELECT 1 FROM changes WHERE position = ? AND mark = ?"
            if self._connection.execute(there, [moment.position, moment.mark]).fetchone() is None:
                return None
            sql = "SELECT DISTINCT document_id FROM changes WHERE position > ? ORDER BY document_id"
            return tuple(name for (name,) in tuples(self._connection, "changes", sql, [moment.position]))

    def _originals(self, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
        with self._reported():
            return table_rows(self._connection, "originals", sql, values)

    def original(self, document_id: str) -> Original:
        """See Store."""
        found = self._originals("SELECT * FROM originals WHERE document_id = ?", [document_id])
        if not found:
            raise NotFoundError(f"There is no document {document_id!r}.", "document_id")
        return rows.original(document_id, found[0], found[0]["data"])

    def known_sources(self) -> Mapping[str, str]:
        """See Store."""
        return Lookup(self._originals, "sha256")

    def origins(self) -> Mapping[str, str]:
        """See Store."""
        return Lookup(self._originals, "origin")

    def publish(
        self,
        added: Iterable[IndexedDocument],
        *,
        removed: Sequence[str] = (),
        notes: Mapping[str, str] | None = None,
        follower: Follower | None = None,
    ) -> str:
        """See Store. ``notes`` are remembered in the same step; ``follower`` is told of each change."""
        following = follower or Unfollowed()
        try:
            with self._writing() as connection:
                change = Change(connection, following)
                for document_id in removed:
                    change.remove(document_id)
                for indexed in added:
                    change.add(indexed)
                values = change.closed() | {f"note:{key}": value for key, value in (notes or {}).items()}
                values["derivation"] = self._derivation
                version = values["version"] = tally.version(self._derivation, values["contents"])
                values["hash"] = tally.hash_of(values)
                told = [{"key": key, "value": value} for key, value in values.items()]
                database(connection).table("meta").upsert_all(told)
        except BaseException:
            following.forget()
            raise
        following.keep(moment_of(values))
        with self._lock:
            self._seen = None
        return version


def _schema(connection: Any, seconds: float) -> tuple[int, int]:
    """The number of the schema, and how many tables and indexes there are; nothing after so many seconds, in
    which another process may make them.
    """
    sql = "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
    deadline = time.monotonic() + seconds
    found: tuple[int, int] = connection.execute(sql).fetchone()
    while not any(found) and time.monotonic() < deadline:
        time.sleep(0.05)
        found = connection.execute(sql).fetchone()
    return found


def _within(path: Path) -> list[Path]:
    try:
        return [path] if path.is_file() else list(path.rglob("*"))
    except FileNotFoundError:  # gone meanwhile
        return []


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # gone meanwhile
        return 0
