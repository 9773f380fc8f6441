"""A date as a pattern matched it and what it hangs on go in; an interval of days comes out, or None."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from qa_service.annotate.intervals import (
    Interval,
    containing,
    narrowed,
    of_day,
    of_decade,
    of_month,
    of_quarter,
    of_season,
    of_year,
    shifted,
    spanning,
)
from qa_service.domain.annotation import Precision


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a date without a year is counted from.

    ``historical``: the text is about years long before it was written, so "in October" is of the year
    told of last; in news it is the October nearest the day of publication.
    ``ahead``: the sentence speaks of what is to come, so "on Friday" is the next one.
    """

    published: Interval | None = None
    last: Interval | None = None
    historical: bool = False
    ahead: bool = False


Reader = Callable[[re.Match[str], Anchor], Interval | None]

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_MONTHS = {name[:3].lower(): number for number, name in enumerate(MONTH_NAMES, 1)}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366, "decade": 3653}  # at most
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
    "eighties": 80, "nineties": 90,
}  # fmt: skip
_PART_NAMES = {
    "beginning of": "early", "start of": "early", "end of": "late", "close of": "late", "middle of": "mid",
    "first half of": "first", "second half of": "second",
}  # fmt: skip
#: "2000 troops" is a number, "the 2015 talks" and "in 2015 talks" are not.
_COUNTED = re.compile(r" (?!was|is|has|as|its|this|does)[a-z]+s\b")
_DATING = re.compile(
    r"(?:\b(?:in|In|of|since|by|the|from|until|till|after|before|during|through|a|an|to|and)|[(,\-–—]) ?$"
)


def _month(name: str) -> int:
    return _MONTHS[name[:3].lower()]


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _part(match: re.Match[str]) -> str | None:
    part = (match["part"] or "").lower()
    return _PART_NAMES.get(part, part) or None


def _in_year(anchor: Anchor, month: int, day: int = 15) -> int | None:
    """The year of a month that stands without one."""
    if anchor.last and (anchor.historical or anchor.published is None):
        last = anchor.last
        whole = last.precision in (Precision.YEAR, Precision.DECADE) and last.modifier != "late"
        return last.first.year + (not whole and last.last.month >= 11 and month <= 2)
    if anchor.published is None:
        return None
    middle = anchor.published.first + (anchor.published.last - anchor.published.first) / 2
    nearest = min(
        (middle.year, middle.year - 1, middle.year + 1),
        key=lambda year: abs((date(year, month, min(day, 28)) - middle).days),
    )
    far_ahead = (date(nearest, month, min(day, 28)) - middle).days > 75
    return nearest - (far_ahead and not anchor.ahead)


def _reference(anchor: Anchor) -> Interval | None:
    return anchor.published if anchor.published and not anchor.historical else anchor.last or anchor.published


def read_iso(match: re.Match[str], _: Anchor) -> Interval | None:
    """2017-04-14."""
    return of_day(int(match["year"]), int(match["month"]), int(match["day"]))


def read_numeric(match: re.Match[str], _: Anchor) -> Interval | None:
    """3/14/2017 and 14/3/2017; 3/4/2017 may be either, so it is none."""
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    if one > 12 or one == two:
        return of_day(year, two, one)
    return of_day(year, one, two) if two > 12 else None


