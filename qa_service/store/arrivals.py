"""What became of files, in the store's file. See `qa_service.domain.ports.Arrivals`."""

import json
import logging
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from qa_service.domain.arrival import Arrival, Fate
from qa_service.domain.errors import StoreError
from qa_service.store.damage import decoding, tuples
from qa_service.store.engine import FAULTS, begin, sqlite3
from qa_service.store.tables import opened

log = logging.getLogger(__name__)

KEPT = 500  # that were taken, and as many that were rejected
BUSY_SECONDS = 5.0

ADD = "INSERT INTO arrivals (name, at, fate, document_id, reason) VALUES (?, ?, ?, ?, ?)"
MANY = """DELETE FROM arrivals WHERE number IN (SELECT number FROM (
    SELECT number, row_number() OVER (PARTITION BY fate = 'rejected' ORDER BY number DESC) AS place
    FROM arrivals
) WHERE place > ?)"""
FORGET = "DELETE FROM arrivals WHERE document_id IN (SELECT value FROM json_each(?))"
LATEST = "SELECT name, at, fate, document_id, reason FROM arrivals ORDER BY number DESC"


class SqliteArrivals:
    """See Arrivals. Opens the file each time: who ingests forks, and comes seldom."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, arrivals: Sequence[Arrival]) -> None:
        """See Arrivals."""
        rows = [(one.name, one.at, one.fate.value, one.document_id, one.reason) for one in arrivals]
        self._change(f"What became of {len(rows)} files could not be noted", (ADD, rows), (MANY, [[KEPT]]))

    def forget(self, document_ids: Sequence[str]) -> None:
        """See Arrivals."""
        named = [[json.dumps(list(document_ids))]]
        self._change("The names of files could not be forgotten", (FORGET, named))

    def _change(self, failed: str, *changes: tuple[str, Sequence[Sequence[object]]]) -> None:
        """One transaction: each statement with all of its rows. What fails is logged."""
        try:
            with closing(opened(self._path, ("arrivals",), BUSY_SECONDS)) as connection:
                begin(connection, BUSY_SECONDS)
                for sql, rows in changes:
                    connection.executemany(sql, rows)
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError, ValueError) as error:  # ValueError: a name that is no text
            log.warning("%s: %s", failed, error)

    def latest(self) -> Sequence[Arrival]:
        """See Arrivals."""
        try:
            with closing(opened(self._path, (), BUSY_SECONDS)) as connection:
                found = tuples(connection, "arrivals", LATEST)
        except FAULTS as error:
            if "no such table" in str(error):
                return []
            raise StoreError(f"What became of files cannot be read: {error}. See QA_STORE.") from error
        with decoding("arrivals"):
            return [
                Arrival(name=name, at=at, fate=Fate(fate), document_id=document_id, reason=reason)
                for name, at, fate, document_id, reason in found
            ]
