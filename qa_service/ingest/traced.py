"""Text that remembers where it stands in its file: pieces in, cleaned and joined pieces out."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

# Soft hyphens, zero-width and bidirectional marks, and controls that are not white space.
_INVISIBLE = r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_GAP = re.compile(rf"(?! [^\s{_INVISIBLE}])[\s{_INVISIBLE}]+")
_VANISHES = re.compile(rf"[{_INVISIBLE}]")
ADDED = -1


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and its source span; ``start`` is ADDED for text that the file does not hold."""

    text: str
    start: int
    end: int
    page: int | None = None

    @property
    def verbatim(self) -> bool:
        """Whether it maps offset by offset."""
        return self.start != ADDED and self.end - self.start == len(self.text)

    def cut(self, low: int, high: int) -> "Piece":
        """Its characters ``[low, high)``; a run that is not verbatim keeps its whole source span."""
        if self.verbatim:
            return Piece(self.text[low:high], self.start + low, self.start + high, self.page)
        return Piece(self.text[low:high], self.start, self.end, self.page)


class Traced:
    """An immutable string made of pieces."""

    __slots__ = ("_starts", "pieces", "text")

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces = tuple([piece for piece in pieces if piece.text])
        if len(self.pieces) == 1:  # nearly every line of a file
            self.text = self.pieces[0].text
            self._starts: tuple[int, ...] = (0,)
            return
        self.text = "".join([piece.text for piece in self.pieces])
        self._starts = (0, *accumulate([len(piece.text) for piece in self.pieces]))

    def __repr__(self) -> str:
        return f"Traced({self.text!r})"

    def cut(self, start: int, end: int) -> "Traced":
        """Characters ``[start, end)`` with their origin."""
        if len(self.pieces) == 1:
            return Traced((self.pieces[0].cut(start, min(end, len(self.text))),))
        found = []
        for index in range(max(bisect_right(self._starts, start) - 1, 0), len(self.pieces)):
            first = self._starts[index]
            if first >= end:
                break
            piece = self.pieces[index]
            low, high = max(start - first, 0), min(end - first, len(piece.text))
            found.append(piece if high - low == len(piece.text) else piece.cut(low, high))
        return Traced(found)

    def stripped(self) -> "Traced":
        """Without white space at either end."""
        left = len(self.text) - len(self.text.lstrip())
        right = max(len(self.text.rstrip()), left)
        return self if right - left == len(self.text) else self.cut(left, right)


def visible(text: str) -> str:
    """The text without the characters that show nothing; a space shows something."""
    return text if text.isprintable() else _VANISHES.sub("", text)


def trace(text: str, start: int, page: int | None = None) -> Traced:
    """A verbatim run that begins at ``start`` of the source."""
    return Traced((Piece(text, start, start + len(text), page),))


def added(text: str) -> Traced:
    """Text that the source does not hold: the space of a joined line."""
    return Traced((Piece(text, ADDED, ADDED),))


def join(parts: Iterable[Traced], between: str = "") -> Traced:
    """The parts in order, with ``between`` added between each two."""
    pieces: list[Piece] = []
    for part in parts:
        if pieces and between:
            pieces.append(Piece(between, ADDED, ADDED))
        pieces.extend(part.pieces)
    return Traced(pieces)


def without(traced: Traced, pattern: re.Pattern[str]) -> Traced:
    """The text without what ``pattern`` matches."""
    cuts = [
        0,
        *(offset for match in pattern.finditer(traced.text) for offset in match.span()),
        len(traced.text),
    ]
    return join(traced.cut(low, high) for low, high in zip(cuts[::2], cuts[1::2], strict=True))


def squeezed(traced: Traced) -> Traced:
    """The canonical form of a block: runs of white space become one space, unprintable characters go."""
    text, last = traced.text, 0
    if text.isprintable() and "  " not in text:  # of all white space only the single space is printable
        return traced.stripped()
    pieces: list[Piece] = []
    for gap in _GAP.finditer(text):
        pieces.extend(traced.cut(last, gap.start()).pieces)
        last = gap.end()
        if pieces and last < len(text) and visible(gap.group()):
            pieces.append(_space(traced.cut(gap.start(), gap.end())))
    pieces.extend(traced.cut(last, len(text)).pieces)
    return Traced(pieces).stripped()


def _space(gap: Traced) -> Piece:
    known = [piece for piece in gap.pieces if piece.start != ADDED]
    if not known or len({piece.page for piece in known}) > 1:
        return Piece(" ", ADDED, ADDED)
    return Piece(" ", known[0].start, max(known[-1].end, known[0].start), known[0].page)


def merged(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """Neighbouring verbatim pieces that are neighbours in the source too, as one; added ones as they are."""
    run: list[Piece] = []
    for piece in pieces:
        if run and not _follows(run[-1], piece):
            yield _as_one(run)
            run = []
        run.append(piece)
    if run:
        yield _as_one(run)


def _follows(left: Piece, right: Piece) -> bool:
    return left.verbatim and right.verbatim and left.end == right.start and left.page == right.page


def _as_one(run: list[Piece]) -> Piece:
    if len(run) == 1:
        return run[0]
    return Piece("".join(piece.text for piece in run), run[0].start, run[-1].end, run[0].page)
