"""Printed lines become parts: headings by their type, items by their marks, paragraphs across pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from qa_service.domain.document import BlockKind
from qa_service.ingest.assembly import Part
from qa_service.ingest.furniture import PrintedPage
from qa_service.ingest.lines import Vocabulary, joined
from qa_service.ingest.pdf_columns import same_row
from qa_service.ingest.pdf_lines import PrintedLine
from qa_service.ingest.traced import Traced, join, without

_BULLET = re.compile(r"\A\s*(?:[•‣▪●◦∙■□➢❖✓\uf020-\uf0ff]\s*|[-–—]\s+)(?=\S)")
_NUMBER = re.compile(r"\A\s*(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)|\d{1,2}\.)\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’)\]\d*†‡]*\s*$")
_LEADERS = re.compile(
    r"(?:(?<!\.)\.{4,}|(?<!\s\.)(?:\s\.){4,}+|(?<!…)…{2,})[\s\divxlc|]*$"
)  # an entry of a table of contents
_MOST_HEADING = 18  # words


@dataclass(frozen=True, slots=True)
class Style:
    """What is usual in one document: the size of its running text, the step from line to line."""

    size: float
    step: float
    bold: bool

    def heading_level(self, line: PrintedLine) -> int:
        """1 to 3 when the line is set larger or bolder than the running text, else 0."""
        if not any(map(str.isalpha, line.text)):
            return 0
        larger = line.size / self.size
        if larger > 1.12:
            return 1 if larger > 1.45 else 2
        return 3 if line.bold and not self.bold and larger > 0.85 else 0


def style_of(pages: Sequence[PrintedPage]) -> Style:
    """The commonest size by characters, and the median step between neighbouring lines of that size."""
    weights: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for line in (line for page in pages for line in page.lines):
        weights[line.size] += len(line.text)
        bold[line.bold] += len(line.text)
    size = max(weights, key=lambda found: (weights[found], found)) if weights else 10.0
    steps = [
        above.bottom - below.bottom
        for page in pages
        for above, below in zip(page.lines, page.lines[1:], strict=False)
        if 0.5 * size < above.bottom - below.bottom < 3 * size
    ]
    return Style(max(size, 1.0), median(steps) if steps else 1.2 * size, bold[True] > bold[False])


@dataclass
class _Open:
    """A block that further lines may join."""

    kind: BlockKind
    lines: list[PrintedLine]
    level: int = 0


def parts_of(pages: Sequence[PrintedPage], known: Vocabulary) -> Iterator[Part]:
    """The parts of a document in reading order; the footnotes of a page follow its last paragraph."""
    style = style_of(pages)
    current: _Open | None = None
    notes: list[_Open] = []
    for page in pages:
        body, feet = _parted(page, style)
        for line in body:
            if current and _joins(current, line, style):
                current.lines.append(line)
                continue
            if current:
                yield _closed(current, known)
                yield from _flushed(notes, known)
            current = _opened(line, style)
        notes.extend(_note_blocks(feet))
    if current:
        yield _closed(current, known)
    yield from _flushed(notes, known)


def _flushed(notes: list[_Open], known: Vocabulary) -> Iterator[Part]:
    yield from (_closed(note, known) for note in notes)
    notes.clear()


def _parted(page: PrintedPage, style: Style) -> tuple[list[PrintedLine], list[PrintedLine]]:
    """The running lines and the footnotes: the small lines from the first with a raised number on."""
    lines = _without_contents(_rows(page.lines))
    first = next((i for i, line in enumerate(lines) if line.note and line.top < page.height * 0.75), None)
    if first is None or any(line.size > 0.95 * style.size and not line.note for line in lines[first:]):
        return lines, []
    return lines[:first], lines[first:]


def _without_contents(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """A table of contents repeats the headings; it goes, and so does the line above it that names it."""
    kept: list[PrintedLine] = []
    for line in lines:
        if not _LEADERS.search(line.text):
            kept.append(line)
        elif kept and kept[-1].bottom > line.bottom and len(kept[-1].text.split()) <= 3 and kept[-1].bold:
            kept.pop()
    return kept


def _note_blocks(lines: Sequence[PrintedLine]) -> list[_Open]:
    blocks: list[_Open] = []
    for line in lines:
        if line.note or not blocks:
            blocks.append(_Open(BlockKind.PARAGRAPH, []))
        blocks[-1].lines.append(line)
    return blocks


def _rows(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Neighbours on one base line are the cells of a table row: one line, cells parted by a bar."""
    found: list[PrintedLine] = []
    for line in lines:
        if found and same_row(found[-1], line):
            found[-1] = _row(found[-1], line)
        else:
            found.append(line)
    return found


