"""Extracted blocks find their characters in the source again: text and its source in, traced text out."""

from array import array
from collections.abc import Iterable, Iterator

from qa_service.ingest.traced import ADDED, Piece, Traced

_SHORTEST = 6  # visible characters; a shorter run would be found in the wrong place
_REACH = 5_000  # visible characters beyond the cursor in which a part of a changed block is sought


class Aligner:
    """The visible characters of a source, white space left out, searched in reading order.

    White space is left out because extractors change it and markup may interrupt a word anywhere.
    """

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._starts, self._ends = array("q"), array("q")
        self._text = "".join(self._visible(pieces))
        self._cursor = 0

    def _visible(self, pieces: Iterable[Piece]) -> Iterator[str]:
        for piece in pieces:
            for offset, character in enumerate(piece.text):
                if character.isspace():
                    continue
                exact = piece.verbatim
                self._starts.append(piece.start + offset if exact else piece.start)
                self._ends.append(piece.start + offset + 1 if exact else piece.end)
                yield character

    def place(self, text: str) -> Traced:
        """``text`` with its origin; characters that the source does not show stay without one."""
        visible = "".join(text.split())
        spots = array("q", [ADDED]) * len(visible)
        for low, high, at in self._runs(visible):
            spots[low:high] = array("q", range(at, at + high - low))
        return Traced(self._pieces(text, spots))

    def contains(self, text: str) -> bool:
        """Whether the source shows ``text`` as it is."""
        return "".join(text.split()) in self._text

    def _runs(self, visible: str) -> Iterator[tuple[int, int, int]]:
        """Stretches [low, high) of a block and where each stands in the source."""
        at = self._text.find(visible, self._cursor)
        if at < 0:
            at = self._text.find(visible)
        if at >= 0:
            self._cursor = at + len(visible)
            yield 0, len(visible), at
            return
        yield from self._halves(visible, 0, len(visible))

    def _halves(self, visible: str, low: int, high: int) -> Iterator[tuple[int, int, int]]:
        if high - low < _SHORTEST:
            return
        at = self._text.find(visible[low:high], self._cursor, self._cursor + _REACH + high - low)
        if at >= 0:
            self._cursor = at + high - low
            yield low, high, at
            return
        middle = (low + high) // 2
        yield from self._halves(visible, low, middle)
        yield from self._halves(visible, middle, high)

    def _pieces(self, text: str, spots: "array[int]") -> Iterator[Piece]:
        index = 0
        for offset, character in enumerate(text):
            if character.isspace():
                yield self._space(offset, index, spots)
                continue
            spot = spots[index]
            index += 1
            known = spot != ADDED
            yield Piece(
                character, self._starts[spot] if known else ADDED, self._ends[spot] if known else ADDED
            )

    def _space(self, offset: int, index: int, spots: "array[int]") -> Piece:
        """A space between two neighbours one place apart is the character between them."""
        if 0 < index < len(spots) and spots[index - 1] != ADDED and spots[index] == spots[index - 1] + 1:
            low, high = self._ends[spots[index - 1]], self._starts[spots[index]]
            if high > low:
                return Piece(" ", low, high)
        return Piece(" ", ADDED, ADDED)
