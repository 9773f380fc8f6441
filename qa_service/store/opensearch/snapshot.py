"""One version of a store in OpenSearch, read piece by piece."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from itertools import chain, islice
from typing import Any

from qa_service.domain.annotation import Annotated
from qa_service.domain.directory import EntryKind
from qa_service.domain.document import Document
from qa_service.domain.passage import Passage
from qa_service.domain.ports import Ranked
from qa_service.store.opensearch import documents, passages
from qa_service.store.opensearch.engine import PAGE
from qa_service.store.opensearch.passages import StoredPassage
from qa_service.store.opensearch.reading import Reading, Remembered
from qa_service.store.opensearch.versions import Query, term
from qa_service.store.opensearch.words import Words

KEPT_IDS = 10_000  # ids that are remembered; more are read again
KEPT = 8192  # passages that are remembered
NUMBERS = {"_source": False, "stored_fields": "_none_", "docvalue_fields": ["number"]}  # 40 % quicker
FEW, SHORT = 4, 100_000  # documents that are ranked as a whole, and letters of the terms of each


class OpenSearchSnapshot:
    """See `qa_service.domain.ports.Snapshot`. It can be read for ten minutes after the next version came."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._rows: Remembered[StoredPassage] = Remembered(KEPT)
        self._passages: Remembered[Passage] = Remembered(KEPT)
        self._ranked: Remembered[Ranked] = Remembered(KEPT)  # of documents that were ranked as a whole
        self._words = Words(reading)
        self.moment = reading.state.moment
        self.size = reading.state.sizes
        self.holding = self._words.holding
        self.like = self._words.like
        self.sounding = self._words.sounding
        self.foresee = self._words.foresee

    def pinned(self) -> AbstractContextManager[None]:
        """See Snapshot. Every read names its version: there is nothing to hold."""
        return nullcontext()

    def ids(self) -> Iterator[str]:
        """See Snapshot."""
        return iter(self._ids) if self.size.documents <= KEPT_IDS else chain(self._first, self._others())

    @cached_property
    def _ids(self) -> Sequence[str]:
        return tuple(self._read_ids())

    @cached_property
    def _first(self) -> Sequence[str]:
        """The ids that whoever wants a few documents begins with."""
        return tuple(islice(self._read_ids(), PAGE))

    def _others(self) -> Iterator[str]:
        yield from islice(self._read_ids(), PAGE, None)

    def _read_ids(self) -> Iterator[str]:
        body = {"query": self._reading.query(), "sort": ["id"], "_source": False}
        return (hit["sort"][0] for hit in self._reading.pages(documents.NAME, body))

    def document(self, document_id: str) -> Document | None:
        """See Snapshot."""
        found = self._reading.document(document_id)
        return found.document if found else None

    def title(self, document_id: str) -> str | None:
        """See Snapshot."""
        found = self.document(document_id)
        return found.title if found else None

    def text(self, document_id: str) -> str | None:
        """See Snapshot."""
        found = self._reading.document(document_id)
        return found.text if found else None

    def annotations(self, document_id: str) -> Annotated | None:
        """See Snapshot."""
        found = self._reading.document(document_id)
        return found.annotations if found else None

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """See Snapshot."""
        return tuple(self._held(document_id).values())

    def starts(self, document_id: str) -> Sequence[tuple[int, int]]:
        """See Snapshot."""
        return [(one.start, number) for number, one in self._held(document_id).items()]

    def _held(self, document_id: str) -> Mapping[int, Passage]:
        """The passages of a document by their numbers: whoever asks for these asks for some of them."""
        found = self._reading.document(document_id)
        for number, passage in found.passages.items() if found else ():
            self._passages.put(number, passage)
        return found.passages if found else {}

    def passages(self, numbers: Sequence[int]) -> Mapping[int, Passage]:
        """See Snapshot."""
        kept = ((number, self._passages.get(number)) for number in numbers)
        found = {number: passage for number, passage in kept if passage is not None}
        for number, row in self._read([one for one in numbers if one not in found]).items():
            found[number] = row.passage
            self._passages.put(number, found[number])
        return found

    def foresee_documents(self, numbers: Sequence[int]) -> None:
        """See Snapshot."""
        found = ((number, self._passages.get(number)) for number in numbers)
        self._reading.foresee((one.document_id, passages.since(number)) for number, one in found if one)

    def terms(self, numbers: Sequence[int]) -> Mapping[int, Ranked]:
        """See Snapshot."""
        kept = ((number, self._ranked.get(number)) for number in numbers)
        found = {number: ranked for number, ranked in kept if ranked is not None}
        rows = self._read([one for one in numbers if one not in found])
        return found | {number: row.ranked for number, row in rows.items()}

    def within(self, ids: Sequence[str]) -> Mapping[int, Ranked] | None:
        """What ranks all passages of these documents, which whoever asks will read; None when it is much."""
        if len(ids) > FEW:
            return None
        found: dict[int, Ranked] = {}
        for one in filter(None, map(self._reading.document, ids)):
            if not one.is_short(SHORT):
                return None
            found |= one.ranked
            for number, passage in one.passages.items():
                self._ranked.put(number, one.ranked[number])
                self._passages.put(number, passage)
        return found

    def _read(self, numbers: Sequence[int]) -> Mapping[int, StoredPassage]:
        kept = {number: self._rows.get(number) for number in numbers}
        missing = [number for number, row in kept.items() if row is None]
        if missing:
            query = self._reading.query(term("number", *missing))
            for hit in self._reading.pages(passages.NAME, {"query": query, "sort": ["number"]}):
                row = self._remembered(hit)
                kept[row.number] = row
        return {number: row for number, row in kept.items() if row is not None}

    def _remembered(self, hit: Mapping[str, Any]) -> StoredPassage:
        row = StoredPassage(hit["_source"])
        self._rows.put(row.number, row)
        return row

    def everything(self, document_id: str | None = None) -> Iterator[tuple[int, Ranked]]:
        """See Snapshot."""
        only = [] if document_id is None else [term("document", document_id)]
        body = {"query": self._reading.query(*only), "sort": ["document", "ordinal"]}
        for hit in self._reading.pages(passages.NAME, body):
            row = self._remembered(hit)
            yield row.number, row.ranked

    def best(self, query: Mapping[str, Any], k: int) -> Sequence[tuple[int, float]]:
        """The numbers of the ``k`` passages that fit a bool query best, and their scores, best first."""
        wanted: Query = {"bool": {**query, "must_not": self._reading.state.view.absent}}
        if self.size.passages > KEPT:  # what is found is likely not remembered: it comes with its number
            hits = self._reading.hits(passages.NAME, {"query": wanted, "size": k})
            return [(self._remembered(hit).number, hit["_score"]) for hit in hits]
        hits = self._reading.hits(passages.NAME, {"query": wanted, "size": k, **NUMBERS})
        return [(hit["fields"]["number"][0], hit["_score"]) for hit in hits]

    def entries(self, kind: EntryKind, key: str, most: int | None = None) -> Mapping[str, int]:
        """See Snapshot."""
        return self._words.entries(kind.value, key, most)
