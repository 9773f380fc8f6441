"""A line or a metadata value becomes an ISO 8601 date, or None: dates are never invented."""

import re
from datetime import date

_MONTHS = (
    "january february march april may june july august september october november december".split()
)  # fmt: skip
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_LEAD = (
    r"(?:(?:Last\s+)?(?:Published|Updated|Posted|Issued|Released|Dated?|Publication date|Cover date)"
    r"(?:\s+on)?\s*:?\s+)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
)
_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:[T ][\d:.]{4,15}(?:Z|[+-]\d\d:?\d\d)?)?)?)?"
)
_WRITTEN = tuple(
    re.compile(_LEAD + form, re.IGNORECASE)
    for form in (
        rf"{_DAY}\s+{_MONTH},?\s+{_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"{_MONTH},?\s+{_YEAR}",
        r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
    )
)
_SLASHED = re.compile(rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR}")


def iso(value: str) -> str | None:
    """``value`` when it is an ISO 8601 date (a time of day is dropped), else None."""
    return _checked(_ISO.fullmatch(value.strip()))


def written(value: str) -> str | None:
    """The date that the whole of ``value`` writes out, as in "18 April 2017" or "Updated May 2, 2024"."""
    text = " ".join(value.split())
    if len(text) > 60:
        return None
    return iso(text) or next(
        filter(None, (_checked(form.fullmatch(text)) for form in _WRITTEN)), _slashed(text)
    )


def _slashed(text: str) -> str | None:
    """Only when the order of day and month cannot be mistaken."""
    match = _SLASHED.fullmatch(text)
    if not match:
        return None
    first, second = int(match["first"]), int(match["second"])
    if first > 12 or second == first:
        return _valid(match["year"], second, first)
    return _valid(match["year"], first, second) if second > 12 else None


def _checked(match: re.Match[str] | None) -> str | None:
    if not match:
        return None
    parts = match.groupdict()
    month = _month_number(parts["month"]) if parts.get("month") else None
    if parts.get("month") and month is None:
        return None
    return _valid(parts["year"], month, int(parts["day"]) if parts.get("day") else None)


def _month_number(name: str) -> int | None:
    if name.isdigit():
        return int(name)
    found = [index for index, month in enumerate(_MONTHS, 1) if month.startswith(name.lower())]
    if name.lower() == "sept":
        return 9
    return found[0] if len(found) == 1 else None


def _valid(year: str, month: int | None, day: int | None) -> str | None:
    try:
        date(int(year), month or 1, day or 1)
    except ValueError:
        return None
    return "-".join([year, *(f"{part:02}" for part in (month, day) if part is not None)])
