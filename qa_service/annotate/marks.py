"""A stretch of text without a space goes in; what a sentence with it may hold comes out, as bits.

A mark is a cheap test that every such sentence passes; stretches recur, so it is made once for many of them.
"""

import re

from qa_service.annotate.hints import HINTED

DATE, TITLE, NAMING, QUOTE = 1, 2, 4, 8
_PATTERNS = (
    (DATE, HINTED),
    (
        TITLE,
        re.compile(
            "President|Minister|Premier|Secretary|Director|Ambassador|Chancellor|Chairman|National|Leader|leader|"
            "Chief|chief|Emir|emir|Spokes|spokes|Founder|founder|Commander|commander|Envoy|envoy|King|Governor"
        ),
    ),
    (NAMING, re.compile(r"known|called|termed|dubbed|named|referred|described|\(the|\(a")),
    (QUOTE, re.compile('[“”"]')),
)


_ANY = re.compile("|".join(pattern.pattern for _, pattern in _PATTERNS))


def marks_of(stretch: str) -> int:
    """DATE for any wording of a date, TITLE for an office, NAMING for words that give a name, QUOTE."""
    if not _ANY.search(stretch):
        return 0
    return sum(mark for mark, pattern in _PATTERNS if pattern.search(stretch))
