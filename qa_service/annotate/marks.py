"""A stretch of text without a space goes in; what a sentence with it may hold comes out, as bits.

A mark is a cheap test that every such sentence passes; stretches recur, so it is made once for many of them.
"""

from qa_service.annotate.hints import has, hinted

DATE, TITLE, NAMING = 1, 2, 4
_TITLES = (
    "President", "Minister", "Premier", "Secretary", "Director", "Ambassador", "Chancellor", "Chairman",
    "National", "eader", "hief", "mir", "pokes", "ounder", "ommander", "nvoy", "King", "Governor",
)  # fmt: skip
_NAMINGS = ("known", "called", "termed", "dubbed", "named", "referred", "described", "(the", "(a")


def marks_of(stretch: str) -> int:
    """DATE for any wording of a date, TITLE for an office, NAMING for words that give a name."""
    return DATE * hinted(stretch) | TITLE * has(stretch, _TITLES) | NAMING * has(stretch, _NAMINGS)
