"""The SQLite engine, and sqlite-utils over a connection to it.

sqlite-utils picks pysqlite3 (a newer SQLite) where it is installed, so this does too; sqlite-utils itself is
imported with the first write, because a worker that has not written yet should start without it.
"""

import importlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database
else:
    try:
        sqlite3 = importlib.import_module("pysqlite3")
    except ImportError:
        sqlite3 = importlib.import_module("sqlite3")

__all__ = ["FAULTS", "address", "begin", "database", "frozen", "identity", "resets_badly", "sqlite3"]


# What SQLite and the file system may raise. SQLite quotes what is damaged in a schema, which may be no text.
FAULTS: tuple[type[Exception], ...] = (sqlite3.Error, OSError, UnicodeDecodeError)
ASKED_EVERY = 0.001  # seconds
# Releases in which a log is never begun anew while somebody writes into it, by their series; before 3.7.0
# there was no log. See "The WAL-reset bug" of sqlite.org/wal.html.
FIRST_LOG = (3, 7, 0)
MENDED: dict[tuple[int, ...], tuple[int, ...]] = {(3, 44): (3, 44, 6), (3, 50): (3, 50, 7)}
MENDED_FOR_ALL = (3, 51, 3)


def resets_badly(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite may, rarely, destroy a store into which two connections write at once."""
    return FIRST_LOG <= version < MENDED.get(version[:2], MENDED_FOR_ALL)


def database(connection: Any) -> "Database":
    """sqlite-utils over an open connection."""
    from sqlite_utils import Database  # noqa: PLC0415

    return Database(connection, execute_plugins=False)


def begin(connection: Any, seconds: float) -> None:
    """Begin to write, or wait so many seconds for who writes: then OperationalError.

    Who waits asks often: SQLite's own waiting asks ever less often, and some never get their turn.
    """
    connection.execute("PRAGMA busy_timeout=0")
    insist(connection, "BEGIN IMMEDIATE", seconds)


def insist(connection: Any, sql: str, seconds: float) -> None:
    """Execute a statement, again while another process holds the file: then OperationalError."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            connection.execute(sql)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(ASKED_EVERY)
        else:
            return


def identity(path: Path) -> tuple[int, int, bool] | None:
    """What tells a file from another that takes its name, as a restored store does; None: there is none.

    The last one tells whether its disk is read-only: then it is opened in another way.
    """
    try:
        found = path.stat()
        return found.st_dev, found.st_ino, bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return None


def frozen(path: Path) -> bool:
    """Whether a store cannot change while it is read: its disk is read-only, and no log waits beside it."""
    there = identity(path)
    log = path.with_name(f"{path.name}-wal")
    return there is not None and there[-1] and not (log.exists() and log.stat().st_size)


def address(path: Path) -> str:
    """How SQLite opens a store that is there. One that is frozen has no log, and none can be made."""
    way = "mode=ro&immutable=1" if frozen(path) else "mode=rw"
    return f"{path.absolute().as_uri()}?{way}"
