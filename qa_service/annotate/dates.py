"""A stretch of text and what dates it hangs on go in; the dates it names come out, as intervals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa_service.annotate.grammar import HINTS, RULES
from qa_service.annotate.intervals import Interval
from qa_service.annotate.readings import Anchor, Reader

#: No wording begins further before its month, year or unit than this.
_BEFORE_HINT = 50
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
        interval = reader(match, replace(anchor, ahead=ahead))
        if interval is None:
            continue
        explicit = bool(_EXPLICIT.search(match.group()))
        found.append(Dated(match.start(), match.end(), interval, explicit))
        if explicit or anchor.historical:
            anchor = replace(anchor, last=interval)
    return tuple(found)


def _matches(text: str, start: int, end: int) -> Iterator[tuple[re.Match[str], Reader]]:
    """Matches that do not overlap; an earlier rule wins."""
    hints = {hint: match.start() for hint, pattern in HINTS if (match := pattern.search(text, start, end))}
    start = max(start, min(hints.values(), default=end) - _BEFORE_HINT)
    taken: list[tuple[int, int]] = []
    for hint, pattern, reader in RULES if hints else ():
        for match in pattern.finditer(text, start, end) if hint in hints else ():
            if all(match.end() <= low or high <= match.start() for low, high in taken):
                taken.append(match.span())
                yield match, reader
