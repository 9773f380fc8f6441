"""The time window of a question: "since 2013", "between 2013 and 2016", "in April 2017"."""

import re
from calendar import monthrange
from datetime import date, timedelta

from qa_service.domain.question import Window

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
MONTH = "|".join(MONTHS)
DATE = rf"(?:(?:(?P<{{0}}day>\d{{{{1,2}}}}) )?(?P<{{0}}month>{MONTH})\.?,? )?(?P<{{0}}year>(?:1[5-9]|20)\d\d)"


def _date(prefix: str) -> str:
    return DATE.format(prefix)


BETWEEN = re.compile(
    rf"\b(?:between|from) {_date('a')}\s?(?:and|to|until|till|through|-|–)\s?{_date('b')}\b", re.IGNORECASE
)
SPAN = re.compile(rf"\b{_date('a')}\s?[-–]\s?{_date('b')}\b", re.IGNORECASE)
SINCE = re.compile(rf"\b(?:since|(?P<beyond>after)|from) {_date('a')}\b", re.IGNORECASE)
BEFORE = re.compile(rf"\b(?:(?P<beyond>before)|until|till|up to|by) {_date('b')}\b", re.IGNORECASE)
DURING = re.compile(rf"\b(?:in|during|of) {_date('a')}\b", re.IGNORECASE)


def window(text: str) -> Window | None:
    """The days that the question speaks of, or None when it names no span."""
    both = BETWEEN.search(text) or SPAN.search(text)
    if both:
        return Window(first=_day(both, "a", last=False), last=_day(both, "b", last=True))
    since, before = SINCE.search(text), BEFORE.search(text)
    if since or before:
        return Window(
            first=_first_since(since) if since else None,
            last=_last_before(before) if before else None,
        )
    during = DURING.search(text)
    if during:
        return Window(first=_day(during, "a", last=False), last=_day(during, "a", last=True))
    return None


def _first_since(match: re.Match[str]) -> str:
    """The day itself; "after" leaves out what it names."""
    if not match["beyond"]:
        return _day(match, "a", last=False)
    return _moved(_day(match, "a", last=True), 1)


def _last_before(match: re.Match[str]) -> str:
    """The day itself; "before" leaves out what it names."""
    if not match["beyond"]:
        return _day(match, "b", last=True)
    return _moved(_day(match, "b", last=False), -1)


def _moved(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _day(match: re.Match[str], prefix: str, *, last: bool) -> str:
    year, month = int(match[f"{prefix}year"]), match[f"{prefix}month"]
    if not month:
        return f"{year}-12-31" if last else f"{year}-01-01"
    number = MONTHS[month.lower()]
    length = monthrange(year, number)[1]
    day = min(int(match[f"{prefix}day"] or (length if last else 1)), length)
    return f"{year}-{number:02}-{max(day, 1):02}"
