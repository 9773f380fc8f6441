"""The positions of a document go in; the same positions come out, numbered by the issue they are about.

Neighbours are joined by what the text says of them (On the contrary, such allegations, Moreover), never
by shared words alone: in a commentary every sentence shares the words of its subject.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import Stemmer

from qa_service.annotate.cues import NOUNS, VERBS
from qa_service.annotate.labels import label_of, terms
from qa_service.domain.annotation import Marker, Position, PositionKind
from qa_service.domain.passage import Sentence

_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A position and its place: the sentence's number and block, and the words and stems of what is held."""

    index: int
    position: Position
    sentence: int
    block: int
    terms: tuple[str, ...]
    stems: frozenset[str]
    it: bool = False  # "considers it as"


def numbered(text: str, positions: Sequence[Position], sentences: Sequence[Sentence]) -> tuple[Position, ...]:
    """Positions with ``row``, and ``label`` where both sides of a row are there; -1 for what is in no row."""
    cells = _cells(text, positions, sentences)
    rows: list[list[Cell]] = []
    for cell in cells:
        row = _row_for(cell, rows)
        if row is None:
            rows.append([cell])
        else:
            row.append(cell)
    result = list(positions)
    common = {stem for stem, count in _spread(cells).items() if count > max(3, 0.3 * len(cells))}
    for number, row in enumerate(_joined(rows, common)):
        label = _label(text, row, common) if _sided(row) else None
        for cell in row:
            result[cell.index] = replace(
                cell.position,
                row=number,
                label_start=label[0] if label else None,
                label_end=label[1] if label else None,
            )
    return tuple(result)


def _cells(text: str, positions: Sequence[Position], sentences: Sequence[Sentence]) -> list[Cell]:
    starts = [sentence.start for sentence in sentences]
    stem = Stemmer.Stemmer("english").stemWord
    cells = []
    for index, position in enumerate(positions):
        if position.kind is PositionKind.ACT or _embedded(position, positions[index - 1] if index else None):
            continue
        number = bisect_right(starts, position.start) - 1
        words = tuple(terms(text, position))
        it = " it as " in text[position.content_start : position.content_end]
        stems = frozenset(map(stem, words))
        cells.append(Cell(index, position, number, sentences[number].block, words, stems, it))
    return cells


def _label(text: str, row: Sequence[Cell], common: set[str]) -> tuple[int, int] | None:
    return label_of(text, [cell.position for cell in row], [cell.terms for cell in row], common)


def _embedded(position: Position, before: Position | None) -> bool:
    """A noun ("the American proposal") in what another one holds never starts or joins a row."""
    noun = position.cue in NOUNS and position.cue not in VERBS
    return noun and before is not None and before.start == position.start


def _row_for(cell: Cell, rows: Sequence[list[Cell]]) -> list[Cell] | None:
    if not rows:
        return None
    position, last = cell.position, rows[-1][-1]
    other = not set(position.actors) & set(last.position.actors)
    gap = cell.sentence - last.sentence
    if gap == 0 and other:
        return rows[-1]
    if gap > 1 or position.marker is Marker.ADDITIVE:
        return None
    answers = position.marker in (Marker.CONTRAST, Marker.ANAPHORIC) or position.kind is PositionKind.DENIAL
    if answers and other:
        return rows[-1]
    return rows[-1] if not other and _goes_on(cell, last) else None


def _goes_on(cell: Cell, last: Cell) -> bool:
    """The same one goes on about the same thing: by a pronoun, or by a word."""
    if cell.block != last.block or set(cell.position.actors) != set(last.position.actors):
        return False
    return cell.position.antecedent_start is not None or cell.it or bool(cell.stems & last.stems)


def _sided(row: Sequence[Cell]) -> bool:
    first = set(row[0].position.actors)
    return any(not first & set(cell.position.actors) for cell in row)


def _spread(cells: Sequence[Cell]) -> Counter[str]:
    return Counter(stem for cell in cells for stem in cell.stems)


def _joined(rows: Sequence[list[Cell]], common: set[str]) -> list[list[Cell]]:
    """Two rows of one side each, near in one paragraph and with a rarer word in common, are one."""
    result: list[list[Cell]] = []
    for row in rows:
        before = result[-1] if result else None
        if before and not _sided(before) and not _sided(row) and _fit(before, row, common):
            before.extend(row)
        else:
            result.append(list(row))
    return result


def _fit(one: Sequence[Cell], two: Sequence[Cell], common: set[str]) -> bool:
    if one[-1].block != two[0].block or two[0].sentence - one[-1].sentence > 3:
        return False
    if two[0].position.marker is Marker.ADDITIVE:
        return False
    if set(one[0].position.actors) & {actor for cell in two for actor in cell.position.actors}:
        return False
    shared = frozenset().union(*(cell.stems for cell in one)) & frozenset().union(
        *(cell.stems for cell in two)
    )
    return bool(shared - common)
