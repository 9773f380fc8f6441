"""What was answered, as it is remembered, and the evidence pack that proves an answer without the service."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qa_service.domain.document import SourceSpan, SourceUnit
from qa_service.domain.question import Message

FORMAT = "qa-service evidence pack 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An answer that was given: ``answer`` is the answer object of the contract."""

    id: str
    message: Message
    index_version: str
    answered: bool
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedDocument:
    """A cited document: the hash of its canonical text in UTF-8, and the original to derive that text from.

    ``name``, ``media_type`` and ``bytes`` are the original's; for a line of a .jsonl file the original is
    the line without its line break.
    """

    document_id: str
    title: str
    author: str | None
    published: str | None
    publisher: str | None
    url: str | None
    sha256: str
    characters: int
    name: str
    media_type: str
    bytes: int
    original_sha256: str
    unit: SourceUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedQuote:
    """A quote: ``start`` and ``end`` in the canonical text, ``original`` in the unit of its document."""

    number: int
    document_id: str
    quote: str
    start: int
    end: int
    sha256: str
    original: tuple[SourceSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """An answer with all that is needed to check its quotes against the original files."""

    answer: Mapping[str, Any]
    documents: tuple[PackedDocument, ...]
    quotes: tuple[PackedQuote, ...]
    format: str = FORMAT
