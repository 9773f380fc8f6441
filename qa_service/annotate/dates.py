"""A stretch of text and what dates it hangs on go in; the dates it names come out, as intervals."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa_service.annotate.intervals import (
    SEASONS,
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


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in the text; ``explicit`` when the words themselves give the year."""

    start: int
    end: int
    interval: Interval
    explicit: bool


Reader = Callable[[re.Match[str], Anchor], Interval | None]

_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_MONTHS = {name[:3].lower(): number for number, name in enumerate(_NAMES, 1)}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
    "eighties": 80, "nineties": 90,
}  # fmt: skip
_SURE_MONTH = rf"(?:{'|'.join(name for name in _NAMES if name not in ('March', 'May'))})"
_FULL = rf"(?:{'|'.join(_NAMES)})"
_MONTH = rf"(?:{_FULL}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d%]|[.,]\d)"
_YEAR = r"(?<![\d$€£#])(?:1[5-9]\d\d|20\d\d)(?![\d%]|[.,]\d{3}|-(?:year|day|month|mile|km))"
_TO = r"\s?(?:[-–—]|to|and|or|through)\s?"
_COMMA = r"\s?,?\s?"
_PART = (
    r"(?:(?P<part>early|mid|late|beginning of|start of|end of|close of|middle of|first half of|"
    r"second half of|Early|Mid|Late)(?: in| of)?[\s-](?:the )?)?"
)
_PART_NAMES = {
    "beginning of": "early", "start of": "early", "end of": "late", "close of": "late", "middle of": "mid",
    "first half of": "first", "second half of": "second",
}  # fmt: skip
#: May and March are words too: only after one of these.
_AFTER_WORD = "|".join(
    rf"(?<=\b{word} )"
    for word in ("in", "In", "since", "Since", "by", "By", "until", "Until", "during", "During", "of", "this",
                 "after", "After", "before", "Before", "from", "From", "to", "last")
)  # fmt: skip
_UNIT = r"(?P<unit>day|week|month|quarter|year|decade)"
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)})(?: and a half)?"
_SEASON = rf"(?P<season>{'|'.join(SEASONS)})"
#: "2000 troops" is a number, "the 2015 talks" and "in 2015 talks" are not.
_COUNTED = re.compile(r" (?!was|is|has|as|its|this|does)[a-z]+s\b")
_DATING = re.compile(
    r"(?:\b(?:in|In|of|since|by|the|from|until|till|after|before|during|through|a|an|to|and)|[(,\-–—]) ?$"
)
#: Said before the date: it is still to come.
_AHEAD = re.compile(r"\b(?:will|scheduled|expected|planned|set to|to be|next|upcoming|is due|are due)\b")
_EXPLICIT = re.compile(r"(?:1[5-9]|20)\d\d")


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
    if not _HINT.search(text, start, end):
        return
    taken: list[tuple[int, int]] = []
    for pattern, reader in _RULES:
        for match in pattern.finditer(text, start, end):
            if all(match.end() <= low or high <= match.start() for low, high in taken):
                taken.append(match.span())
                yield match, reader


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
        last = anchor.last.first
        return last.year + (last.month >= 11 and month <= 2)
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


def _iso(match: re.Match[str], _: Anchor) -> Interval | None:
    return of_day(int(match["year"]), int(match["month"]), int(match["day"]))


def _numeric(match: re.Match[str], _: Anchor) -> Interval | None:
    """3/14/2017 and 14/3/2017; 3/4/2017 may be either, so it is none."""
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    if one > 12 or one == two:
        return of_day(year, two, one)
    return of_day(year, one, two) if two > 12 else None


