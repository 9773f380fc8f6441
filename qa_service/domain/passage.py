"""A passage: what is retrieved; a sentence: what is quoted. Both are spans of a document."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.domain.document import BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of a block; a title, byline or heading is one sentence of its own kind.

    ``block`` is the index of its block in ``Document.blocks``.
    """

    start: int
    end: int
    kind: BlockKind
    block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Whole sentences of one section.

    The passages of a document tile its text: each begins where the one before ended, the first at 0
    and the last ending at ``len(text)``. ``section`` is the nearest heading, None before the first.
    """

    id: str
    document_id: str
    ordinal: int  # 0 is the first of its document
    start: int
    end: int
    section: str | None
    sentences: Sequence[Sentence]