def read_days(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """13 and 14 April 2017; October 11–12; 30 September–1 October; 14 April 2017; April 14."""
    late = _month(match["month"])
    early = _month(match["month1"]) if match["month1"] else late
    day = _number(match["day"])
    day1 = _number(match["day1"]) if match["day1"] else day
    year = int(match["year"]) if match["year"] else _in_year(anchor, late, day)
    if year is None:
        return None
    return spanning(of_day(year - (early > late), early, day1), of_day(year, late, day))


def read_months(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """March–May 2016; from March 2015 to May 2016."""
    late = _month(match["month"])
    year = int(match["year"]) if match["year"] else _in_year(anchor, late)
    if year is None:
        return None
    early = _month(match["month1"])
    year1 = int(match["year1"]) if match["year1"] else year - (early > late)
    return spanning(of_month(year1, early), of_month(year, late))


def read_one_month(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """April 2017; late in April; in May."""
    month = _month(match["month"])
    year = int(match["year"]) if match["year"] else _in_year(anchor, month)
    return None if year is None else narrowed(of_month(year, month), _part(match))


def read_last_month_of_name(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """Last November, next May: from the day of publication."""
    if anchor.published is None:
        return None
    today, month = anchor.published.first, _month(match["month"])
    if match["which"].lower() == "next":
        return of_month(today.year + (month <= today.month), month)
    return of_month(today.year - (month >= today.month), month)


def read_years(match: re.Match[str], _: Anchor) -> Interval | None:
    """2014–16; from 2014 to 2016."""
    early = int(match["year1"])
    late = int(match["year"]) if len(match["year"]) == 4 else early // 100 * 100 + int(match["year"])
    return spanning(of_year(early), of_year(late)) if late > early else None


def read_one_year(match: re.Match[str], _: Anchor) -> Interval | None:
    """2017; early 2017; the first half of 2017."""
    if _COUNTED.match(match.string, match.end()) and not _DATING.search(
        match.string[max(0, match.start() - 12) : match.start()]
    ):
        return None
    return narrowed(of_year(int(match["year"])), _part(match))


def read_decade(match: re.Match[str], _: Anchor) -> Interval | None:
    """The 1990s; the late fifties."""
    word = match["decade"].lower()
    short = DECADES[word] if word in DECADES else _number(word)
    return narrowed(of_decade(short if short > 99 else 1900 + short), _part(match))


def read_short_year(match: re.Match[str], _: Anchor) -> Interval | None:
    """’82."""
    return of_year(1900 + int(match["year"]))


def read_quarter(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """The third quarter of 2016; Q3."""
    number = _ORDINALS.get(match["nth"].lower()) or _number(match["nth"])
    year = int(match["year"]) if match["year"] else _year_near(anchor)
    return of_quarter(year, number) if year and 1 <= number <= 4 else None


def _year_near(anchor: Anchor) -> int | None:
    near = _reference(anchor)
    return near.first.year if near else None


def read_season(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """The summer of 1973; last winter."""
    year = int(match["year"]) if match["year"] else _year_near(anchor)
    return None if year is None else narrowed(of_season(year, match["season"].lower()), _part(match))


def read_feast(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """Christmas Eve, New Year’s Day."""
    month, day = {"Christmas Eve": (12, 24), "New Year's Eve": (12, 31), "New Year's Day": (1, 1)}.get(
        match["feast"].replace("’", "'"), (12, 25)
    )
    year = int(match["year"]) if match["year"] else _in_year(anchor, month, day)
    return None if year is None else of_day(year, month, day)


def read_weekday(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """The latest one before or on the day of publication; the next one where the sentence looks ahead."""
    if anchor.published is None or anchor.historical or anchor.published.first != anchor.published.last:
        return None
    today, which = anchor.published.first, (match["which"] or "").lower()
    back = (today.weekday() - _WEEKDAYS.index(match["name"].lower())) % 7
    if which == "next" or (anchor.ahead and not which):
        return containing(today + timedelta(days=7 - back if back else 7 * (which == "next")), "day")
    return containing(today - timedelta(days=back or 7 * (which == "last")), "day")


def read_day_word(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """Today, yesterday, tomorrow."""
    if anchor.published is None or anchor.published.first != anchor.published.last:
        return None
    shift = {"yesterday": -1, "tomorrow": 1}.get(match["word"].lower(), 0)
    return containing(anchor.published.first + timedelta(days=shift), "day")


def read_ago(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """Two years ago."""
    if anchor.published is None:
        return None
    return _away(match, anchor.published, -1)


def read_later(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """Three months later, two years earlier, after a gap of two years: from the date told of last."""
    base = anchor.last or anchor.published
    back = "direction" in match.re.groupindex and match["direction"].lower() == "earlier"
    return _away(match, base, -1 if back else 1) if base and _tells(base, _unit(match)) else None


def _away(match: re.Match[str], base: Interval, sign: int) -> Interval | None:
    count = NUMBERS.get(match["count"].lower()) or int(match["count"])
    unit = _unit(match)
    return containing(shifted(base.first, sign * count, unit), unit)


def _unit(match: re.Match[str]) -> str:
    return match["unit"].lower()


def read_neighbour(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """The following year, the previous day, that month: next to the date told of last."""
    base = anchor.last or anchor.published
    step = {"following": 1, "next": 1, "previous": -1, "preceding": -1}.get(match["which"].lower(), 0)
    unit = _unit(match)
    if base is None or not _tells(base, unit):
        return None
    return containing(shifted(base.first, step, unit), unit)


def _tells(base: Interval, unit: str) -> bool:
    """Whether days, weeks or years can be counted from it: "two days later" than a year is no day."""
    return base.first + timedelta(days=DAYS[unit]) > base.last


def read_this(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """Last year, this month, next week: from the day of publication."""
    if anchor.published is None:
        return None
    step = {"last": -1, "past": -1, "next": 1, "coming": 1}.get(match["which"].lower(), 0)
    unit = _unit(match)
    return containing(shifted(anchor.published.first, step, unit), unit)


def read_day_of_year(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """12 April last year."""
    if anchor.published is None:
        return None
    year = anchor.published.first.year + {"last": -1, "next": 1}.get(match["which"], 0)
    month = _month(match["month"])
    return of_day(year, month, _number(match["day"])) if match["day"] else of_month(year, month)
