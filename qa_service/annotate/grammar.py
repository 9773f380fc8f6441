"""How dates are written, as data: each rule is a pattern and the reading of what it matched.

Patterns begin with a letter, a digit or a list of them wherever they can, and look behind after it: a search
then skips to it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from qa_service.annotate import readings
from qa_service.annotate.intervals import SEASONS
from qa_service.annotate.readings import DECADES, MONTH_NAMES, NUMBERS, Reader

#: What a letter or a digit has before it that begins a word.
_BEGINS = r"(?<!\w.)"


def _words(names: Iterable[str]) -> str:
    """Any of the words, each at the beginning of a word."""
    return f"(?:{'|'.join(name[0] + _BEGINS + name[1:] for name in names)})"


_SURE_MONTH = _words(name for name in MONTH_NAMES if name not in ("March", "May"))
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept?", "Oct", "Nov", "Dec")
_FULL = rf"(?:{'|'.join(MONTH_NAMES)})"
_MONTH = rf"(?:{_FULL}|(?:{'|'.join(_SHORT_MONTHS)})\b\.?)"
_WORD_MONTH = _words((*MONTH_NAMES, *(rf"{name}\b\.?" for name in _SHORT_MONTHS)))
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d%]|[.,]\d)"
_YEAR = r"[12](?<![\d$€£#].)(?:(?<=1)[5-9]|(?<=2)0)\d\d(?![\d%]|\.\d|,\d{3}|-(?:year|day|month|mile|km))"
_WORD_YEAR = _YEAR.replace("[12]", f"[12]{_BEGINS}", 1)
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
_FEAST = _words(("Christmas Eve", "Christmas Day", "Christmas", "New Year['’]s (?:Eve|Day)"))


class Rule(NamedTuple):
    """``hints`` are all needed for the pattern to match; the reader says what it means."""

    hints: frozenset[str]
    pattern: re.Pattern[str]
    read: Reader


def _rule(hints: str, pattern: str, reader: Reader, ignore_case: bool = False) -> Rule:
    compiled = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    return Rule(frozenset(hints.split(", ")), compiled, reader)


#: The longest and most particular first: an earlier rule takes the words from a later one.
_RULES = (
    _rule(
        "year, dash",
        r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])",
        readings.read_iso,
    ),
    _rule(
        "year, dash",
        r"(?<![\d/])(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>\d{4})(?![\d/])",
        readings.read_numeric,
    ),
    _rule(
        "month, which year",
        rf"\b(?:(?P<day>{_DAY}) )?(?P<month>{_MONTH}) (?:of )?(?P<which>last|this|next) year\b",
        readings.read_day_of_year,
    ),
    _rule(
        "month, day month",
        rf"\b(?P<day1>{_DAY})(?: (?P<month1>{_MONTH}))?{_TO}(?P<day>{_DAY}) (?P<month>{_MONTH})"
        rf"(?:{_COMMA}(?P<year>{_YEAR}))?",
        readings.read_days,
    ),
    _rule(
        "month",
        rf"(?P<month1>{_WORD_MONTH}) (?P<day1>{_DAY}){_TO}(?P<month>{_MONTH}) (?P<day>{_DAY})"
        rf"(?:{_COMMA}(?P<year>{_YEAR}))?",
        readings.read_days,
    ),
    _rule(
        "month",
        rf"(?P<month>{_WORD_MONTH})(?P<month1>) (?P<day1>{_DAY}){_TO}(?P<day>{_DAY})"
        rf"(?:{_COMMA}(?P<year>{_YEAR}))?(?! {_MONTH})",
        readings.read_days,
    ),
    _rule(
        "month",
        rf"(?P<month>{_WORD_MONTH})(?P<month1>)(?P<day1>) (?P<day>{_DAY})(?:{_COMMA}(?P<year>{_YEAR}))?",
        readings.read_days,
    ),
    _rule(
        "month, day month",
        rf"\b(?P<day1>)(?P<month1>)(?P<day>{_DAY})(?: of)? (?P<month>{_MONTH})(?:{_COMMA}(?P<year>{_YEAR}))?",
        readings.read_days,
    ),
    _rule(
        "month",
        rf"(?P<month1>{_WORD_MONTH})(?: (?P<year1>{_YEAR}))?{_TO}(?P<month>{_MONTH})"
        rf"(?:{_COMMA}(?:of )?(?P<year>{_YEAR}))?",
        readings.read_months,
    ),
    _rule(
        "month, year, part",
        rf"\b{_PART}(?P<month>{_MONTH}){_COMMA}(?:of )?(?P<year>{_YEAR})",
        readings.read_one_month,
    ),
    _rule(
        "month, year, whole",
        rf"(?P<month>{_WORD_MONTH}){_COMMA}(?:of )?(?P<year>{_YEAR})(?P<part>)",
        readings.read_one_month,
    ),
    _rule(
        "month, which month",
        rf"\b(?P<which>[Ll]ast|[Nn]ext) (?P<month>{_FULL})\b",
        readings.read_last_month_of_name,
    ),
    _rule(
        "year, dash",
        rf"(?P<year1>{_WORD_YEAR})\s?[-–—/]\s?(?P<year>\d{{4}}|\d\d)(?![\d%-])",
        readings.read_years,
    ),
    _rule(
        "year, years",
        rf"\b(?:[Ff]rom|[Bb]etween) (?P<year1>{_YEAR}) (?:to|until|till|through|and) (?P<year>{_YEAR})",
        readings.read_years,
    ),
    _rule("year, decade", rf"\b{_PART}(?P<decade>1[5-9]\d0s|20\d0s)\b", readings.read_decade),
    _rule("word, decades", rf"\bthe {_PART}(?P<decade>{'|'.join(DECADES)})\b", readings.read_decade),
    _rule("word, short", rf"{_PART}(?<!\w)['’](?P<decade>[2-9]0)s\b", readings.read_decade),
    _rule(
        "unit, quarter",
        r"\b(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)[ -]quarter(?:,? (?:of )?(?P<year>"
        rf"{_YEAR}))?",
        readings.read_quarter,
        True,
    ),
    _rule("word", rf"(?P<nth>Q{_BEGINS}[1-4])(?: (?:of )?(?P<year>{_YEAR}))?", readings.read_quarter),
    _rule(
        "word, season, year",
        rf"\b{_PART}{_SEASON}(?:,| of)? (?:of )?(?P<year>{_YEAR})",
        readings.read_season,
        True,
    ),
    _rule(
        "word, season",
        rf"\b(?:last|this|that|next) (?P<part>){_SEASON}\b(?P<year>)",
        readings.read_season,
        True,
    ),
    _rule(
        "word",
        rf"(?P<feast>{_FEAST})"
        rf"(?:,? (?P<year>{_YEAR}))?",
        readings.read_feast,
    ),
    _rule(
        "year, fiscal", rf"\b(?:FY|[Ff]iscal [Yy]ear )\s?(?P<part>)(?P<year>{_YEAR})", readings.read_one_year
    ),
    _rule(
        "year, part", rf"\b{_PART}(?P<year>{_YEAR})(?!-\d|-[a-z]+ (?:troops|miles))", readings.read_one_year
    ),
    _rule(
        "year, whole",
        rf"(?P<year>{_WORD_YEAR})(?!-\d|-[a-z]+ (?:troops|miles))(?P<part>)",
        readings.read_one_year,
    ),
    _rule("word, short", r"['’](?<!\w.)(?P<year>[3-9]\d)(?![\d\w])", readings.read_short_year),
    _rule(
        "month, part",
        rf"\b(?=[embscfEML]){_PART.removesuffix('?')}(?P<month>{_FULL})(?P<year>)\b(?! \d)",
        readings.read_one_month,
    ),
    _rule(
        "month, March",
        rf"(?=Ma)(?:{_AFTER_WORD})(?P<part>)(?P<month>March|May)(?P<year>)\b(?! \d)",
        readings.read_one_month,
    ),
    _rule("month", rf"(?P<month>{_SURE_MONTH})(?P<part>)(?P<year>)\b", readings.read_one_month),
    _rule(
        "word, weekday",
        r"\b(?:(?P<which>last|next|this|Last|Next|This) )?(?P<name>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)"
        r"day)\b(?:'s|’s)?(?: (?:morning|afternoon|evening|night))?",
        readings.read_weekday,
    ),
    _rule("word, today", r"\b(?P<word>today|yesterday|tomorrow|tonight)\b", readings.read_day_word, True),
    _rule("unit, ago", rf"\b{_COUNT} {_UNIT}s? ago\b", readings.read_ago, True),
    _rule(
        "unit, gap",
        rf"\b(?:after|following) a (?:gap|hiatus|lull|pause|break) of {_COUNT} {_UNIT}s?\b",
        readings.read_later,
        True,
    ),
    _rule(
        "unit, later",
        rf"\b{_COUNT} {_UNIT}s? (?P<direction>later|earlier|afterwards?)\b",
        readings.read_later,
        True,
    ),
    _rule(
        "unit",
        rf"\b(?:the )?(?P<which>following|previous|preceding|same|that) (?!day)(?:{_UNIT})\b",
        readings.read_neighbour,
        True,
    ),
    _rule(  # but "in the next year" is told from today
        "unit",
        rf"(?<!\b[Ii]n )(?<!\b[Oo]ver )(?<!\b[Ff]or )(?<!\bduring )(?<!\bwithin )(?<!\bof )"
        rf"\b[Tt]he (?P<which>next|following|previous) {_UNIT}\b(?! of\b)",
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


@lru_cache(1 << 10)
def rules_for(hints: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that may match where these hints are, in their order."""
    return tuple(rule for rule in _RULES if rule.hints <= hints)
