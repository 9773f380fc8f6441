"""How dates are written, as data: each rule is a pattern and the reading of what it matched."""

import re

from qa_service.annotate import readings
from qa_service.annotate.intervals import SEASONS
from qa_service.annotate.readings import DECADES, MONTH_NAMES, NUMBERS, Reader

_SURE_MONTH = rf"(?:{'|'.join(name for name in MONTH_NAMES if name not in ('March', 'May'))})"
_FULL = rf"(?:{'|'.join(MONTH_NAMES)})"
_MONTH = rf"(?:{_FULL}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d%]|[.,]\d)"
_YEAR = r"(?<![\d$€£#])(?:1[5-9]\d\d|20\d\d)(?![\d%]|\.\d|,\d{3}|-(?:year|day|month|mile|km))"
_TO = r"\s?(?:[-–—]|to|and|or|through)\s?"
_COMMA = r"\s?,?\s?"
_PART = (
    r"(?:(?P<part>early|mid|late|beginning of|start of|end of|close of|middle of|first half of|"
    r"second half of|Early|Mid|Late)(?: in| of)?[\s-](?:the )?)?"
)
#: May and March are words too: only after one of these.
_AFTER_WORD = "|".join(
    rf"(?<=\b{word} )"
    for word in ("in", "In", "since", "Since", "by", "By", "until", "Until", "during", "During", "of", "this",
                 "after", "After", "before", "Before", "from", "From", "to", "last")
)  # fmt: skip
_UNIT = r"(?P<unit>day|week|month|quarter|year|decade)"
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(NUMBERS)})(?: and a half)?"
_SEASON = rf"(?P<season>{'|'.join(SEASONS)})"


def _rule(
    hint: str, pattern: str, reader: Reader, ignore_case: bool = False
) -> tuple[str, re.Pattern[str], Reader]:
    return hint, re.compile(pattern, re.IGNORECASE if ignore_case else 0), reader


