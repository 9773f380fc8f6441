"""Traced blocks and metadata become an Ingested: canonical text, blocks, pages and the source map."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from qa_service.domain.document import (
    Block,
    BlockKind,
    Document,
    Ingested,
    Original,
    PageStart,
    Rejected,
    Segment,
    SourceMap,
    SourceUnit,
)
from qa_service.ingest.limits import Limits
from qa_service.ingest.metadata import NOTHING, Metadata, clean
from qa_service.ingest.traced import ADDED, Traced, merged, squeezed

BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One block before it has offsets."""

    kind: BlockKind
    traced: Traced
    level: int = 0

    @property
    def text(self) -> str:
        """The characters of the block."""
        return self.traced.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a format's reader hands over: parts in reading order, and what the file says of itself."""

    parts: tuple[Part, ...]
    metadata: Metadata
    media_type: str
    unit: SourceUnit = SourceUnit.CHARACTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where bytes come from: ``name`` as their owner says it, ``origin`` stays when they change.

    ``said`` is what is said of them there: the bytes themselves know better.
    """

    name: str
    file_name: str
    origin: str
    said: Metadata = NOTHING

    def source(self, stem: str, data: bytes) -> "Source":
        """What was read there; ``stem`` is what its document is called after."""
        return Source(
            name=self.name,
            file_name=self.file_name,
            stem=stem,
            origin=self.origin,
            data=data,
            said=self.said,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file, or the line of a .jsonl file, that is being read; ``name`` is how its owner named it."""

    name: str
    file_name: str
    stem: str
    origin: str
    data: bytes
    said: Metadata = NOTHING

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in lower-case hexadecimal."""
        return sha256(self.data).hexdigest()

    @property
    def document_id(self) -> str:
        """A readable name made unique by the bytes: the same bytes in the same file name, the same id."""
        slug = re.sub(r"[^a-z0-9]+", "-", self.stem.lower()).strip("-")[:48].strip("-")
        return f"{slug or 'document'}-{self.digest[:8]}"


def assemble(
    source: Source, draft: Draft, limits: Limits, document_id: str | None = None
) -> Ingested | Rejected:
    """The Ingested of a draft; Rejected when no words are left or there are too many."""
    parts = tuple(_canonical(draft.parts))
    if all(part.kind is BlockKind.TITLE for part in parts):
        return Rejected(name=source.name, reason="no text: the file holds no sentences to cite")
    if sum(len(part.text) + len(BETWEEN) for part in parts) - len(BETWEEN) > limits.text_characters:
        return Rejected(
            name=source.name, reason=f"too long: more than {limits.text_characters:,} characters of text"
        )
    segments = tuple(_segments(parts))
    document = _document(source, draft, parts, segments)
    document = replace(document, id=document_id) if document_id else document
    return Ingested(document=document, original=_original(source, draft, segments))


def _canonical(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        traced = squeezed(part.traced)
        if any(character.isalnum() for character in traced.text):
            yield Part(part.kind, traced, part.level)


def _document(source: Source, draft: Draft, parts: Sequence[Part], segments: Sequence[Segment]) -> Document:
    said, text = draft.metadata.beside(source.said), BETWEEN.join(part.text for part in parts)
    first_title = next((part.text for part in parts if part.kind is BlockKind.TITLE), None)
    return Document(
        id=source.document_id,
        title=said.title or first_title or clean(re.sub(r"[-_\s]+", " ", source.stem)) or "Untitled",
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        blocks=tuple(_blocks(parts)),
        author=said.author,
        published=said.published,
        publisher=said.publisher,
        url=said.url,
        language=said.language,
        based_on=said.based_on,
        pages=tuple(_page_starts(segments)),
    )


def _original(source: Source, draft: Draft, segments: tuple[Segment, ...]) -> Original:
    return Original(
        name=source.file_name,
        media_type=draft.media_type,
        data=source.data,
        sha256=source.digest,
        origin=source.origin,
        source_map=SourceMap(unit=draft.unit, segments=segments),
    )


def _blocks(parts: Sequence[Part]) -> Iterator[Block]:
    start = 0
    for part in parts:
        end = start + len(part.text)
        yield Block(kind=part.kind, start=start, end=end, level=part.level)
        start = end + len(BETWEEN)


def _segments(parts: Sequence[Part]) -> Iterator[Segment]:
    start = 0
    for part in parts:
        offset = start
        for piece in merged(part.traced.pieces):
            end = offset + len(piece.text)
            if piece.start != ADDED:
                yield Segment(
                    start=offset, end=end, source_start=piece.start, source_end=piece.end, page=piece.page
                )
            offset = end
        start += len(part.text) + len(BETWEEN)


def _page_starts(segments: Iterable[Segment]) -> Iterator[PageStart]:
    """Each change of page in canonical order; a footnote may lead back to an earlier page."""
    current: int | None = None
    for segment in segments:
        if segment.page is not None and segment.page != current:
            current = segment.page
            yield PageStart(start=segment.start, number=current)
