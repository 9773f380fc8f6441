"""Small rows that every process of a store writes between publishes: at once, or as soon as may be.

A publish holds the store's file while it writes. Who answers does not wait for it longer than `PATIENCE`:
the row is then written in the background, in its order. Until then it stands in a file beside the store, so
that it outlives its process, and only its process knows it.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from qa_service.domain.errors import StoreError
from qa_service.store.damage import tuples
from qa_service.store.engine import FAULTS, begin, identity, sqlite3
from qa_service.store.later import Later, StillWaitingError
from qa_service.store.settling import Settling
from qa_service.store.spool import Change, Spool
from qa_service.store.tables import opened

log = logging.getLogger(__name__)

TABLES = ("conversations", "turns", "answers", "feedback", "keys", "sessions")
PATIENCE = 0.05  # seconds that who answers waits for another writer
BUSY_SECONDS = 5.0  # that who has to know waits
OVERWRITTEN_EVERY = 0.1  # seconds from one try to the next
UNDERWAY = 0.5  # seconds: an answer that was given is written well within, unless somebody holds the store
PUBLISH_SECONDS = 60.0  # that the background waits for a publish to end


class Notebook:
    """One process's hand in the store's file. Opened when first used: after a fork, make a new one."""

    def __init__(self, path: Path) -> None:
        self._reading, self._writing = _Line(path), _Line(path)
        self._spool = Spool(path)
        self._settling, self._written_to = Settling(), (path.with_name(f"{path.name}-wal"), path.parent)
        self._overwriting: threading.Thread | None = None
        self._again: list[Change] = []
        self._order = threading.Lock()
        self._later = Later("notebook", self._catch_up, BUSY_SECONDS, drained=self._drained)

    @property
    def waiting(self) -> tuple[Change, ...]:
        """What is not written yet. Read this before the store, so that nothing is missed in between."""
        return self._later.items

    def read(self, table: str, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of a table. Raises StoreError, also for a damaged one."""
        self._adopt()
        with self._reported(), self._reading.held(BUSY_SECONDS) as (connection, _):
            return tuples(connection, table, sql, values)

    def write(self, *changes: Change, lasting: bool = False) -> int:
        """Write now, in one transaction; how many rows the last one changed. Raises StoreError.

        What is ``lasting`` stands on the disk when this returns, and a failure of power does not undo it.
        """
        with self._reported():
            return self._written(changes, BUSY_SECONDS, "FULL" if lasting else "NORMAL")

    def overwrite(self, *again: Change) -> None:
        """See that what was deleted is soon in no file: the log, which still holds it, is emptied.

        Before that what is to be deleted ``again`` is: rows that were on their way to the store.
        """
        with self._order:
            self._again += again
            if self._overwriting is None:
                self._overwriting = threading.Thread(target=self._overwrite, name="overwriting", daemon=True)
                self._overwriting.start()

    def _overwrite(self) -> None:
        """The thread, until nobody has deleted anything meanwhile."""
        while True:
            with self._order:
                again, self._again = self._again, []
            if again:
                time.sleep(UNDERWAY)
                with suppress(StoreError):
                    self.write(*again)
            self._empty_log()
            with self._order:
                if not self._again:
                    self._overwriting = None
                    return

    def _empty_log(self) -> None:
        deadline = time.monotonic() + PUBLISH_SECONDS
        with suppress(sqlite3.Error, OSError):
            while time.monotonic() < deadline and self._log_stands():
                time.sleep(OVERWRITTEN_EVERY)

    def _log_stands(self) -> bool:
        """Whether it does so after this try to empty it: somebody may read or write just now."""
        with self._writing.held(BUSY_SECONDS) as (connection, _):
            connection.execute("PRAGMA busy_timeout=0")
            return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])

    def jot(self, change: Change) -> None:
        """Write now when the file is free, in the background when it is not. Never raises."""
        self._later.room(BUSY_SECONDS)
        with self._later.order:
            if not self._later.items and self._done(change):
                return
            if self._later.put(change):
                self._spooled(change)

    def _done(self, change: Change) -> bool:
        """Whether there is no more to do for a row: it is written, or never can be."""
        try:
            self._written([change], PATIENCE)
        except (sqlite3.OperationalError, OSError) as error:
            log.info("A row waits to be written: %s", error)
            return False
        except Exception as error:
            log.warning("A row could not be written: %s: %s", type(error).__name__, error)
        return True

    def _spooled(self, change: Change) -> None:
        try:
            file = self._spool.append(change)
            self._settling.soon(file, file.parent, file.parent.parent)
        except (OSError, TypeError, ValueError) as error:
            log.warning("A row that waits is known to this process alone: %s", error)

    def _drained(self) -> None:
        with suppress(OSError):
            self._spool.clear()

    def _adopt(self) -> None:
        """Write what a process left that was killed; who comes next tries again."""
        try:
            self._spool.adopt(lambda changes: self._keep(changes, PATIENCE))
        except (sqlite3.Error, OSError, ValueError) as error:
            log.warning("Rows of a process that has ended wait to be written: %s", error)

    def close(self) -> None:
        """Write what waits, and release the file."""
        self._later.close()
        self._settling.now()
        self._reading.close()
        self._writing.close()

    def _written(self, changes: Sequence[Change], patience: float, synchronous: str = "NORMAL") -> int:
        with self._writing.held(patience) as (connection, left):
            connection.execute(f"PRAGMA synchronous={synchronous}")
            begin(connection, left)
            try:
                for change in changes:
                    done = connection.execute(change.sql, change.values)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk has ended it
                    connection.execute("ROLLBACK")
                raise
            self._settling.soon(*self._written_to)
            return int(done.rowcount)

    def _catch_up(self, batch: Sequence[Change]) -> None:
        try:
            self._keep(batch, BUSY_SECONDS if self._later.closing else PUBLISH_SECONDS)
        except (sqlite3.OperationalError, OSError) as error:
            raise StillWaitingError(f"{len(batch)} rows wait to be written: {error}") from error

    def _keep(self, batch: Sequence[Change], patience: float) -> None:
        """Write a batch; where one row is at fault, all the others. Raises what is the file's fault."""
        try:
            self._written(batch, patience)
        except (sqlite3.OperationalError, OSError):
            raise
        except Exception as error:
            if len(batch) == 1:
                log.warning("A row could not be written: %s: %s", type(error).__name__, error)
            else:
                for change in batch:
                    self._keep([change], patience)

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except FAULTS as error:
            raise StoreError(f"The store cannot be used: {error}. See QA_STORE.") from error


class _Line:
    """A connection that threads take turns with."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: Any = None
        self._opened: object = None  # which file it is that is open

    @contextmanager
    def held(self, patience: float) -> Iterator[tuple[Any, float]]:
        """The connection, and what is left of that many seconds to wait for who writes."""
        deadline = time.monotonic() + patience
        if not self._lock.acquire(timeout=patience):
            raise sqlite3.OperationalError("another thread is writing")
        try:
            self._follow_the_file()
            yield self._connection, max(0.0, deadline - time.monotonic())
        finally:
            self._lock.release()

    def _follow_the_file(self) -> None:
        there = identity(self._path)
        if self._connection is not None and there != self._opened:
            self._connection.close()
            self._connection = None
        if self._connection is None:
            self._connection = opened(self._path, TABLES, BUSY_SECONDS, shared=True)
            self._opened = there

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
