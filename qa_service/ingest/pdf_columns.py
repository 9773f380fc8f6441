"""Lines that a PDF stores row by row across two columns are set column by column; others stay as they are."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from qa_service.ingest.pdf_lines import PrintedLine

_FEWEST = 5  # rows that must look like prose beside prose
_PROSE = 20  # characters: a shorter piece is a table cell
_LOWER = 0.3  # of the pieces of each column begin in the middle of a sentence


def same_row(left: PrintedLine, right: PrintedLine) -> bool:
    """Whether ``right`` stands beside ``left`` on one base line."""
    return (
        left.page == right.page
        and abs(left.bottom - right.bottom) < 0.3 * left.size
        and right.left > left.right
    )


def by_columns(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The lines of one page in reading order."""
    rows = [(a, b) for a, b in pairwise(lines) if same_row(a, b) and min(len(a.text), len(b.text)) >= _PROSE]
    if len(rows) < _FEWEST or not all(_prose([row[side] for row in rows]) for side in (0, 1)):
        return list(lines)
    gutter = median((left.right + right.left) / 2 for left, right in rows)
    return list(_banded(lines, gutter))


def _prose(pieces: Sequence[PrintedLine]) -> bool:
    return sum(piece.text.lstrip()[:1].islower() for piece in pieces) >= _LOWER * len(pieces)


def _banded(lines: Sequence[PrintedLine], gutter: float) -> Iterator[PrintedLine]:
    """Left column, then right column, of each band between lines that span both."""
    columns: tuple[list[PrintedLine], list[PrintedLine]] = ([], [])
    for line in sorted(lines, key=lambda line: (-round(line.bottom), line.left)):
        if line.left < gutter < line.right:
            yield from (*columns[0], *columns[1], line)
            columns = ([], [])
        else:
            columns[line.left >= gutter].append(line)
    yield from (*columns[0], *columns[1])
