"""An edition: one index version, ready to be asked. An answer is computed from exactly one edition."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from qa_service.domain.annotation import Annotations
from qa_service.domain.document import BlockKind, Document
from qa_service.domain.errors import NotFoundError
from qa_service.domain.passage import Passage
from qa_service.domain.ports import Searcher

PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """How many sentences of the index hold each stem: the weight of a word when sentences compete."""

    sentences: int
    frequency: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Edition:
    """Documents by id (in the order of ids), their passages in text order, and the index over them."""

    version: str
    documents: Mapping[str, Document]
    passages: tuple[Passage, ...]
    annotations: Mapping[str, Annotations]
    searcher: Searcher
    lexicon: Lexicon

    def document(self, document_id: str) -> Document:
        """The document of that id; raises NotFoundError."""
        try:
            return self.documents[document_id]
        except KeyError:
            raise NotFoundError(f"There is no document {document_id!r}.", "document_id") from None

    def text(self, passage: Passage, start: int, end: int) -> str:
        """The canonical text of a span of the passage's document."""
        return self.documents[passage.document_id].text[start:end]

    @cached_property
    def _passages_of(self) -> dict[str, tuple[Passage, ...]]:
        grouped: dict[str, list[Passage]] = {}
        for passage in self.passages:
            grouped.setdefault(passage.document_id, []).append(passage)
        return {document_id: tuple(found) for document_id, found in grouped.items()}

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document in text order; () when it has none."""
        return self._passages_of.get(document_id, ())

    def passage_at(self, document_id: str, offset: int) -> Passage:
        """The passage that holds a canonical offset of the document."""
        found = self.passages_of(document_id)
        return found[bisect_right(found, offset, key=lambda passage: passage.start) - 1]

    def around(self, document_id: str, start: int, end: int) -> tuple[int, int]:
        """A span with the sentences before and after it, within its passage; headings are none."""
        sentences = [one for one in self.passage_at(document_id, start).sentences if one.kind in PROSE]
        before = [one.start for one in sentences if one.end <= start]
        after = [one.end for one in sentences if one.start >= end]
        return (before[-1] if before else start), (after[0] if after else end)
