"""A stretch of text and what dates it hangs on go in; the dates it names come out, as intervals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa_service.annotate.grammar import rules_for
from qa_service.annotate.hints import hints_of
from qa_service.annotate.intervals import Interval
from qa_service.annotate.readings import Anchor, Reader

#: Said before the date: it is still to come.
_AHEAD = re.compile(r"\b(?:will|scheduled|expected|planned|set to|to be|next|upcoming|is due|are due)\b")
_EXPLICIT = re.compile(r"(?:1[5-9]|20)\d\d")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in the text; ``explicit`` when the words themselves give the year."""

    start: int
    end: int
    interval: Interval
    explicit: bool


def dates_in(text: str, start: int, end: int, anchor: Anchor) -> tuple[Dated, ...]:
    """The dates of ``text[start:end]`` in order; each one with a year becomes the anchor of the next."""
    found: list[Dated] = []
    for match, reader in sorted(_matches(text, start, end), key=lambda pair: pair[0].start()):
        ahead = bool(_AHEAD.search(text, start, match.start()))
        if ahead != anchor.ahead:
            anchor = replace(anchor, ahead=ahead)
        try:
            interval = reader(match, anchor)
        except (ValueError, OverflowError):  # outside the calendar: "next month" of 31 December 9999
            interval = None
        if interval is None:
            continue
        explicit = bool(_EXPLICIT.search(match.group()))
        found.append(Dated(match.start(), match.end(), interval, explicit))
        if explicit or anchor.historical:
            anchor = replace(anchor, last=interval)
    return tuple(found)


def _matches(text: str, start: int, end: int) -> Iterator[tuple[re.Match[str], Reader]]:
    """Matches that do not overlap; an earlier rule wins."""
    hints, start = hints_of(text, start, end)
    taken: list[tuple[int, int]] = []
    for rule in rules_for(hints):
        for match in rule.pattern.finditer(text, start, end):
            if all(match.end() <= low or high <= match.start() for low, high in taken):
                taken.append(match.span())
                yield match, rule.read
