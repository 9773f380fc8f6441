"""Overviews as CSV: RFC 4180 in UTF-8, one line a citation, cells that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from qa_service.domain.answer import Citation
from qa_service.domain.overview import Chronicle, Divergences

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is a formula to a spreadsheet
CITED = (
    "quote", "document_id", "title", "author", "published", "publisher", "url", "section", "page",
    "start", "end", "sha256", "passage_id",
)  # fmt: skip
DATED = ("date", "end", "first", "last", "precision", "wording")

Cell = str | int | None


def divergences(value: Divergences) -> bytes:
    """A line a quote; an actor without a position on an issue has a line with nothing quoted."""
    return _table(("issue", "actor", *CITED), _cells(value))


def _cells(value: Divergences) -> Iterator[list[Cell]]:
    for row in value.rows:
        for actor, cell in zip(value.actors, row.cells, strict=True):
            if not cell:
                yield [row.issue, actor, *([None] * len(CITED))]
            yield from ([row.issue, actor, *_cited(citation)] for citation in cell)


def chronicle(value: Chronicle) -> bytes:
    """A line an event. The interval's end is ``date_end``, since ``end`` is the quote's."""
    names = ["date_end" if name == "end" else name for name in DATED]
    lines = ([*(getattr(item, name) for name in DATED), *_cited(item.citation)] for item in value.items)
    return _table((*names, *CITED), lines)


def _cited(citation: Citation) -> list[Cell]:
    return [getattr(citation, name) for name in CITED]


def _table(header: Sequence[str], lines: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in line] for line in lines)
    return text.getvalue().encode()


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
