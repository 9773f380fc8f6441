"""ISO 8601 dates of reduced precision become days: 2016 is the first or the last day of that year."""

import re
from calendar import monthrange
from datetime import date

from qa_service.domain.question import Window

REDUCED = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?", re.ASCII)


def day(text: str, *, last: bool) -> str:
    """The first or last day of "2016", "2016-05" or "2016-05-18". Raises ValueError for anything else."""
    match = REDUCED.fullmatch(text)
    if match is None:
        raise ValueError("is not a date as in 2016, 2016-05 or 2016-05-18")
    year = int(match["year"])
    month = int(match["month"] or (12 if last else 1))
    try:
        length = monthrange(year, month)[1]
        return date(year, month, int(match["day"] or (length if last else 1))).isoformat()
    except ValueError as error:
        raise ValueError("is a day that no calendar has") from error


def between(first: str | None, last: str | None) -> Window | None:
    """The days from one date to another, both inclusive; None when neither is given."""
    if first is None and last is None:
        return None
    return Window(
        first=None if first is None else day(first, last=False),
        last=None if last is None else day(last, last=True),
    )
