"""The numbers of a sentence, each whole: "2.4 million", "40 000", "$3.5 billion", "between 8 and 9 million".

A number that stands in parts is never told in part: one that cannot be read whole is left out.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from qa_service.select.quantities import number_places
from qa_service.select.views import SentenceView

TOGETHER = re.compile(r"[\s'’/–-]?")  # inside a number: "40 000", "40'000", "1/3", "3–4"
BETWEEN_PARTS = (
    re.compile(r"\b(?:hundred|thousand|million)s? and\b(?= )", re.IGNORECASE),  # "one hundred and fifty"
    re.compile(r"\b(?:tens|dozens|hundreds|thousands|millions) of\b(?= )", re.IGNORECASE),
    re.compile(r"\b(?:half|quarter of|third of) an?\b(?= )", re.IGNORECASE),  # "half a million"
    re.compile(r"\b\w++ and a\b(?= half\b)", re.IGNORECASE),  # "two and a half million"
)
RANGE = re.compile(r"\s(?:to|or)\s", re.IGNORECASE)
BOUNDS = re.compile(r"\bbetween\s[\d.,\s]*[^\s,;]+(?:\s[a-z]+)?\sand\s$", re.IGNORECASE)
CHANGE = re.compile(r"\bfrom\s$", re.IGNORECASE)
# "one in four", "six of the eight"
RATE = re.compile(r"\s(?:in|(?:out )?of)\s(?:(?:every|all|the|its|their|these|those)\s)?", re.IGNORECASE)
TENS = re.compile(r"\btens of $", re.IGNORECASE)
CURRENCY = re.compile(r"(?:(?:\b[A-Z]{1,3})?[$€£¥]\s?|\b(?:USD|EUR|GBP|CHF|RUB)\s)$")
CUT = re.compile(r"[^\s(\[“\"‘'—]$")  # what stands there belongs to the number


class WholeNumber(NamedTuple):
    """A number from its first sign to its last, in the sentence; ``last`` is the place of its last word."""

    start: int
    end: int
    last: int
    money: bool


def whole_numbers(view: SentenceView) -> list[WholeNumber]:
    """The numbers of the sentence in order; of a range and of a change what remains to be told."""
    runs = _runs(view)
    ends = [*(one for one, after in pairwise(runs) if not _goes_on(view, one, after)), *runs[-1:]]
    found = (_whole(view, run, before) for run in ends for before in [_before(runs, run)])
    return [one for one in found if one]


def _runs(view: SentenceView) -> list[tuple[int, int]]:
    """The first and the last place of each number."""
    runs: list[tuple[int, int]] = []
    for place in number_places(view.tokens):
        if runs and _together(view, runs[-1][1], place):
            runs[-1] = runs[-1][0], place
        else:
            runs.append((place, place))
    return runs


def _together(view: SentenceView, one: int, other: int) -> bool:
    first, second = view.tokens[one], view.tokens[other]
    if TOGETHER.fullmatch(view.text[first.end : second.start]):
        return True
    parts = view.text[first.start : second.end]
    matches = (joint.match(parts) for joint in BETWEEN_PARTS)
    return any(match and match.end() + 1 == second.start - first.start for match in matches)


def _before(runs: list[tuple[int, int]], run: tuple[int, int]) -> tuple[int, int] | None:
    place = runs.index(run)
    return runs[place - 1] if place else None


def _goes_on(view: SentenceView, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether the number is the first of a range, or how many of so many."""
    gap = view.text[view.tokens[one[1]].end : view.tokens[other[0]].start]
    return any((RANGE.fullmatch(gap), RATE.fullmatch(gap), _bounded(view, other)))


def _bounded(view: SentenceView, run: tuple[int, int]) -> re.Match[str] | None:
    """The "between 10 and" that stands before the number."""
    return BOUNDS.search(view.text, 0, view.tokens[run[0]].start)


def _whole(view: SentenceView, run: tuple[int, int], before: tuple[int, int] | None) -> WholeNumber | None:
    start, end = view.tokens[run[0]].start, view.tokens[run[1]].end
    gap = view.text[view.tokens[before[1]].end : start] if before else ""
    if RATE.fullmatch(gap):
        return None
    bounds = _bounded(view, run) or TENS.search(view.text, 0, start)
    if bounds:
        start = bounds.start()
    elif before and RANGE.fullmatch(gap):
        first = view.tokens[before[0]].start
        start = start if CHANGE.search(view.text, 0, first) else first
    currency = CURRENCY.search(view.text, 0, start)
    start = currency.start() if currency else start
    if CUT.search(view.text, 0, start):
        return None
    return WholeNumber(start, end, run[1], bool(currency))