def _row(left: PrintedLine, right: PrintedLine) -> PrintedLine:
    mark = _BULLET.fullmatch(left.text.strip() + " x"[1:]) or len(left.text.strip()) == 1
    return PrintedLine(
        traced=join((left.traced.stripped(), right.traced.stripped()), " " if mark else " | "),
        page=left.page,
        left=left.left,
        right=right.right,
        bottom=left.bottom,
        top=left.top,
        size=left.size if not mark else right.size,
        bold=left.bold and right.bold,
        note=left.note,
    )


def _opened(line: PrintedLine, style: Style) -> _Open:
    if (
        _BULLET.match(line.text)
        or _NUMBER.match(line.text)
        or " | " in line.text
        or _LEADERS.search(line.text)
    ):
        return _Open(BlockKind.LIST_ITEM, [line])
    level = style.heading_level(line)
    return _Open(BlockKind.HEADING if level else BlockKind.PARAGRAPH, [line], level)


def _joins(block: _Open, line: PrintedLine, style: Style) -> bool:
    last = block.lines[-1]
    if _BULLET.match(line.text) or " | " in line.text or " | " in last.text:
        return False
    if block.kind is BlockKind.HEADING or style.heading_level(line):
        return _same_heading(block, line, style)
    if abs(line.size - last.size) > 0.12 * last.size:
        return False
    ended = bool(_SENTENCE_END.search(last.text))
    if line.page != last.page or line.bottom > last.bottom + style.step:
        return not ended and not _NUMBER.match(line.text)
    return _same_paragraph(block, line, style, ended)


def _same_heading(block: _Open, line: PrintedLine, style: Style) -> bool:
    last = block.lines[-1]
    if (
        block.kind is not BlockKind.HEADING
        or style.heading_level(line) != block.level
        or line.page != last.page
    ):
        return False
    step = last.bottom - line.bottom
    words = sum(len(known.text.split()) for known in (*block.lines, line))
    return (
        0 < step < 1.6 * max(last.size, line.size) and last.bold == line.bold and words <= 2 * _MOST_HEADING
    )


def _same_paragraph(block: _Open, line: PrintedLine, style: Style, ended: bool) -> bool:
    """The line below, in the same column."""
    last = block.lines[-1]
    step = last.bottom - line.bottom
    wide = step > 1.3 * style.step
    if not ended and line.text.lstrip()[:1].islower():
        return step < 3 * style.step
    if wide or (ended and _NUMBER.match(line.text)):
        return False
    if block.kind is BlockKind.LIST_ITEM:
        return line.left > block.lines[0].left + 0.3 * line.size or not ended
    indented = line.left > last.left + 0.8 * line.size and last.left <= block.lines[0].left + 0.5 * line.size
    return not (ended and indented and len(block.lines) > 0)


def _closed(block: _Open, known: Vocabulary) -> Part:
    traced: Traced = joined([line.traced for line in block.lines], known)
    kind = block.kind
    words = len(traced.text.split())
    if kind is BlockKind.HEADING and (words > _MOST_HEADING * 2 or traced.text.rstrip().endswith((".", ","))):
        kind = BlockKind.PARAGRAPH
    if kind is BlockKind.LIST_ITEM:
        traced = without(traced, _BULLET)
    return Part(kind, traced, block.level if kind is BlockKind.HEADING else 0)
