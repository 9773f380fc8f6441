"""Rows of answers in the store's file. See `qa_service.store.recording.Answers`."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from qa_service.domain.errors import StoreError
from qa_service.store import recording
from qa_service.store.damage import table_rows
from qa_service.store.engine import FAULTS, begin, identity, sqlite3
from qa_service.store.recording import Row
from qa_service.store.tables import TABLES, opened

TABLE = "answers"
DAY, HOUR = 86_400, 3600  # seconds
OLD = f"DELETE FROM {TABLE} WHERE recorded < ?"  # noqa: S608 - constants
OLD_OPINIONS = "DELETE FROM feedback WHERE given < ?"
BUSY_SECONDS = 30  # how long the background thread waits for an ingest to end
COLUMNS, VALUES = ", ".join(TABLES[TABLE]), ", ".join(f":{name}" for name in TABLES[TABLE])
INSERT = f"INSERT OR IGNORE INTO {TABLE} ({COLUMNS}) VALUES ({VALUES})"  # noqa: S608 - constants
FORGET = f"DELETE FROM {TABLE} WHERE rowid <= (SELECT max(rowid) FROM {TABLE}) - ?"  # noqa: S608 - constants

LENGTH = "octet_length" if sqlite3.sqlite_version_info >= (3, 43) else "length"  # the one reads no text
WEIGHT = " + ".join(f"{LENGTH}({name})" for name in ("question", "history", "documents", "body"))
LIGHTEN = f"""DELETE FROM {TABLE} WHERE rowid <= (SELECT max(rowid) FROM (
    SELECT rowid, sum({WEIGHT}) OVER (ORDER BY rowid DESC) AS total FROM {TABLE}
) WHERE total > ?)"""  # noqa: S608 - constants


class SqliteAnswers:
    """See Answers. One thread writes, any thread reads."""

    def __init__(
        self, path: Path, days: int = recording.DAYS, clock: Callable[[], float] = time.time
    ) -> None:
        self._path, self._days, self._clock = path, days, clock
        self._tidied = float("-inf")
        self._writing: Any = None  # the writing thread's connection
        self._opened: object = None  # which file it is that is open
        self._batches = 0

    def write(self, rows: Sequence[Row]) -> None:
        """See Answers."""
        try:
            self._follow_the_file()
            begin(self._writing, BUSY_SECONDS)
            now = int(self._clock())
            self._writing.executemany(INSERT, [{**row, "recorded": now} for row in rows])
            self._writing.execute(FORGET, [recording.KEPT])
            if self._batches % recording.WEIGHED_EVERY == 0:
                self._writing.execute(LIGHTEN, [recording.KEPT_BYTES])
            self._batches += 1
            deleted = self._tidy(now)
            self._writing.execute("COMMIT")
            if deleted:  # from the log too, unless somebody reads: then with the next batch that deletes
                self._writing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (sqlite3.OperationalError, OSError) as error:
            raise StoreError(f"Answers cannot be recorded: {error}. See QA_STORE.") from error

    def _tidy(self, now: int) -> int:
        """Remove what has had its time, once an hour; how many answers."""
        if now - self._tidied < HOUR:
            return 0
        self._tidied = now
        past = [now - self._days * DAY]
        deleted: int = self._writing.execute(OLD, past).rowcount
        return deleted + int(self._writing.execute(OLD_OPINIONS, past).rowcount)

    def of(self, ids: Sequence[str]) -> Sequence[Row]:
        """See Answers."""
        return self._read("id IN (SELECT value FROM json_each(?))", [json.dumps(ids)])

    def unanswered(self, most: int) -> Sequence[Row]:
        """See Answers."""
        return self._read("answered = 0 ORDER BY rowid DESC LIMIT ?", [most])[::-1]

    def release(self) -> None:
        """See Answers."""
        if self._writing is not None:
            self._writing.close()
            self._writing = None

    def _follow_the_file(self) -> None:
        there = identity(self._path)
        if there != self._opened:
            self.release()
        if self._writing is None:
            self._writing = opened(self._path, (TABLE, "feedback"), BUSY_SECONDS)
            self._opened = there

    def _read(self, where: str, values: Sequence[object]) -> Sequence[Row]:
        sql = f"SELECT * FROM {TABLE} WHERE {where}"  # noqa: S608 - constants
        try:
            with closing(opened(self._path, (), BUSY_SECONDS)) as connection:
                return table_rows(connection, TABLE, sql, values)
        except FAULTS as error:
            if "no such table" in str(error):
                return []
            raise StoreError(f"Recorded answers cannot be read: {error}. See QA_STORE.") from error
