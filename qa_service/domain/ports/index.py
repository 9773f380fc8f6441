"""The seams of the index: what a store publishes, how it is read again, and what is found in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from qa_service.domain.annotation import Annotated, Annotations
from qa_service.domain.directory import Entries, EntryKind
from qa_service.domain.document import Document, Original
from qa_service.domain.evidence import Hit
from qa_service.domain.passage import Passage
from qa_service.domain.question import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedPassage:
    """A passage and its stems: ``context`` of the title and heading it stands under, ``sentence_terms`` of
    each of its sentences.
    """

    passage: Passage
    context: tuple[str, ...]
    sentence_terms: tuple[tuple[str, ...], ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """What it is found by, in text order, what it stands under first."""
        return (*self.context, *(stem for stems in self.sentence_terms for stem in stems))


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedDocument:
    """A document with everything that is derived from it."""

    document: Document
    original: Original
    passages: tuple[IndexedPassage, ...]
    annotations: Annotations
    entries: Entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much an index version holds; ``terms`` are the stems of all passages, repetitions counted."""

    documents: int = 0
    passages: int = 0
    sentences: int = 0
    terms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """How many passages and how many sentences hold a stem."""

    passages: int = 0
    sentences: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """What a store has come to: its version, how many changes it took, and the mark of its last publish.

    Contents that return have the same version, but are counted as changes; a store that is restored and goes
    another way comes to the same position, but not under the same mark.
    """

    version: str = ""
    position: int = 0
    mark: str = ""


class Statistics(Protocol):
    """What ranking needs to know of all passages together."""

    @property
    def size(self) -> Size:
        """How much there is."""
        ...

    def holding(self, stem: str) -> Holding:
        """In how many passages and sentences a stem stands; an unknown one in none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """What a passage is ranked by; ``document_id`` and ``ordinal`` break ties."""

    document_id: str
    ordinal: int
    terms: tuple[str, ...]


class Snapshot(Statistics, Protocol):
    """One index version, read piece by piece from the store.

    Within ``pinned()`` all reads of a thread see that version. A read raises MovedError when the store has
    gone on to another version, and StoreError when it cannot be read. Passages have numbers, which are never
    used twice in a store.
    """

    @property
    def moment(self) -> Moment:
        """What it was taken of."""
        ...

    def pinned(self) -> AbstractContextManager[None]:
        """Hold the version for a number of reads of this thread."""
        ...

    def ids(self) -> Iterator[str]:
        """The ids of the documents, in order."""
        ...

    def document(self, document_id: str) -> Document | None:
        """The document of that id."""
        ...

    def title(self, document_id: str) -> str | None:
        """The title alone of the document of that id."""
        ...

    def text(self, document_id: str) -> str | None:
        """The canonical text alone of the document of that id."""
        ...

    def annotations(self, document_id: str) -> Annotated | None:
        """What was found in the document of that id."""
        ...

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document in text order; () when there is no such document."""
        ...

    def starts(self, document_id: str) -> Sequence[tuple[int, int]]:
        """Where each passage of a document starts, and its number, in text order."""
        ...

    def passages(self, numbers: Sequence[int]) -> Mapping[int, Passage]:
        """The passages of these numbers; numbers that are none are left out."""
        ...

    def terms(self, numbers: Sequence[int]) -> Mapping[int, Ranked]:
        """What ranks the passages of these numbers; numbers that are none are left out."""
        ...

    def everything(self, document_id: str | None = None) -> Iterator[tuple[int, Ranked]]:
        """The same of all passages (of a document) with their numbers, in the order that breaks ties."""
        ...

    def foresee(self, stems: Sequence[str], keys: Sequence[tuple[EntryKind, str]]) -> None:
        """Read at once what is soon asked one by one, where that is quicker: how many hold these stems, and
        what the directory has under these keys.
        """
        ...

    def foresee_documents(self, numbers: Sequence[int]) -> None:
        """Read at once, where that is quicker, the documents of these passages, which were read."""
        ...

    def like(self, stem: str) -> Sequence[str]:
        """The stems of the index that may be what a mistyped stem was to be, in order of the alphabet."""
        ...

    def sounding(self, key: str) -> str | None:
        """The commonest stem among those of one `spelling key`; ties go to the alphabet."""
        ...

    def entries(self, kind: EntryKind, key: str, most: int | None = None) -> Mapping[str, int]:
        """The values under a key of the directory with their counts, the commonest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Numbers of passages, and the most that each may score, descending; ``rest``: no other passage scores
    more. None when no other one matches."""

    numbers: Sequence[int]
    most: Sequence[float]
    rest: float | None


