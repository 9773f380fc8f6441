"""A stretch of text goes in; which kinds of date it may hold comes out, so that few rules are tried.

A hint is a cheap test that every wording of its rules passes. Literals are looked for faster than patterns,
and a pattern that begins with a letter, a digit or a list of them faster than one that begins elsewhere.
"""

import re

#: No wording begins further before its month, year or unit than this.
_BEFORE_HINT = 50
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_BROAD = (
    ("year", re.compile(r"[0-9\x80-\U0010ffff](?<=\d)\d{3}")),
    ("month", re.compile(_MONTH)),
    ("unit", re.compile("week|month|year|decade|quarter|day|Week|Month|Year|Decade|Quarter|Day")),
    (
        "word",
        re.compile(
            r"spring|summer|autumn|fall|winter|Spring|Summer|Autumn|Fall|Winter|Christmas|New Year|Q[1-4]|"
            r"ties\b|'\d\d|’\d\d|day\b|morrow|night\b"
        ),
    ),
)
#: Any of these; one that has a space in it ("New Year") is there by one that has none.
HINTED = re.compile("|".join(pattern.pattern for _, pattern in _BROAD))
#: Looked for only where the hint before it is there.
_NARROWER = (
    ("year", "dash", re.compile(r"\d\s?[-–—/]\s?\d")),
    ("year", "years", re.compile(r"[12]\d{3} (?:to|until|till|through|and) [12]\d{3}")),
    ("year", "decade", re.compile("0s")),
    ("year", "fiscal", re.compile("FY|iscal [Yy]ear")),
    ("month", "day month", re.compile(rf"\d(?:st|nd|rd|th)?(?: of)? {_MONTH}")),
    ("month", "which year", re.compile("year(?<=st year|is year|xt year)")),
    ("month", "which month", re.compile(rf"{_MONTH}(?<=(?:ast|ext) ...)")),
    ("month", "March", re.compile("March|May")),
    ("word", "decades", re.compile(r"ties(?<=(?:en|ir|or|if|ix|gh|ne)ties)\b")),
    ("word", "short", re.compile("['’][2-9]")),
    ("word", "weekday", re.compile("(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")),
)
#: In any case: without i and s, which have relatives beyond ASCII that a rule without case also takes.
_ANY_CASE = (
    ("unit", "quarter", ("quarter",)),
    ("unit", "ago", (" ago",)),
    ("unit", "gap", ("gap", "atu", "lull", "pau", "brea")),
    ("unit", "later", ("later", "earl", "after")),
    ("word", "season", ("pr", "umme", "autumn", "fall", "nter")),
    ("word", "today", ("day", "tomorrow", "ton")),
)
_PARTS = (
    "early", "mid", "late", "ing of", "art of", "end of", "ose of", "dle of", "alf of",
    "Early", "Mid", "Late",
)  # fmt: skip


def _has(words: str, literals: tuple[str, ...]) -> bool:
    return any(map(words.__contains__, literals))


def hints_of(text: str, start: int, end: int) -> tuple[frozenset[str], int]:
    """The hints in ``text[start:end]``, and where the first date may begin; no hints: no dates."""
    words = text[start:end]
    places = {hint: match.start() for hint, pattern in _BROAD if (match := pattern.search(words))}
    if not places:
        return frozenset(), end
    begin = max(0, min(places.values()) - _BEFORE_HINT)
    return frozenset([*places, *_narrower(words[begin:], places)]), start + begin


def _narrower(words: str, broad: dict[str, int]) -> list[str]:
    found = [hint for parent, hint, pattern in _NARROWER if parent in broad and pattern.search(words)]
    low = words.lower()
    found += [hint for parent, hint, literals in _ANY_CASE if parent in broad and _has(low, literals)]
    return [*found, "part" if _has(words, _PARTS) else "whole"]
