"""A page as PDFium reads it becomes glyphs that stand upright, whichever way its text runs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, degrees
from typing import Any

import pypdfium2.raw as pdfium

_BREAKS = frozenset({10, 13})
_UNUSABLE = frozenset({0, 0xFFFE, 0xFFFF, 0xFFFD})
_ASLANT = -1
_STRAIGHT = 20  # degrees: scans are a little askew
_FEW = 0.2  # of the glyphs of a page that are not aslant


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a page; ``index`` is its number in PDFium's text page. Points, y upwards."""

    index: int
    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """Between the lowest and the highest point of its font."""
        return self.top - self.bottom


def upright(textpage: Any, width: float, height: float) -> Iterator[tuple[int, Sequence[Glyph | None]]]:
    """For each way that text runs on a page, the commonest first, its glyphs; there is always one.

    A way is a number of quarter turns to the left from the usual one. A glyph is None where PDFium breaks a
    line. Few glyphs that run another way than the others are a stamp in the margin or the name of an axis,
    and glyphs aslant are a watermark: they are left out.
    """
    found = list(_found(textpage, width, height))
    ways = Counter(way for way, glyph in found if glyph and way != _ASLANT)
    for way, count in ways.most_common() or [(0, 0)]:
        if count >= _FEW * ways.total():
            yield way, [glyph for other, glyph in found if glyph is None or other == way]


def _found(textpage: Any, width: float, height: float) -> Iterator[tuple[int, Glyph | None]]:
    box, way = pdfium.FS_RECTF(), 0
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code in _BREAKS:
            yield way, None
        elif code not in _UNUSABLE and not 0xD800 <= code <= 0xDFFF:
            pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
            way = _way(textpage, index, way)
            text = "-" if code == 2 else chr(code)  # PDFium's mark for a hyphen at a line end
            yield way, Glyph(index, text, *_turned(box, way, width, height))


def _way(textpage: Any, index: int, last: int) -> int:
    """Where the text runs; what PDFium adds itself, such as a space, runs as what is before it."""
    if pdfium.FPDFText_IsGenerated(textpage, index) == 1:
        return last
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(textpage, index, matrix):
        return last
    if matrix.a * matrix.d <= matrix.b * matrix.c:  # mirrored, or flat
        return 0
    angle = degrees(atan2(matrix.b, matrix.a))
    way = round(angle / 90)
    return way % 4 if abs(angle - 90 * way) <= _STRAIGHT else _ASLANT


def _turned(box: Any, way: int, width: float, height: float) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a box on the page that is turned so that the text runs upright."""
    if way == 1:
        return box.bottom, box.top, width - box.right, width - box.left
    if way == 2:
        return width - box.right, width - box.left, height - box.top, height - box.bottom
    if way == 3:
        return height - box.top, height - box.bottom, box.left, box.right
    return box.left, box.right, box.bottom, box.top
