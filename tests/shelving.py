"""A Snapshot in memory, made of indexed documents: for what is tested without a store."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property

from qa_service.domain.annotation import Annotated, Annotations
from qa_service.domain.directory import EntryKind
from qa_service.domain.document import Document
from qa_service.domain.edition import Edition
from qa_service.domain.passage import Passage
from qa_service.domain.ports import Holding, IndexedDocument, IndexedPassage, Moment, Ranked, Size, Snapshot
from qa_service.domain.sounds import sound
from qa_service.search.bm25 import Bm25Searcher


class MemorySnapshot:
    """See `qa_service.domain.ports.Snapshot`."""

    def __init__(self, items: Sequence[IndexedDocument], version: str = "v") -> None:
        self.moment = Moment(version, len(items))
        self._items = {item.document.id: item for item in sorted(items, key=lambda item: item.document.id)}

    def pinned(self) -> AbstractContextManager[None]:
        return nullcontext()

    @cached_property
    def _numbered(self) -> dict[int, IndexedPassage]:
        return dict(enumerate((one for item in self._items.values() for one in item.passages), 1))

    @cached_property
    def size(self) -> Size:
        found = self._numbered.values()
        return Size(
            documents=len(self._items),
            passages=len(found),
            sentences=sum(len(one.sentence_terms) for one in found),
            terms=sum(len(one.terms) for one in found),
        )

    @cached_property
    def _holding(self) -> dict[str, Holding]:
        found = self._numbered.values()
        passages = Counter(stem for one in found for stem in set(one.terms))
        sentences = Counter(stem for one in found for terms in one.sentence_terms for stem in set(terms))
        return {stem: Holding(passages=count, sentences=sentences[stem]) for stem, count in passages.items()}

    def holding(self, stem: str) -> Holding:
        return self._holding.get(stem, Holding())

    def ids(self) -> Iterator[str]:
        return iter(self._items)

    def document(self, document_id: str) -> Document | None:
        return self._items[document_id].document if document_id in self._items else None

    def title(self, document_id: str) -> str | None:
        return self._items[document_id].document.title if document_id in self._items else None

    def text(self, document_id: str) -> str | None:
        return self._items[document_id].document.text if document_id in self._items else None

    def annotations(self, document_id: str) -> Annotated | None:
        return self._items[document_id].annotations if document_id in self._items else None

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        item = self._items.get(document_id)
        return tuple(one.passage for one in item.passages) if item else ()

    def starts(self, document_id: str) -> Sequence[tuple[int, int]]:
        numbered = [(number, one.passage) for number, one in self._numbered.items()]
        return [(passage.start, number) for number, passage in numbered if passage.document_id == document_id]

    def passages(self, numbers: Sequence[int]) -> Mapping[int, Passage]:
        return {one: self._numbered[one].passage for one in numbers if one in self._numbered}

    def terms(self, numbers: Sequence[int]) -> Mapping[int, Ranked]:
        wanted = set(numbers)
        return {number: ranked for number, ranked in self.everything() if number in wanted}

    def everything(self, document_id: str | None = None) -> Iterator[tuple[int, Ranked]]:
        for number, one in self._numbered.items():
            passage = one.passage
            if document_id in (None, passage.document_id):
                yield (
                    number,
                    Ranked(document_id=passage.document_id, ordinal=passage.ordinal, terms=one.terms),
                )

    def foresee(self, stems: Sequence[str], keys: Sequence[tuple[EntryKind, str]]) -> None:
        pass

    def foresee_documents(self, numbers: Sequence[int]) -> None:
        pass

    def like(self, stem: str) -> Sequence[str]:
        return sorted(one for one in self._holding if one[0] in stem[:2] and abs(len(one) - len(stem)) <= 2)

    def sounding(self, key: str) -> str | None:
        alike = [stem for stem in self._holding if sound(stem) == key]
        return min(alike, key=lambda stem: (-self._holding[stem].sentences, stem), default=None)

    def entries(self, kind: EntryKind, key: str, most: int | None = None) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for item in self._items.values():
            for (its_kind, its_key, value), count in item.entries.items():
                if (its_kind, its_key) == (kind, key):
                    found[value] += count
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:most])


def edition(*items: IndexedDocument) -> Edition:
    """An edition of these documents."""
    snapshot = MemorySnapshot(items)
    return Edition(snapshot, Bm25Searcher(snapshot))


@dataclass(frozen=True)
class Contents:
    """All that a snapshot gives; equal contents are equal."""

    version: str
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    ranked: tuple[Ranked, ...]
    annotations: Mapping[str, Annotations]


def contents(snapshot: Snapshot) -> Contents:
    """Everything of a snapshot, read piece by piece."""
    with snapshot.pinned():
        ids = list(snapshot.ids())
        documents = [snapshot.document(one) for one in ids]
        annotations = {one: snapshot.annotations(one) for one in ids}
        return Contents(
            version=snapshot.moment.version,
            documents=tuple(one for one in documents if one),
            passages=tuple(passage for one in ids for passage in snapshot.passages_of(one)),
            ranked=tuple(ranked for _, ranked in snapshot.everything()),
            annotations={one: _whole(found) for one, found in annotations.items() if found},
        )


def _whole(found: Annotated) -> Annotations:
    return Annotations(
        mentions=tuple(found.mentions),
        positions=tuple(found.positions),
        events=tuple(found.events),
        definitions=tuple(found.definitions),
    )
