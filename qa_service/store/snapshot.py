"""One version of a SQLite store, read piece by piece."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from qa_service.domain.annotation import Annotated
from qa_service.domain.directory import EntryKind
from qa_service.domain.document import Document
from qa_service.domain.passage import Passage
from qa_service.domain.ports import Holding, Ranked
from qa_service.store import damage, rows
from qa_service.store.hashes import altered, differs
from qa_service.store.readers import Readers, moment_of
from qa_service.store.tables import METADATA
from qa_service.store.tally import size_of

HEAD = ", ".join((*(name for name in METADATA if name != "text"), "blocks", "pages", "digest"))
UNKNOWN = "0"  # the digest of a document that an earlier version stored and this one has not derived anew
PASSAGE = ", ".join(f'"{name}"' for name in (*rows.PASSAGE, "hash"))
RANKED = ", ".join((*rows.RANKED, "terms_hash"))
KEPT = 4096  # passages that are kept in memory
KEPT_TERMS = 512  # of which the terms are: those of the last searches
KEPT_STEMS = 8192  # whose counts are
AT_ONCE = 500  # numbers in one statement
FIRST_IDS, MORE_IDS = 20, 10_000  # read at once: most who ask take the first few
SLIP = 2  # letters that a mistyped word may be longer or shorter


class SqliteSnapshot:
    """See `qa_service.domain.ports.Snapshot`."""

    def __init__(self, readers: Readers, meta: Mapping[str, str]) -> None:
        self._readers = readers
        self.moment = moment_of(meta)
        self.size = size_of(meta)
        self._kept: dict[int, Passage] = {}
        self._kept_terms: dict[int, Ranked] = {}
        self.holding = lru_cache(maxsize=KEPT_STEMS)(self._holding)

    def pinned(self) -> AbstractContextManager[None]:
        """See Snapshot."""
        return self._readers.at(self.moment)

    def _tuples(self, table: str, sql: str, values: Sequence[object] = ()) -> list[Any]:
        with self._readers.at(self.moment) as connection:
            return damage.tuples(connection, table, sql, values)

    def ids(self) -> Iterator[str]:
        """See Snapshot."""
        last, many = "", FIRST_IDS
        sql = "SELECT id FROM documents WHERE id > ? ORDER BY id LIMIT ?"
        while found := self._tuples("documents", sql, [last, many]):
            yield from (one for (one,) in found)
            last, many = found[-1][0], MORE_IDS

    def document(self, document_id: str) -> Document | None:
        """See Snapshot."""
        found = self._head(document_id, f"{HEAD}, text")
        return rows.document(found) if found else None

    def title(self, document_id: str) -> str | None:
        """See Snapshot."""
        found = self._head(document_id, HEAD)
        return str(found["title"]) if found else None

    def _head(self, document_id: str, columns: str) -> Mapping[str, Any] | None:
        """What is told of a document, and perhaps its text, which `proved` looks at when it is shown."""
        sql = f"SELECT {columns} FROM documents WHERE id = ?"  # noqa: S608 - constants
        with self._readers.at(self.moment) as connection:
            found = damage.table_rows(connection, "documents", sql, [document_id])
        if not found:
            return None
        told = found[0] | {"id": document_id}  # the row may be another one's, where an index is damaged
        if told["digest"] not in {rows.digest_of(told), UNKNOWN}:
            raise altered(document_id)
        return told

    def text(self, document_id: str) -> str | None:
        """See Snapshot."""
        found = self._head(document_id, f"{HEAD}, text")
        if found and hashlib.sha256(found["text"].encode()).hexdigest() != found["sha256"]:
            raise altered(document_id)
        return str(found["text"]) if found else None

    def annotations(self, document_id: str) -> Annotated | None:
        """See Snapshot."""
        sql = "SELECT annotations, annotations_hash FROM documents WHERE id = ?"
        found = self._tuples("documents", sql, [document_id])
        return rows.annotations(document_id, *found[0]) if found else None

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """See Snapshot."""
        sql = f"SELECT {PASSAGE} FROM passages WHERE document_id = ? ORDER BY ordinal"  # noqa: S608 - constants
        found = tuple(rows.passage(*row) for row in self._tuples("passages", sql, [document_id]))
        if any((one.document_id, one.ordinal) != (document_id, place) for place, one in enumerate(found)):
            raise altered(document_id)
        return found

    def starts(self, document_id: str) -> Sequence[tuple[int, int]]:
        """See Snapshot."""
        sql = "SELECT start, number FROM passages WHERE document_id = ? ORDER BY ordinal"
        return self._tuples("passages", sql, [document_id])

    def passages(self, numbers: Sequence[int]) -> Mapping[int, Passage]:
        """See Snapshot."""
        kept = self._kept
        if len(kept) + len(numbers) > KEPT:
            kept = self._kept = {}
        missing = [number for number in numbers if number not in kept]
        kept.update({row[0]: rows.passage(*row) for row in self._of(missing, PASSAGE)})
        return {number: kept[number] for number in numbers if number in kept}

    def terms(self, numbers: Sequence[int]) -> Mapping[int, Ranked]:
        """See Snapshot."""
        kept = self._kept_terms
        if len(kept) + len(numbers) > KEPT_TERMS:
            kept = self._kept_terms = {}
        missing = [number for number in numbers if number not in kept]
        kept.update(rows.ranked(*row) for row in self._of(missing, RANKED))
        return {number: kept[number] for number in numbers if number in kept}

    def _of(self, numbers: Sequence[int], columns: str) -> Iterator[Any]:
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            marks = ",".join("?" * len(some))
            sql = f"SELECT {columns} FROM passages WHERE number IN ({marks})"  # noqa: S608 - constants
            yield from self._tuples("passages", sql, some)

    def everything(self, document_id: str | None = None) -> Iterator[tuple[int, Ranked]]:
        """See Snapshot."""
        only = "" if document_id is None else "WHERE document_id = ?"
        sql = f"SELECT {RANKED} FROM passages {only} ORDER BY document_id, ordinal"  # noqa: S608 - constants
        with self._readers.at(self.moment) as connection:
            values = [] if document_id is None else [document_id]
            yield from (rows.ranked(*row) for row in damage.stream(connection, "passages", sql, values))

    def _holding(self, stem: str) -> Holding:
        """See Snapshot."""
        found = self._tuples("stems", "SELECT passages, sentences FROM stems WHERE stem = ?", [stem])
        return Holding(passages=found[0][0], sentences=found[0][1]) if found else Holding()

    def foresee(self, stems: Sequence[str], keys: Sequence[tuple[EntryKind, str]]) -> None:
        """See Snapshot. One by one is as quick."""

    def foresee_documents(self, numbers: Sequence[int]) -> None:
        """See Snapshot. One by one is as quick."""

    def like(self, stem: str) -> Sequence[str]:
        """See Snapshot. Those that begin with the same letter, or with its second one."""
        sql = "SELECT stem FROM stems WHERE stem >= ? AND stem < ? AND length(stem) BETWEEN ? AND ?"
        lengths = (len(stem) - SLIP, len(stem) + SLIP)
        found: set[str] = set()
        for letter in set(stem[:2]):
            values = (letter, chr(ord(letter) + 1), *lengths)
            found.update(other for (other,) in self._tuples("stems", sql, values))
        return sorted(found)

    def sounding(self, key: str) -> str | None:
        """See Snapshot."""
        sql = "SELECT stem FROM stems WHERE sound = ? ORDER BY sentences DESC, stem LIMIT 1"
        found = self._tuples("stems", sql, [key])
        return found[0][0] if found else None

    def entries(self, kind: EntryKind, key: str, most: int | None = None) -> Mapping[str, int]:
        """See Snapshot."""
        sql = """SELECT value, count, hash FROM entries
            WHERE kind = ? AND key = ? ORDER BY count DESC, value LIMIT ?"""
        values = [kind.value, key, -1 if most is None else most]
        found: dict[str, int] = {}
        for value, count, told in self._tuples("entries", sql, values):
            if differs(told, kind, key, value):
                raise damage.damaged("entries.value", f"it is no {kind.value}")
            found[value] = count
        return found