def _days(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """13 and 14 April 2017; October 11–12; 30 September–1 October; 14 April 2017; April 14."""
    late = _month(match["month"])
    early = _month(match["month1"]) if match["month1"] else late
    day = _number(match["day"])
    day1 = _number(match["day1"]) if match["day1"] else day
    year = int(match["year"]) if match["year"] else _in_year(anchor, late, day)
    if year is None:
        return None
    return spanning(of_day(year - (early > late), early, day1), of_day(year, late, day))


def _months(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """March–May 2016; from March 2015 to May 2016."""
    late = _month(match["month"])
    year = int(match["year"]) if match["year"] else _in_year(anchor, late)
    if year is None:
        return None
    early = _month(match["month1"])
    year1 = int(match["year1"]) if match["year1"] else year - (early > late)
    return spanning(of_month(year1, early), of_month(year, late))


def _one_month(match: re.Match[str], anchor: Anchor) -> Interval | None:
    month = _month(match["month"])
    year = int(match["year"]) if match["year"] else _in_year(anchor, month)
    return None if year is None else narrowed(of_month(year, month), _part(match))


def _last_month_of_name(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """Last November, next May: from the day of publication."""
    if anchor.published is None:
        return None
    today, month = anchor.published.first, _month(match["month"])
    if match["which"].lower() == "next":
        return of_month(today.year + (month <= today.month), month)
    return of_month(today.year - (month >= today.month), month)


def _years(match: re.Match[str], _: Anchor) -> Interval | None:
    early = int(match["year1"])
    late = int(match["year"]) if len(match["year"]) == 4 else early // 100 * 100 + int(match["year"])
    return spanning(of_year(early), of_year(late)) if late > early else None


def _one_year(match: re.Match[str], _: Anchor) -> Interval | None:
    if _COUNTED.match(match.string, match.end()) and not _DATING.search(match.string[: match.start()][-12:]):
        return None
    return narrowed(of_year(int(match["year"])), _part(match))


def _decade(match: re.Match[str], _: Anchor) -> Interval | None:
    word = match["decade"].lower()
    short = _DECADES[word] if word in _DECADES else _number(word)
    return narrowed(of_decade(short if short > 99 else 1900 + short), _part(match))


def _short_year(match: re.Match[str], _: Anchor) -> Interval | None:
    return of_year(1900 + int(match["year"]))


def _quarter(match: re.Match[str], anchor: Anchor) -> Interval | None:
    number = _ORDINALS.get(match["nth"].lower()) or _number(match["nth"])
    year = int(match["year"]) if match["year"] else _year_near(anchor)
    return of_quarter(year, number) if year and 1 <= number <= 4 else None


def _year_near(anchor: Anchor) -> int | None:
    near = _reference(anchor)
    return near.first.year if near else None


def _season(match: re.Match[str], anchor: Anchor) -> Interval | None:
    year = int(match["year"]) if match["year"] else _year_near(anchor)
    return None if year is None else narrowed(of_season(year, match["season"].lower()), _part(match))


def _feast(match: re.Match[str], anchor: Anchor) -> Interval | None:
    month, day = {"Christmas Eve": (12, 24), "New Year's Eve": (12, 31), "New Year's Day": (1, 1)}.get(
        match["feast"].replace("’", "'"), (12, 25)
    )
    year = int(match["year"]) if match["year"] else _in_year(anchor, month, day)
    return None if year is None else of_day(year, month, day)


def _weekday(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """The latest one before or on the day of publication; the next one where the sentence looks ahead."""
    if anchor.published is None or anchor.historical or anchor.published.first != anchor.published.last:
        return None
    today, which = anchor.published.first, (match["which"] or "").lower()
    back = (today.weekday() - _WEEKDAYS.index(match["name"].lower())) % 7
    if which == "next" or (anchor.ahead and not which):
        return containing(today + timedelta(days=7 - back if back else 7 * (which == "next")), "day")
    return containing(today - timedelta(days=back or 7 * (which == "last")), "day")


def _day_word(match: re.Match[str], anchor: Anchor) -> Interval | None:
    if anchor.published is None or anchor.published.first != anchor.published.last:
        return None
    shift = {"yesterday": -1, "tomorrow": 1}.get(match["word"].lower(), 0)
    return containing(anchor.published.first + timedelta(days=shift), "day")


def _ago(match: re.Match[str], anchor: Anchor) -> Interval | None:
    if anchor.published is None:
        return None
    return _away(match, anchor.published, -1)


def _later(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """Three months later, two years earlier, after a gap of two years: from the date told of last."""
    base = anchor.last or anchor.published
    back = "direction" in match.re.groupindex and match["direction"] in ("earlier", "before")
    return None if base is None else _away(match, base, -1 if back else 1)


def _away(match: re.Match[str], base: Interval, sign: int) -> Interval | None:
    count = _NUMBERS.get(match["count"].lower()) or int(match["count"])
    unit = match["unit"]
    return containing(shifted(base.first, sign * count, unit), unit)


def _neighbour(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """The following year, the previous day, that month: next to the date told of last."""
    base = anchor.last or anchor.published
    step = {"following": 1, "next": 1, "previous": -1, "preceding": -1}.get(match["which"].lower(), 0)
    return None if base is None else containing(shifted(base.first, step, match["unit"]), match["unit"])


def _this(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """Last year, this month, next week: from the day of publication."""
    if anchor.published is None:
        return None
    step = {"last": -1, "past": -1, "next": 1, "coming": 1}.get(match["which"].lower(), 0)
    return containing(shifted(anchor.published.first, step, match["unit"]), match["unit"])


def _day_of_year(match: re.Match[str], anchor: Anchor) -> Interval | None:
    """12 April last year."""
    if anchor.published is None:
        return None
    year = anchor.published.first.year + {"last": -1, "next": 1}.get(match["which"], 0)
    month = _month(match["month"])
    return of_day(year, month, _number(match["day"])) if match["day"] else of_month(year, month)


def _rule(pattern: str, reader: Reader, ignore_case: bool = False) -> tuple[re.Pattern[str], Reader]:
    return re.compile(pattern, re.IGNORECASE if ignore_case else 0), reader


#: The longest and most particular first: an earlier rule takes the words from a later one.
_RULES = (
    _rule(r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])", _iso),
    _rule(r"(?<![\d/])(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>\d{4})(?![\d/])", _numeric),
    _rule(
        rf"\b(?:(?P<day>{_DAY}) )?(?P<month>{_MONTH}) (?:of )?(?P<which>last|this|next) year\b", _day_of_year
    ),
    _rule(
        rf"\b(?P<day1>{_DAY})(?: (?P<month1>{_MONTH}))?{_TO}(?P<day>{_DAY}) (?P<month>{_MONTH})"
        rf"(?:{_COMMA}(?P<year>{_YEAR}))?",
        _days,
    ),
    _rule(
        rf"\b(?P<month1>{_MONTH}) (?P<day1>{_DAY}){_TO}(?P<month>{_MONTH}) (?P<day>{_DAY})"
        rf"(?:{_COMMA}(?P<year>{_YEAR}))?",
        _days,
    ),
    _rule(
        rf"\b(?P<month>{_MONTH})(?P<month1>) (?P<day1>{_DAY}){_TO}(?P<day>{_DAY})"
        rf"(?:{_COMMA}(?P<year>{_YEAR}))?(?! {_MONTH})",
        _days,
    ),
    _rule(
        rf"\b(?P<month>{_MONTH})(?P<month1>)(?P<day1>) (?P<day>{_DAY})(?:{_COMMA}(?P<year>{_YEAR}))?", _days
    ),
    _rule(
        rf"\b(?P<day1>)(?P<month1>)(?P<day>{_DAY})(?: of)? (?P<month>{_MONTH})(?:{_COMMA}(?P<year>{_YEAR}))?",
        _days,
    ),
    _rule(
        rf"\b(?P<month1>{_MONTH})(?: (?P<year1>{_YEAR}))?{_TO}(?P<month>{_MONTH})"
        rf"(?:{_COMMA}(?:of )?(?P<year>{_YEAR}))?",
        _months,
    ),
    _rule(rf"\b{_PART}(?P<month>{_MONTH}){_COMMA}(?:of )?(?P<year>{_YEAR})", _one_month),
    _rule(rf"\b(?P<which>[Ll]ast|[Nn]ext) (?P<month>{_FULL})\b", _last_month_of_name),
    _rule(rf"\b(?P<year1>{_YEAR})\s?[-–—/]\s?(?P<year>\d{{4}}|\d\d)(?![\d%-])", _years),
    _rule(
        rf"\b(?:[Ff]rom|[Bb]etween) (?P<year1>{_YEAR}) (?:to|until|till|through|and) (?P<year>{_YEAR})",
        _years,
    ),
    _rule(rf"\b{_PART}(?P<decade>1[5-9]\d0s|20\d0s)\b", _decade),
    _rule(rf"\bthe {_PART}(?P<decade>{'|'.join(_DECADES)})\b", _decade),
    _rule(rf"{_PART}(?<!\w)['’](?P<decade>[2-9]0)s\b", _decade),
    _rule(
        r"\b(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)[ -]quarter(?:,? (?:of )?(?P<year>"
        rf"{_YEAR}))?",
        _quarter,
        True,
    ),
    _rule(rf"\b(?P<nth>Q[1-4])(?: (?:of )?(?P<year>{_YEAR}))?", _quarter),
    _rule(rf"\b{_PART}{_SEASON}(?:,| of)? (?:of )?(?P<year>{_YEAR})", _season, True),
    _rule(rf"\b(?:last|this|that|next) (?P<part>){_SEASON}\b(?P<year>)", _season, True),
    _rule(
        rf"\b(?P<feast>Christmas Eve|Christmas Day|Christmas|New Year['’]s (?:Eve|Day))"
        rf"(?:,? (?P<year>{_YEAR}))?",
        _feast,
    ),
    _rule(rf"\b(?:FY|[Ff]iscal [Yy]ear )\s?(?P<part>)(?P<year>{_YEAR})", _one_year),
    _rule(rf"\b{_PART}(?P<year>{_YEAR})(?!-\d|-[a-z]+ (?:troops|miles))", _one_year),
    _rule(r"(?<![\w])['’](?P<year>[3-9]\d)(?![\d\w])", _short_year),
    _rule(rf"\b{_PART.removesuffix('?')}(?P<month>{_FULL})(?P<year>)\b(?! \d)", _one_month),
    _rule(rf"(?:{_AFTER_WORD})(?P<part>)(?P<month>{_FULL})(?P<year>)\b(?! \d)", _one_month),
    _rule(rf"\b(?P<part>)(?P<month>{_SURE_MONTH})(?P<year>)\b", _one_month),
    _rule(
        r"\b(?:(?P<which>last|next|this|Last|Next|This) )?(?P<name>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)"
        r"day)\b(?:'s|’s)?(?: (?:morning|afternoon|evening|night))?",
        _weekday,
    ),
    _rule(r"\b(?P<word>today|yesterday|tomorrow|tonight)\b", _day_word, True),
    _rule(rf"\b{_COUNT} {_UNIT}s? ago\b", _ago, True),
    _rule(rf"\b(?:after|following) a (?:gap|hiatus|lull|pause|break) of {_COUNT} {_UNIT}s?\b", _later, True),
    _rule(rf"\b{_COUNT} {_UNIT}s? (?P<direction>later|earlier|afterwards?)\b", _later, True),
    _rule(
        rf"\b(?:the )?(?P<which>following|previous|preceding|same|that) (?!day)(?:{_UNIT})\b",
        _neighbour,
        True,
    ),
    _rule(rf"\b(?:later |earlier )?(?P<which>this|last|next|coming|of the) {_UNIT}\b(?! of\b)", _this, True),
)
#: What every rule needs at least one of; most sentences have none.
_HINT = re.compile(
    r"\d|January|February|March|April|May|June|July|August|September|October|November|December|Christmas|"
    r"New Year|day\b|today|yesterday|tomorrow|tonight|week|month|quarter|year|decade|spring|summer|autumn|"
    r"fall|winter|ties\b"
)
