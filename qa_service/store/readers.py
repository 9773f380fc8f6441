"""Connections that read a store: a thread borrows one for as long as it holds a version."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa_service.domain.errors import MovedError, StoreError
from qa_service.domain.ports import Moment
from qa_service.store.damage import damaged, tuples
from qa_service.store.encoding import remembered
from qa_service.store.engine import FAULTS, address, sqlite3

MAPPED = 2**31  # bytes of the file that are read as memory, shared by all processes
BUSY_SECONDS = 5
MOMENT = "SELECT key, value FROM meta WHERE key IN ('version', 'position', 'mark')"


def moment_of(meta: Mapping[str, str]) -> Moment:
    """The moment that a store remembers. Raises StoreError."""
    version = meta.get("version", "")
    if version and not version.isalnum():
        raise damaged("meta.version", "it names no version")
    return Moment(version, remembered(meta, "position"), meta.get("mark", ""))


class Readers:
    """The connections that one process reads with. Opened when needed; none is open after `close`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[Any] = []
        self._held = threading.local()

    @contextmanager
    def at(self, moment: Moment) -> Iterator[Any]:
        """A connection on which all reads see this moment, in a transaction of this thread.

        Raises MovedError when the store has gone on from it, StoreError when it cannot be read.
        """
        held = getattr(self._held, "by", None)
        if held is not None:
            connection, seen = held
            self._agree(seen, moment)
            with self._reported():
                yield connection
            return
        with self._reported(), self._borrowed() as connection:
            connection.execute("BEGIN")
            try:
                self._agree(moment_of(dict(tuples(connection, "meta", MOMENT))), moment)
                self._held.by = (connection, moment)
                yield connection
            finally:
                self._held.by = None
                connection.rollback()

    def close(self) -> None:
        """Release the file, as far as nobody is reading."""
        while self._idle:
            self._idle.pop().close()

    def _agree(self, seen: Moment, moment: Moment) -> None:
        if seen != moment:
            raise MovedError("The index was published anew while it was being read: ask again.")

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except FAULTS as error:
            raise StoreError(f"The store {self._path} cannot be used: {error}. See QA_STORE.") from error

    @contextmanager
    def _borrowed(self) -> Iterator[Any]:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._opened()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)

    def _opened(self) -> Any:
        connection = sqlite3.connect(
            address(self._path),
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute(f"PRAGMA mmap_size={MAPPED}")
        connection.execute("PRAGMA query_only=1")
        return connection
