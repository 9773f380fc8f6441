"""One publish: documents into rows of a position that nobody sees yet, and the position made the store's."""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from qa_service.domain.ports import IndexedDocument
from qa_service.store import rows, tally
from qa_service.store.opensearch import counts, documents, ledger, passages
from qa_service.store.opensearch.bulk import BYTES, Found, Write
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.lease import Turn
from qa_service.store.opensearch.state import RECENT, State
from qa_service.store.opensearch.versions import Query, View, term

TOGETHER = 50  # documents that are looked up at once
VERSIONED = (documents.NAME, passages.NAME, counts.NAME)

Body = Mapping[str, object]


class Change:
    """The changes of one publish over a state. Nobody sees them until the state that they `come_to` is."""

    def __init__(self, engine: Engine, turn: Turn, state: State) -> None:
        self._engine, self._turn, self._state = engine, turn, state
        self._view = View(turn.number, state.undone)
        self._tally = tally.Tally(state.sizes, int(state.contents, 16))
        self._made = 0
        self._unseen: set[str] = set()  # ids and origins that searches do not find yet
        self._moved = False

    def remove(self, document_ids: Iterable[str]) -> None:
        """Take documents out, before others are put in; nothing happens with those that are none."""
        for some in _some(dict.fromkeys(document_ids)):
            self._end(term("id", *some))

    def add(self, added: Iterable[IndexedDocument]) -> None:
        """Put documents in, in place of those with their ids or origins."""
        for some in _apart(added):
            self._turn.check()
            names = {one.document.id for one in some}
            origins = {documents.hashed(one.original.origin) for one in some}
            if not self._unseen.isdisjoint(names | origins):
                self._see()
            earlier = [term("id", *names), term("origin", *origins)]
            self._end({"bool": {"should": earlier, "minimum_should_match": 1}})
            self._write(some)
            self._unseen |= names | origins

    def _see(self) -> None:
        for name in (documents.NAME, passages.NAME):
            self._engine.refresh(name)
        self._unseen.clear()

    def _write(self, some: Sequence[IndexedDocument]) -> None:
        here = self._turn.number
        numbered = [(one, self._numbers(len(one.passages))) for one in some]
        told = [(documents.key(one.document.id, here), one, numbers) for one, numbers in numbered]
        originals = (Write("index", key, documents.original_body(one.original)) for key, one, _ in told)
        self._engine.bulk(documents.ORIGINALS, originals)
        bodies = [(key, documents.body(one, numbers, here)) for key, one, numbers in told]
        self._engine.bulk(documents.NAME, (Write("index", *both) for both in bodies))
        kept = (both for one, numbers in numbered for both in zip(numbers, one.passages, strict=True))
        self._engine.bulk(
            passages.NAME, (Write("index", str(number), passages.body(number, one)) for number, one in kept)
        )
        for one, (_, body) in zip(some, bodies, strict=True):
            self._count(str(body["digest"]), one)
        self._moved = True

    def _numbers(self, count: int) -> range:
        found = passages.numbers(self._turn.number, self._made, count)
        self._made += count
        return found

    def _count(self, digest: str, indexed: IndexedDocument) -> None:
        self._tally.document(digest, indexed.entries, 1)
        for passage in indexed.passages:
            self._tally.passage(passage.terms, passage.sentence_terms, 1)
        self._counted()

    def _counted(self) -> None:
        if self._tally.full:
            ledger.write(self._engine, self._view, self._tally)

    def _end(self, wanted: Query) -> None:
        """Let documents and their passages end here."""
        ended = _rows(self._engine, documents.NAME, self._view.query(wanted), ["id"])
        if not ended:
            return
        for found in ended:
            row = found["_source"]
            brought = rows.entries(row["id"], row["entries"], row.get("entries_hash"))
            self._tally.document(row["digest"], brought, -1)
            self._unseen |= {row["id"], row["origin"]}
        of_them = self._view.query(term("document", *(found["_source"]["id"] for found in ended)))
        held = _rows(self._engine, passages.NAME, of_them, ["number"])
        for found in held:
            self._tally.passage(*rows.stems(found["_source"]), -1)
        self._counted()
        self._engine.bulk(passages.NAME, (self._ended(one, passages.ended) for one in held))
        self._engine.bulk(documents.NAME, (self._ended(one) for one in ended))
        own = (one["_id"] for one in ended if one["_source"]["since"] == self._turn.number)
        self._engine.bulk(documents.ORIGINALS, (Write("delete", key) for key in own))
        self._moved = True

    def _ended(self, found: Found, anew: Callable[[Found, int], Body] | None = None) -> Write:
        """The write that ends a row; one that this publish made itself goes altogether."""
        here, row = self._turn.number, found["_source"]
        if row["since"] == here:
            return Write("delete", found["_id"])
        if anew is None:
            return Write("update", found["_id"], {"doc": {"until": here}}, found)
        return Write("index", found["_id"], anew(row, here), found)

    def come_to(self, derivation: str, notes: Mapping[str, str]) -> State:
        """Write the rest, and let searches see all of it; the state that is to be the store's."""
        ledger.write(self._engine, self._view, self._tally)
        for name in VERSIONED if self._moved else ():
            self._engine.refresh(name)
        self._turn.check()
        now, before = time.time(), self._state
        contents, size = f"{self._tally.contents:x}", self._tally.size
        after = replace(
            before,
            version=tally.version(derivation, contents),
            derivation=derivation,
            contents=contents,
            notes={**before.notes, **notes},
            size={name: getattr(size, name) for name in size.__slots__},
        )
        if not self._moved:
            return after
        here, mark = self._turn.number, secrets.token_hex(8)
        recent = (*before.recent, (here, mark, now))[-RECENT:]
        return replace(after, position=here, mark=mark, recent=recent, floor=before.passed(now))


def _rows(engine: Engine, name: str, query: Query, sort: Sequence[str]) -> list[Found]:
    body = {"query": query, "sort": [*sort], "seq_no_primary_term": True}
    return list(engine.pages(name, body))


def _some(names: Iterable[str]) -> Iterator[list[str]]:
    left = iter(names)
    while some := list(islice(left, TOGETHER)):
        yield some


def _apart(added: Iterable[IndexedDocument]) -> Iterator[list[IndexedDocument]]:
    """Some at a time, no two of them with one id or one origin."""
    some: list[IndexedDocument] = []
    for one in added:
        same = any(
            one.document.id == other.document.id or one.original.origin == other.original.origin
            for other in some
        )
        size = sum(len(other.original.data) for other in some)
        if same or len(some) == TOGETHER or size > BYTES:
            yield some
            some = []
        some.append(one)
    if some:
        yield some
