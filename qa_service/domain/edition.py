"""An edition: one index version, ready to be asked. An answer is computed from exactly one edition."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from operator import itemgetter
from typing import TypeVar

from qa_service.domain.annotation import Annotated
from qa_service.domain.document import BlockKind, Document
from qa_service.domain.errors import ANEW, REMEDY, IntegrityError, LostError, NotFoundError
from qa_service.domain.evidence import Hit
from qa_service.domain.passage import Passage
from qa_service.domain.ports import Searcher, Snapshot

PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
KEPT = 128  # documents that are kept in memory with what was found in them
SEARCHES = 8  # that are kept: one question is searched for more than once

Value = TypeVar("Value")


class Shelf(Mapping[str, Value]):
    """Something of each document by its id, in the order of ids, read when first asked for.

    LostError, a KeyError, for an id that is none: whoever takes ids from the index meets a damaged store.
    """

    def __init__(self, snapshot: Snapshot, read: Callable[[str], Value | None]) -> None:
        self._snapshot = snapshot
        self._read = lru_cache(maxsize=KEPT)(read)

    def __getitem__(self, document_id: str) -> Value:
        found = self._read(document_id)
        if found is None:
            raise LostError(f"The store holds no document {document_id!r}. {REMEDY}")
        return found

    def __iter__(self) -> Iterator[str]:
        return self._snapshot.ids()

    def __len__(self) -> int:
        return self._snapshot.size.documents


@dataclass(frozen=True)
class Edition:
    """A snapshot of the store and the index over it; what was read of a few documents is kept."""

    snapshot: Snapshot
    searcher: Searcher

    @property
    def version(self) -> str:
        """The index version."""
        return self.snapshot.moment.version

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """Documents by id."""
        return Shelf(self.snapshot, self.snapshot.document)

    @cached_property
    def annotations(self) -> Mapping[str, Annotated]:
        """What was found in each document, by its id."""
        return Shelf(self.snapshot, self.snapshot.annotations)

    @cached_property
    def headed(self) -> Mapping[str, str]:
        """The titles by the ids of their documents."""
        return Shelf(self.snapshot, self.snapshot.title)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The canonical texts by the ids of their documents."""
        return Shelf(self.snapshot, self.snapshot.text)

    @cached_property
    def search(self) -> Callable[..., Sequence[Hit]]:
        """`Searcher.search` for tuples."""
        return lru_cache(maxsize=SEARCHES)(self.searcher.search)

    @cached_property
    def passages_of(self) -> Callable[[str], tuple[Passage, ...]]:
        """The passages of a document in text order; () when it has none."""
        return lru_cache(maxsize=KEPT)(self.snapshot.passages_of)

    @cached_property
    def sentences_with(self) -> Callable[[str], int]:
        """How many sentences hold a stem: the weight of a word when sentences compete."""
        return lru_cache(maxsize=KEPT * 64)(lambda stem: self.snapshot.holding(stem).sentences)

    def document(self, document_id: str) -> Document:
        """The document of that id; raises NotFoundError."""
        try:
            return self.documents[document_id]
        except KeyError:
            raise NotFoundError(f"There is no document {document_id!r}.", "document_id") from None

    def proved(self, document_id: str) -> Document:
        """The same, when its text is to be shown.

        Raises IntegrityError when the text no longer has the hash that it was stored with.
        """
        found = self.document(document_id)
        if hashlib.sha256(found.text.encode()).hexdigest() != found.sha256:
            raise IntegrityError(f"The stored text of {found.id} is not what was ingested. {ANEW}")
        return found

    def titles(self, most: int) -> tuple[str, ...]:
        """The titles of the first documents."""
        return tuple(self.headed[document_id] for document_id in islice(self.documents, most))

    def text(self, passage: Passage, start: int, end: int) -> str:
        """The canonical text of a span of the passage's document."""
        return self.texts[passage.document_id][start:end]

    def passage_at(self, document_id: str, offset: int) -> Passage:
        """The passage that holds a canonical offset of the document. Raises LostError when none does."""
        return self.passages_at([(document_id, offset)])[0]

    def passages_at(self, places: Sequence[tuple[str, int]]) -> list[Passage]:
        """The same for many documents and offsets, read at once."""
        numbers = [self._number(*place) for place in places]
        known = self.snapshot.passages(list(dict.fromkeys(numbers)))
        found = [known.get(number) for number in numbers]
        return [_holding(passage, *place) for passage, place in zip(found, places, strict=True)]

    def count_of(self, document_id: str) -> int:
        """How many passages a document has."""
        return len(self._starts(document_id))

    def _number(self, document_id: str, offset: int) -> int:
        found = self._starts(document_id)
        if not found:
            raise LostError(f"The store holds no passages of {document_id!r}. {REMEDY}")
        return found[bisect_right(found, offset, key=itemgetter(0)) - 1][1]

    @cached_property
    def _starts(self) -> Callable[[str], Sequence[tuple[int, int]]]:
        return lru_cache(maxsize=KEPT)(self.snapshot.starts)

    def around(self, document_id: str, start: int, end: int) -> tuple[int, int]:
        """A span with the sentences before and after it, within its passage; headings are none."""
        sentences = [one for one in self.passage_at(document_id, start).sentences if one.kind in PROSE]
        before = [one.start for one in sentences if one.end <= start]
        after = [one.end for one in sentences if one.start >= end]
        return (before[-1] if before else start), (after[0] if after else end)


def _holding(passage: Passage | None, document_id: str, offset: int) -> Passage:
    if passage is None or passage.document_id != document_id or not passage.start <= offset <= passage.end:
        raise LostError(f"The store holds no passage of {document_id!r} at {offset}. {REMEDY}")
    return passage
