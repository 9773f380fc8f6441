"""Documents into and out of the tables of a SQLite store, within its caller's transaction."""

import secrets
from collections.abc import Iterable
from typing import Any

from qa_service.domain.ports import Follower, IndexedDocument, IndexedPassage, Moment
from qa_service.store import rows
from qa_service.store.damage import table_rows, tuples
from qa_service.store.encoding import remembered
from qa_service.store.ledger import Ledger
from qa_service.store.tables import TABLES

KEPT_CHANGES = 100_000  # that a candidate index may be behind without being built anew


class Unfollowed:
    """The Follower of a store whose passages are all ranked in memory: nobody follows."""

    def removed(self, document_id: str) -> None:
        """See Follower."""

    def added(self, document_id: str, passages: Iterable[tuple[int, IndexedPassage]]) -> None:
        """See Follower."""

    def keep(self, moment: Moment) -> None:
        """See Follower."""

    def forget(self) -> None:
        """See Follower."""


class Change:
    """One publish. `closed` gives what the store is to remember of it."""

    def __init__(self, connection: Any, follower: Follower) -> None:
        self._connection = connection
        self._follower = follower
        meta = dict(tuples(connection, "meta", "SELECT key, value FROM meta"))
        self._ledger = Ledger(connection, meta)
        self._number = remembered(meta, "number")
        self._position = remembered(meta, "position")
        self._moved = False
        self._mark = meta.get("mark", "")

    def add(self, indexed: IndexedDocument) -> None:
        """Put a document in, in place of one with its id or origin."""
        document_id, origin = indexed.document.id, indexed.original.origin
        sql = "SELECT document_id FROM originals WHERE origin = ?"
        earlier = (name for (name,) in tuples(self._connection, "originals", sql, [origin]))
        for one in dict.fromkeys([document_id, *earlier]):
            self.remove(one)
        row = rows.document_row(indexed)
        self._insert("documents", [row])
        self._insert("originals", [rows.original_row(document_id, indexed.original)])
        numbered = list(enumerate(indexed.passages, self._number + 1))
        self._number += len(numbered)
        self._insert("passages", [rows.passage_row(*one) for one in numbered])
        self._ledger.document(row["digest"], indexed.entries, 1)
        for passage in indexed.passages:
            self._ledger.passage(passage.terms, passage.sentence_terms, 1)
        self._changed(document_id)
        self._follower.added(document_id, numbered)

    def remove(self, document_id: str) -> None:
        """Take a document out; nothing happens when there is none."""
        execute = self._connection.execute
        sql = "SELECT digest, id, entries, entries_hash FROM documents WHERE id = ?"
        found = tuples(self._connection, "documents", sql, [document_id])
        if not found:
            return
        digest, *brought = found[0]
        self._ledger.document(digest, rows.entries(*brought), -1)
        sql = "SELECT sentences, terms FROM passages WHERE document_id = ?"
        for row in table_rows(self._connection, "passages", sql, [document_id]):
            self._ledger.passage(*rows.stems(row), -1)
        execute("DELETE FROM passages WHERE document_id = ?", [document_id])
        execute("DELETE FROM originals WHERE document_id = ?", [document_id])
        execute("DELETE FROM documents WHERE id = ?", [document_id])
        self._changed(document_id)
        self._follower.removed(document_id)

    def closed(self) -> dict[str, str]:
        """Write what was counted; the figures to remember."""
        self._ledger.write()
        self._connection.execute("DELETE FROM changes WHERE position <= ?", [self._position - KEPT_CHANGES])
        if self._moved:
            self._mark = secrets.token_hex(8)
            marked = "UPDATE changes SET mark = ? WHERE position = ?"
            self._connection.execute(marked, [self._mark, self._position])
        came_to = {"number": str(self._number), "position": str(self._position), "mark": self._mark}
        return self._ledger.meta | came_to

    def _insert(self, table: str, values: list[dict[str, Any]]) -> None:
        columns = ", ".join(f'"{name}"' for name in TABLES[table])
        marks = ", ".join(f":{name}" for name in TABLES[table])
        self._connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608 - constants

    def _changed(self, document_id: str) -> None:
        self._moved = True
        self._position += 1
        self._insert("changes", [{"position": self._position, "document_id": document_id, "mark": None}])
