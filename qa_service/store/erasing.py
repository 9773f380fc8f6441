"""What was kept of somebody goes, with every byte of it in the store's files, and stays gone after a restore.

A row that is deleted stands on in free pages and in the write-ahead log. Here it is overwritten: the file is
written anew without it, and the log is emptied.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from qa_service.domain.errors import NotFoundError, StoreError
from qa_service.store import kept
from qa_service.store.backing_up import before_schema, reported
from qa_service.store.damage import tuples
from qa_service.store.engine import FAULTS, begin, insist
from qa_service.store.kept import ROWS, Of, Subject
from qa_service.store.notebook import UNDERWAY, Notebook
from qa_service.store.restoring import DAMAGED
from qa_service.store.spool import waits
from qa_service.store.tables import opened

ERASED = "erased"
KEPT = {
    Of.CONVERSATION: "SELECT id FROM conversations UNION SELECT conversation_id FROM turns "
    "UNION SELECT substr(giver, 14) FROM feedback WHERE giver LIKE 'conversation:%'",
    Of.OWNER: "SELECT owner FROM conversations UNION SELECT giver FROM feedback",
    Of.ANSWER: "SELECT id FROM answers UNION SELECT answer_id FROM turns "
    "UNION SELECT answer_id FROM feedback",
}
NAMED_IN = {Of.CONVERSATION: "conversations", Of.OWNER: "conversations", Of.ANSWER: "answers"}
SECONDS = 60.0  # that writers and readers are waited for
# One whose time is damaged counts as made now: to erase again does no harm.
MARKS = f"SELECT mark, CASE typeof(at) WHEN 'integer' THEN at ELSE unixepoch() END FROM {ERASED}"  # noqa: S608
MARK = f"INSERT OR REPLACE INTO {ERASED} (mark, at) VALUES (?, ?)"  # noqa: S608 - constant


def erase(store: Path, subject: Subject, clock: Callable[[], float] = time.time) -> int:
    """Delete and overwrite; how many rows there were.

    Raises NotFoundError when there are none; StoreError, also when the rows are gone and their bytes not yet.
    """
    settled(store)
    with _open(store) as connection:
        begin(connection, SECONDS)
        deleted = _deleted(connection, subject)
        if not deleted:
            connection.execute("ROLLBACK")
            _drop_beside(store, subject)
            scrub(connection)  # who tries again is here for the bytes
            raise NotFoundError("There is nothing of that kept.", "id")
        connection.execute(MARK, [subject.mark, int(clock())])
        connection.execute("COMMIT")
        _drop_beside(store, subject)
        scrub(connection)
    return deleted


def set_aside(store: Path) -> Sequence[Path]:
    """Damaged stores that were put aside beside this one: what they hold of somebody, nobody can tell."""
    return sorted(one for one in store.parent.iterdir() if one.name.startswith(f"{store.name}{DAMAGED}"))


def _drop_beside(store: Path, subject: Subject) -> None:
    """Files that hold what was kept before a migration and, where all of it is to go, of damaged stores."""
    before_schema(store).unlink(missing_ok=True)
    for one in set_aside(store) if subject.of is Of.ALL else ():
        one.unlink(missing_ok=True)


def settled(store: Path) -> None:
    """Wait for rows that wait for the store, or are on their way to it: they would come after their own
    deletion.
    """
    deadline = time.monotonic() + SECONDS
    with closing(Notebook(store)) as book:
        while waits(store):
            if time.monotonic() > deadline:
                raise StoreError("Rows wait to be written into the store: try again.")
            book.read("turns", "SELECT 1")
            time.sleep(0.05)
    with _open(store) as connection:  # nobody holds it
        begin(connection, SECONDS)
        connection.execute("ROLLBACK")
    time.sleep(UNDERWAY)


def scrub(connection: Any) -> None:
    """Write the file anew without what was deleted, and empty the log. Raises StoreError."""
    deadline = time.monotonic() + SECONDS
    insist(connection, "VACUUM", SECONDS)
    while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() > deadline:
            raise StoreError("It is gone from the store, its bytes are not: somebody reads it. Try again.")
        time.sleep(0.01)


def marks(store: Path) -> Mapping[str, int]:
    """What was erased from a store, and when; nothing when it cannot be read."""
    try:
        with closing(opened(store, (), SECONDS)) as connection:
            return dict(connection.execute(MARKS).fetchall())
    except FAULTS:
        return {}


def erase_again(store: Path, marked: Mapping[str, int]) -> int:
    """Erase from a store in the making what was erased after it was backed up; how many rows."""
    with _open(store) as connection:
        known = dict(connection.execute(MARKS).fetchall())
        later = {mark: at for mark, at in marked.items() if at > known.get(mark, -1)}
        if not later:
            return 0
        begin(connection, SECONDS)
        found = [one for one in _subjects(connection) if one.mark in later]
        deleted = sum(_deleted(connection, one) for one in found)
        connection.executemany(MARK, later.items())
        connection.execute("COMMIT")
        scrub(connection)
        return deleted


def _subjects(connection: Any) -> Iterator[Subject]:
    """Everybody of whom something is kept, under each name that `erase` may have been told."""
    yield Subject(Of.ALL)
    for of, sql in KEPT.items():
        for (one,) in tuples(connection, NAMED_IN[of], sql):
            yield Subject(of, one)
    yield Subject(Of.OWNER, "anonymous:")
    for (giver,) in tuples(connection, "feedback", "SELECT DISTINCT giver FROM feedback"):
        parts = giver.split("/")
        yield from (Subject(Of.OWNER, "/".join(parts[:end])) for end in range(1, len(parts)))


def _deleted(connection: Any, subject: Subject) -> int:
    """What is chosen by other rows goes before them."""
    counted = 0
    for table in ("answers", "feedback", "turns", "conversations"):
        sql = f"DELETE FROM {table} WHERE {ROWS[subject.of][table]}"  # noqa: S608 - constants
        counted += connection.execute(sql, {"id": subject.id}).rowcount
    return counted


@contextmanager
def _open(store: Path) -> Iterator[Any]:
    with (
        reported("It cannot be erased"),
        closing(opened(store, (*kept.TABLES, ERASED), SECONDS)) as connection,
    ):
        connection.execute("PRAGMA synchronous=FULL")
        yield connection
