"""The glyphs of a page become its printed lines: text with character numbers, place, size, weight."""

import ctypes
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import pypdfium2.raw as pdfium

from qa_service.ingest.pdf_glyphs import Glyph
from qa_service.ingest.traced import ADDED, Piece, Traced

_BOLD = re.compile(r"bold|black|heavy|semib|demi|cmbx", re.IGNORECASE)
_UNITS = frozenset({"m", "km", "cm", "mm", "mi", "ft", "in", "x", "r"})
_WIDE_GAP = 1.6  # line heights: more is another column or another cell


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """A line, or the part of a line in one column or cell."""

    traced: Traced
    page: int
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool
    note: bool  # begins with a raised number: a footnote

    @property
    def text(self) -> str:
        """Its characters."""
        return self.traced.text


def printed_lines(textpage: Any, glyphs: Iterable[Glyph | None], page: int) -> list[PrintedLine]:
    """The lines of one page in PDFium's order; a glyph is None where PDFium breaks a line."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if glyph is None:
            runs.append([])
        elif not runs or not runs[-1] or _apart(runs[-1][-1], glyph, runs[-1]):
            runs.append([glyph])
        else:
            runs[-1].append(glyph)
    lines = [_line(textpage, run, page) for run in _merged([run for run in runs if _shown(run)])]
    return [line for line in lines if line.text.strip()]


def _shown(run: Sequence[Glyph]) -> bool:
    return any(not glyph.text.isspace() for glyph in run)


def _apart(last: Glyph, glyph: Glyph, run: Sequence[Glyph]) -> bool:
    """Whether ``glyph`` stands on another line than ``last``, or far away on the same."""
    if glyph.text.isspace() or glyph.height <= 0:
        return False
    before = next((other for other in reversed(run) if not other.text.isspace()), last)
    height = max(before.height, glyph.height, 1)
    overlap = min(before.top, glyph.top) - max(before.bottom, glyph.bottom)
    if overlap < 0.35 * min(before.height, glyph.height):
        return True
    return glyph.left < before.left - height or glyph.left - before.right > _WIDE_GAP * height


def _merged(runs: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """Runs that PDFium parted at a raised number are one line."""
    found: list[list[Glyph]] = []
    for run in runs:
        if found and _goes_on(found[-1], run):
            found[-1].extend((*_between(found[-1][-1], run[0]), *run))
        else:
            found.append(list(run))
    return found


def _goes_on(above: Sequence[Glyph], run: Sequence[Glyph]) -> bool:
    last = next(glyph for glyph in reversed(above) if not glyph.text.isspace())
    first = next(glyph for glyph in run if not glyph.text.isspace())
    height = max(last.height, first.height)
    overlap = min(last.top, first.top) - max(last.bottom, first.bottom)
    gap = first.left - last.right
    return overlap > 0.5 * min(last.height, first.height) and -0.3 * height <= gap <= 0.8 * height


def _between(last: Glyph, first: Glyph) -> tuple[Glyph, ...]:
    """The space that PDFium replaced by a line break."""
    if last.text.isspace() or first.text.isspace() or first.left - last.right < 0.12 * first.height:
        return ()
    return (Glyph(ADDED, " ", last.right, first.left, first.bottom, first.top),)


def _line(textpage: Any, run: Sequence[Glyph], page: int) -> PrintedLine:
    visible = [glyph for glyph in run if not glyph.text.isspace()]
    size = median(glyph.height for glyph in visible)
    kept, note = _without_marks(run, size)
    full = [glyph for glyph in visible if glyph.height > 0.9 * size] or visible
    return PrintedLine(
        traced=Traced(_piece(glyph, page) for glyph in kept),
        page=page,
        left=visible[0].left,
        right=max(glyph.right for glyph in visible),
        bottom=min(glyph.bottom for glyph in full),
        top=max(glyph.top for glyph in full),
        size=round(size, 1),
        bold=all(
            _is_bold(textpage, glyph) for glyph in (visible[0], visible[len(visible) // 2], visible[-1])
        ),
        note=note,
    )


def _piece(glyph: Glyph, page: int) -> Piece:
    if glyph.index == ADDED:
        return Piece(glyph.text, ADDED, ADDED)
    return Piece(glyph.text, glyph.index, glyph.index + 1, page)


def _without_marks(run: Sequence[Glyph], size: float) -> tuple[list[Glyph], bool]:
    """The line without note numbers; one that begins the line is the number of a footnote and stays."""
    base = median(glyph.bottom for glyph in run if not glyph.text.isspace())
    kept: list[Glyph] = []
    note = False
    for glyph in run:
        raised = glyph.text.isdigit() and glyph.height < 0.85 * size and glyph.bottom > base + 0.1 * size
        before = "".join(other.text for other in kept).strip()
        if raised and (not before or before.isdigit()):
            note = True
        elif raised and before.split()[-1].lower() not in _UNITS:
            continue
        kept.append(glyph)
    return kept, note


def _is_bold(textpage: Any, glyph: Glyph) -> bool:
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(96)
    pdfium.FPDFText_GetFontInfo(textpage, glyph.index, name, 96, flags)
    weight = pdfium.FPDFText_GetFontWeight(textpage, glyph.index)
    return bool(_BOLD.search(name.value.decode("utf-8", "replace"))) or (weight >= 680 and not name.value)
