"""Plain text becomes parts: wrapped lines joined, bare-line headings, bylines and list items recognised."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_service.domain.document import BlockKind
from qa_service.ingest.assembly import Draft, Part, Source
from qa_service.ingest.decoding import decoded
from qa_service.ingest.frontmatter import front_matter
from qa_service.ingest.lines import Vocabulary, joined, line_spans, vocabulary
from qa_service.ingest.metadata import labelled
from qa_service.ingest.opening import opened
from qa_service.ingest.traced import Traced, trace, visible, without

MOST_HEADING_WORDS = 12
_WIDEST_WRAP = 130  # a longer line was not wrapped: it is a paragraph
_RULE = re.compile(r"[-=_*~#\s]{3,}")
_BULLET = re.compile(r"\s*(?:[•‣▪●◦∙·\uf0b7\uf0a7]\s*|[-*–]\s+)(?=\S)")
_NUMBER = re.compile(r"\s*(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)|\d{1,2}\.)\s+(?=\S)")
_SENTENCE_END = ".!?…:;"
_STRONG_END = ".!?…"
_NOT_HEADING_END = ".,;…"
_CLOSING = "\"'”’)]"
_NOTED = _CLOSING + "*†‡"  # what stands between the end of a sentence and that of its line, digits aside
_SECTION_NAMES = frozenset(
    "synopsis commentary abstract summary introduction conclusion conclusions background overview".split()
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file; ``gap`` is the number of blank lines above it."""

    traced: Traced
    text: str
    indent: int
    gap: int


@dataclass(frozen=True, slots=True)
class Shape:
    """How the lines of a document are set."""

    width: int  # of a full line
    wrapped: bool

    def full(self, line: str, following: str) -> bool:
        """Whether ``line`` ended because the next word did not fit."""
        room = self.width - len(line)
        return self.wrapped and len(following.split(maxsplit=1)[0]) + 1 >= room - self.width // 8


def draft(source: Source) -> Draft:
    """The parts and metadata of a plain text file."""
    found = decoded(source.data)
    text, encoding = found.text, found.encoding
    said = front_matter(text)
    body = trace(text[said.end :], said.end)
    parts, metadata = opened(
        (*said.parts, *body_parts(body, titled=said.metadata.title is not None)), said.metadata
    )
    return Draft(parts=parts, metadata=metadata, media_type=f"text/plain; charset={encoding}")


def body_parts(body: Traced, *, titled: bool) -> tuple[Part, ...]:
    """The parts of ``body``; unless it is ``titled`` elsewhere, its first lines may be the title."""
    lines = tuple(_lines(body))
    known = vocabulary(line.text for line in lines)
    shape = _shape(lines)
    groups = _rejoined(tuple(_groups(lines, shape)), shape)
    parts = [_part(groups, index, known, shape) for index in range(len(groups))]
    if not titled and len(groups) > 1 and _may_be_title(groups[0]):
        parts[0] = Part(BlockKind.HEADING, parts[0].traced, 1)
    return tuple(parts)


def _lines(body: Traced) -> Iterator[Line]:
    gap = 0
    for start, end in line_spans(body.text):
        raw = body.text[start:end]
        text = visible(raw).strip()
        if not text or _RULE.fullmatch(text):
            gap += 1
            continue
        yield Line(body.cut(start, end), text, _indent(raw), gap)
        gap = 0


def _indent(line: str) -> int:
    if not line[0].isspace():
        return 0
    spaced = line.expandtabs(4)
    return len(spaced) - len(spaced.lstrip())


def _shape(lines: Sequence[Line]) -> Shape:
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[int(0.95 * (len(lengths) - 1))] if lengths else 0
    return Shape(width, width <= _WIDEST_WRAP)


def _groups(lines: Sequence[Line], shape: Shape) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if group and _breaks(group, line, shape):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _breaks(group: list[Line], line: Line, shape: Shape) -> bool:
    """Whether ``line`` begins a new block below the lines of ``group``."""
    last = group[-1].text
    if line.gap:
        return True
    if _item_start(line.text, group) or (labelled(line.text) and labelled(last)):
        return True
    if last.rstrip(":").casefold() in _SECTION_NAMES and len(group) == 1:
        return True
    if shape.full(last, line.text):
        return line.indent >= group[-1].indent + 2 and _ends_sentence(last, _STRONG_END) and line.indent > 1
    return not line.text[0].islower() or _ends_sentence(last)


def _ends_sentence(text: str, marks: str = _SENTENCE_END) -> bool:
    """Whether the last mark is one of these, quotes, brackets and signs of a note behind it aside."""
    last = next((char for char in reversed(text) if char not in _NOTED and not char.isdecimal()), "")
    return last != "" and last in marks


def _ends_no_heading(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith(tuple(_NOT_HEADING_END))


def _item_start(text: str, group: list[Line]) -> bool:
    if _BULLET.match(text):
        return text[0] not in "-*–" or _ends_sentence(group[-1].text) or bool(_marker(group[0].text))
    return bool(_NUMBER.match(text)) and (
        _ends_sentence(group[-1].text) or bool(_NUMBER.match(group[0].text))
    )


def _marker(text: str) -> re.Match[str] | None:
    return _BULLET.match(text) or _NUMBER.match(text)


def _rejoined(groups: Sequence[list[Line]], shape: Shape) -> list[list[Line]]:
    """Blank lines inside a sentence (a page break stood there) do not end its paragraph."""
    found: list[list[Line]] = []
    for group in groups:
        if found and _continues(found[-1], group[0], shape):
            found[-1].extend(group)
        else:
            found.append(list(group))
    return found


def _continues(above: list[Line], line: Line, shape: Shape) -> bool:
    last = above[-1].text
    if not line.text[0].islower() or _ends_sentence(last) or _marker(line.text):
        return False
    return len(above) > 1 or len(last) > 0.7 * shape.width


def _part(groups: Sequence[list[Line]], index: int, known: Vocabulary, shape: Shape) -> Part:
    group = groups[index]
    traced = joined([line.traced for line in group], known)
    if _is_heading(groups, index, shape):
        return Part(BlockKind.HEADING, traced, 2)
    if _marker(traced.text):
        return Part(BlockKind.LIST_ITEM, without(traced, re.compile(rf"\A{_BULLET.pattern}")))
    return Part(BlockKind.PARAGRAPH, traced)


def _may_be_title(group: Sequence[Line]) -> bool:
    words = sum(len(line.text.split()) for line in group)
    return (
        len(group) <= 3
        and words <= 25
        and not _marker(group[0].text)
        and not _ends_no_heading(group[-1].text)
    )


def _is_heading(groups: Sequence[list[Line]], index: int, shape: Shape) -> bool:
    group, text = groups[index], groups[index][0].text
    if len(group) > 1 or index + 1 == len(groups) or (_marker(text) and not text[0].isdigit()):
        return False
    alone = (
        index == 0 or not shape.wrapped or group[0].gap or groups[index + 1][0].gap or _names_section(text)
    )
    return bool(alone) and looks_like_heading(text) and (not shape.wrapped or len(text) < shape.width)


def _names_section(text: str) -> bool:
    return text.rstrip(":").casefold() in _SECTION_NAMES


def looks_like_heading(text: str) -> bool:
    """A short line that begins with a capital or a number and does not end like a sentence."""
    first = text.lstrip("\"'“‘(¿¡")[:1]
    return (
        len(text.split()) <= MOST_HEADING_WORDS
        and (first.isupper() or first.isdigit())
        and not _ends_no_heading(text)
        and any(character.isalpha() for character in text)
    )