class CandidateSource(Protocol):
    """Where the passages come from that rank_bm25 is asked about: the best of one position of a store."""

    def candidates(
        self, terms: Mapping[str, float], k: int, documents: Sequence[str] = ()
    ) -> Iterator[Candidates]:
        """Passages that hold a term, likely the best: at first about ``k``, then, if need be, more, or the
        same ones with less that they may score, until there are no others. No terms: nothing.

        ``terms`` are stems, and pairs of neighbouring stems as ``"one other"``, with their weights: a term
        adds to a passage at most its weight times k1 + 1. Unknown terms match nothing. ``documents``
        restricts the result to those ids (empty: all).
        """
        ...


class Searcher(Protocol):
    """Ranks passages for weighted terms."""

    def search(
        self,
        terms: Sequence[Term],
        *,
        limit: int,
        documents: Sequence[str] = (),
        pairs: Sequence[tuple[str, str]] = (),
    ) -> tuple[Hit, ...]:
        """The best ``limit`` passages that hold at least one term, best first.

        Equal scores come in the order of document id, then ordinal. ``documents`` restricts the
        result to those ids (empty: all); unknown ids and unknown terms match nothing. No terms, or
        an empty index: ().
        """
        ...

    def idf(self, stem: str) -> float:
        """How rare a stem is among the passages; an unknown one is as rare as can be."""
        ...


class Follower(Protocol):
    """A candidate index, told of a store's changes as they are made."""

    def removed(self, document_id: str) -> None:
        """A document is taken out with its passages."""
        ...

    def added(self, document_id: str, passages: Iterable[tuple[int, IndexedPassage]]) -> None:
        """A document is put in; its passages with their numbers."""
        ...

    def keep(self, moment: Moment) -> None:
        """The store has committed these changes, and come to this."""
        ...

    def forget(self) -> None:
        """The store has not."""
        ...


class Store(Protocol):
    """Keeps documents and what is derived from them. Every change publishes a new index version.

    A reader sees one version or the next, never a mixture. Errors: StoreError when the store cannot be
    read or written; NotFoundError for an unknown document id.
    """

    def version(self) -> str:
        """The current index version; "" while nothing was ever published. Costs microseconds."""
        ...

    def moment(self) -> Moment:
        """The version, and how the store came to it. Costs as little."""
        ...

    def snapshot(self) -> Snapshot:
        """The current version, to be read."""
        ...

    def changed_since(self, moment: Moment) -> Sequence[str] | None:
        """Ids of the documents that came, went or were replaced after a moment; None when it is too long ago
        to tell, or the store was never there.
        """
        ...

    def original(self, document_id: str) -> Original:
        """The file as it was ingested."""
        ...

    def known_sources(self) -> Mapping[str, str]:
        """SHA-256 of each original, and the id of its document; looked up one by one or all read."""
        ...

    def origins(self) -> Mapping[str, str]:
        """Where each original was read, and the id of its document; likewise."""
        ...

    def publish(self, added: Iterable[IndexedDocument], *, removed: Sequence[str] = ()) -> str:
        """Add (or replace, by id or origin) and remove documents in one step; the new version."""
        ...
