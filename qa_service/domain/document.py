"""A document: its canonical text, what that text is made of, and the file it came from.

All offsets are Unicode code points into ``Document.text``; every ``end`` is exclusive.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a stretch of canonical text is."""

    TITLE = "title"
    BYLINE = "byline"  # who wrote it, or when: quotable, but never an answer about the subject
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One heading, paragraph or list item.

    Blocks are in order and do not overlap; between two of them the canonical text holds exactly
    a blank line, and no block contains a line break.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0  # headings: 1 is the highest; 0 elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStart:
    """The canonical offset at which a page of the original file begins."""

    start: int
    number: int  # 1 is the first page of the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is cited. ``sha256`` is the hash of ``text`` in UTF-8, in lower-case hexadecimal."""

    id: str
    title: str
    text: str
    sha256: str
    blocks: Sequence[Block]
    author: str | None = None
    published: str | None = None  # ISO 8601, reduced precision allowed: 2017, 2017-04, 2017-04-18
    publisher: str | None = None
    url: str | None = None  # http or https
    language: str | None = None  # BCP 47: en, en-GB
    based_on: str | None = None  # the work that this document retells, as its front matter names it
    pages: Sequence[PageStart] = ()

    def page_at(self, offset: int) -> int | None:
        """The page of the original that holds ``offset``, or None where the format has no pages."""
        index = bisect_right(self.pages, offset, key=lambda page: page.start)
        return self.pages[index - 1].number if index else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of canonical text and where it stands in the original file.

    When both sides are equally long the run is verbatim and maps offset by offset; otherwise
    (a resolved entity, a joined line end) the run as a whole maps to the source span.
    """

    start: int
    end: int
    source_start: int
    source_end: int
    page: int | None = None


class SourceUnit(StrEnum):
    """What the source offsets of a SourceMap count."""

    CHARACTER = "character"  # code points of the decoded file
    PAGE_CHARACTER = "page_character"  # characters of the page, as PDFium numbers them
    XML_BYTE = "document_xml_byte"  # bytes of word/document.xml inside the DOCX


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpan:
    """A span of the original file, in the unit of its SourceMap."""

    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMap:
    """Where each stretch of the canonical text stands in the original file.

    Segments are in canonical order and do not overlap. Canonical characters outside every segment
    were added by ingest (the blank line between blocks, the space of a joined line).
    """

    unit: SourceUnit
    segments: tuple[Segment, ...]

    def locate(self, start: int, end: int) -> tuple[SourceSpan, ...]:
        """The source spans of canonical ``[start, end)``, one a page, in order; empty when unmapped."""
        spans: list[SourceSpan] = []
        first = max(bisect_right(self.segments, start, key=lambda segment: segment.start) - 1, 0)
        for segment in self.segments[first:]:
            if segment.start >= end:
                break
            low, high = max(start, segment.start), min(end, segment.end)
            if low >= high:
                continue
            if segment.end - segment.start == segment.source_end - segment.source_start:
                shift = segment.source_start - segment.start
                found = SourceSpan(start=low + shift, end=high + shift, page=segment.page)
            else:
                found = SourceSpan(start=segment.source_start, end=segment.source_end, page=segment.page)
            if spans and spans[-1].page == found.page and spans[-1].end <= found.start:
                spans[-1] = SourceSpan(start=spans[-1].start, end=found.end, page=found.page)
            else:
                spans.append(found)
        return tuple(spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The file as it was ingested. ``origin`` says where it was read and is never shown to readers."""

    name: str
    media_type: str
    data: bytes
    sha256: str  # of data
    origin: str  # absolute path; for a line of a .jsonl file: path#id
    source_map: SourceMap


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """A file that was taken: what is cited, and the original it is cited from."""

    document: Document
    original: Original


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A file (or a line of a .jsonl file) that was not taken, and why, in words for its owner."""

    name: str
    reason: str
