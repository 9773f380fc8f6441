"""Which messages have been taken on: a table that all workers share, so that each is answered once."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from qa_service.domain.errors import StoreError
from qa_service.store.engine import FAULTS, begin
from qa_service.store.tables import opened

TABLE = "deliveries"
KEPT = 3600.0  # seconds that a key is remembered
LEASE = 50.0  # seconds for an answer; Slack delivers again after a minute
BUSY_SECONDS = 30  # how long one waits for who writes to the store
FORGET = f"DELETE FROM {TABLE} WHERE claimed < ?"  # noqa: S608 - constants
KNOWN = f"SELECT 1 FROM {TABLE} WHERE key = ? AND (done OR claimed >= ?)"  # noqa: S608
CLAIM = f"INSERT OR REPLACE INTO {TABLE} (key, claimed, done) VALUES (?, ?, 0)"  # noqa: S608
DONE = f"UPDATE {TABLE} SET done = 1 WHERE key = ?"  # noqa: S608


class SqliteDeliveries:
    """See `qa_service.domain.ports.Deliveries`. ``now`` gives seconds since 1970.

    Every call has its own connection, so it may be shared between threads and across a fork.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path, self._now = path, now

    def claim(self, keys: Sequence[str]) -> bool:
        """See Deliveries."""
        now = self._now()
        with self._transaction() as connection:
            connection.execute(FORGET, [now - KEPT])
            known = any(connection.execute(KNOWN, [key, now - LEASE]).fetchone() for key in keys)
            if not known:
                connection.executemany(CLAIM, [(key, now) for key in keys])
        return not known

    def finish(self, keys: Sequence[str]) -> None:
        """See Deliveries."""
        with self._transaction() as connection:
            connection.executemany(DONE, [(key,) for key in keys])

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        try:
            with closing(opened(self._path, (TABLE,), BUSY_SECONDS)) as connection:
                begin(connection, BUSY_SECONDS)
                yield connection
                connection.execute("COMMIT")
        except FAULTS as error:
            raise StoreError(f"Deliveries cannot be kept: {error}. See QA_STORE.") from error
