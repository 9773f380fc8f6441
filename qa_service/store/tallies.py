"""Counts by the hour in the store's file. See `qa_service.domain.ports.Tallies`."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from qa_service.domain.errors import StoreError
from qa_service.domain.tally import NONE, Tally, summed
from qa_service.store.damage import damaged, tuples
from qa_service.store.encoding import load
from qa_service.store.engine import FAULTS, begin
from qa_service.store.tables import opened

KEPT_HOURS = 24 * 90
BUSY_SECONDS = 5.0

KEEP = """INSERT OR REPLACE INTO tallies (hour, teller, answered, refused, other, took)
    VALUES (?, ?, ?, ?, ?, ?)"""
OLD = "DELETE FROM tallies WHERE hour < ?"
SINCE = "SELECT hour, answered, refused, other, took FROM tallies WHERE hour >= ? ORDER BY hour"


class SqliteTallies:
    """See Tallies. Opens the file each time: it is written to once in a while."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, teller: str, tally: Tally) -> None:
        """See Tallies."""
        row = [tally.hour, teller, tally.answered, tally.refused, tally.other, json.dumps(tally.took)]
        try:
            with closing(opened(self._path, ("tallies",), BUSY_SECONDS)) as connection:
                begin(connection, BUSY_SECONDS)
                connection.execute(KEEP, row)
                connection.execute(OLD, [tally.hour - KEPT_HOURS])
                connection.execute("COMMIT")
        except FAULTS as error:
            raise StoreError(f"Counts cannot be written: {error}. See QA_STORE.") from error

    def since(self, hour: int) -> Sequence[Tally]:
        """See Tallies."""
        try:
            with closing(opened(self._path, (), BUSY_SECONDS)) as connection:
                found = tuples(connection, "tallies", SINCE, [hour])
        except FAULTS as error:
            if "no such table" in str(error):
                return []
            raise StoreError(f"Counts cannot be read: {error}. See QA_STORE.") from error
        return summed(
            Tally(hour=at, answered=answered, refused=refused, other=other, took=_counts(took))
            for at, answered, refused, other, took in found
        )


def _counts(text: str) -> tuple[int, ...]:
    """How many answers took how long. Raises StoreError."""
    found = load(tuple[int, ...], text)
    if len(found) != len(NONE):
        raise damaged("tallies.took", f"{len(found)} numbers")
    return found