#: The longest and most particular first: an earlier rule takes the words from a later one.
RULES = (
    _rule("year", r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])", readings.read_iso),
    _rule(
        "year", r"(?<![\d/])(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>\d{4})(?![\d/])", readings.read_numeric
    ),
    _rule(
        "month",
        rf"\b(?:(?P<day>{_DAY}) )?(?P<month>{_MONTH}) (?:of )?(?P<which>last|this|next) year\b",
        readings.read_day_of_year,
    ),
    _rule(
        "month",
        rf"\b(?P<day1>{_DAY})(?: (?P<month1>{_MONTH}))?{_TO}(?P<day>{_DAY}) (?P<month>{_MONTH})"
        rf"(?:{_COMMA}(?P<year>{_YEAR}))?",
        readings.read_days,
    ),
    _rule(
        "month",
        rf"\b(?P<month1>{_MONTH}) (?P<day1>{_DAY}){_TO}(?P<month>{_MONTH}) (?P<day>{_DAY})"
        rf"(?:{_COMMA}(?P<year>{_YEAR}))?",
        readings.read_days,
    ),
    _rule(
        "month",
        rf"\b(?P<month>{_MONTH})(?P<month1>) (?P<day1>{_DAY}){_TO}(?P<day>{_DAY})"
        rf"(?:{_COMMA}(?P<year>{_YEAR}))?(?! {_MONTH})",
        readings.read_days,
    ),
    _rule(
        "month",
        rf"\b(?P<month>{_MONTH})(?P<month1>)(?P<day1>) (?P<day>{_DAY})(?:{_COMMA}(?P<year>{_YEAR}))?",
        readings.read_days,
    ),
    _rule(
        "month",
        rf"\b(?P<day1>)(?P<month1>)(?P<day>{_DAY})(?: of)? (?P<month>{_MONTH})(?:{_COMMA}(?P<year>{_YEAR}))?",
        readings.read_days,
    ),
    _rule(
        "month",
        rf"\b(?P<month1>{_MONTH})(?: (?P<year1>{_YEAR}))?{_TO}(?P<month>{_MONTH})"
        rf"(?:{_COMMA}(?:of )?(?P<year>{_YEAR}))?",
        readings.read_months,
    ),
    _rule(
        "month", rf"\b{_PART}(?P<month>{_MONTH}){_COMMA}(?:of )?(?P<year>{_YEAR})", readings.read_one_month
    ),
    _rule("month", rf"\b(?P<which>[Ll]ast|[Nn]ext) (?P<month>{_FULL})\b", readings.read_last_month_of_name),
    _rule("year", rf"\b(?P<year1>{_YEAR})\s?[-–—/]\s?(?P<year>\d{{4}}|\d\d)(?![\d%-])", readings.read_years),
    _rule(
        "year",
        rf"\b(?:[Ff]rom|[Bb]etween) (?P<year1>{_YEAR}) (?:to|until|till|through|and) (?P<year>{_YEAR})",
        readings.read_years,
    ),
    _rule("year", rf"\b{_PART}(?P<decade>1[5-9]\d0s|20\d0s)\b", readings.read_decade),
    _rule("word", rf"\bthe {_PART}(?P<decade>{'|'.join(DECADES)})\b", readings.read_decade),
    _rule("word", rf"{_PART}(?<!\w)['’](?P<decade>[2-9]0)s\b", readings.read_decade),
    _rule(
        "unit",
        r"\b(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)[ -]quarter(?:,? (?:of )?(?P<year>"
        rf"{_YEAR}))?",
        readings.read_quarter,
        True,
    ),
    _rule("word", rf"\b(?P<nth>Q[1-4])(?: (?:of )?(?P<year>{_YEAR}))?", readings.read_quarter),
    _rule("word", rf"\b{_PART}{_SEASON}(?:,| of)? (?:of )?(?P<year>{_YEAR})", readings.read_season, True),
    _rule("word", rf"\b(?:last|this|that|next) (?P<part>){_SEASON}\b(?P<year>)", readings.read_season, True),
    _rule(
        "word",
        rf"\b(?P<feast>Christmas Eve|Christmas Day|Christmas|New Year['’]s (?:Eve|Day))"
        rf"(?:,? (?P<year>{_YEAR}))?",
        readings.read_feast,
    ),
    _rule("year", rf"\b(?:FY|[Ff]iscal [Yy]ear )\s?(?P<part>)(?P<year>{_YEAR})", readings.read_one_year),
    _rule("year", rf"\b{_PART}(?P<year>{_YEAR})(?!-\d|-[a-z]+ (?:troops|miles))", readings.read_one_year),
    _rule("word", r"(?<![\w])['’](?P<year>[3-9]\d)(?![\d\w])", readings.read_short_year),
    _rule(
        "month",
        rf"\b(?=[embscfEML]){_PART.removesuffix('?')}(?P<month>{_FULL})(?P<year>)\b(?! \d)",
        readings.read_one_month,
    ),
    _rule(
        "month",
        rf"(?=Ma)(?:{_AFTER_WORD})(?P<part>)(?P<month>March|May)(?P<year>)\b(?! \d)",
        readings.read_one_month,
    ),
    _rule("month", rf"\b(?P<part>)(?P<month>{_SURE_MONTH})(?P<year>)\b", readings.read_one_month),
    _rule(
        "word",
        r"\b(?:(?P<which>last|next|this|Last|Next|This) )?(?P<name>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)"
        r"day)\b(?:'s|’s)?(?: (?:morning|afternoon|evening|night))?",
        readings.read_weekday,
    ),
    _rule("word", r"\b(?P<word>today|yesterday|tomorrow|tonight)\b", readings.read_day_word, True),
    _rule("unit", rf"\b{_COUNT} {_UNIT}s? ago\b", readings.read_ago, True),
    _rule(
        "unit",
        rf"\b(?:after|following) a (?:gap|hiatus|lull|pause|break) of {_COUNT} {_UNIT}s?\b",
        readings.read_later,
        True,
    ),
    _rule(
        "unit", rf"\b{_COUNT} {_UNIT}s? (?P<direction>later|earlier|afterwards?)\b", readings.read_later, True
    ),
    _rule(
        "unit",
        rf"\b(?:the )?(?P<which>following|previous|preceding|same|that) (?!day)(?:{_UNIT})\b",
        readings.read_neighbour,
        True,
    ),
    _rule(
        "unit",
        rf"\b(?:later |earlier )?(?P<which>this|last|next|coming|of the) {_UNIT}\b(?! of\b)",
        readings.read_this,
        True,
    ),
)
#: What a rule needs to be tried at all; most sentences have none of it. Flat lists of literals are fast.
HINTS = (
    ("year", re.compile(r"\d{4}")),
    ("month", re.compile("Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec")),
    ("unit", re.compile("week|month|year|decade|quarter|day|Week|Month|Year|Decade|Quarter|Day")),
    (
        "word",
        re.compile(
            r"spring|summer|autumn|fall|winter|Spring|Summer|Autumn|Fall|Winter|Christmas|New Year|Q[1-4]|"
            r"ties\b|'\d\d|’\d\d|day\b|morrow|night\b"
        ),
    ),
)
