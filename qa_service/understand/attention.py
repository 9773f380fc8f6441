"""What is read of a long message, so that none costs much more than another.

The limits stand above what people ask; docs/performance.md says what the worst message costs.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from qa_service.domain.question import Term

CHARACTERS = 500  # of a message: its questions, the last ones first, else its beginning
EARLIER = 1_000  # characters of the questions before it, the latest first
TERMS = 24  # distinct words that a question is asked by
UNKNOWN = 6  # distinct words whose likest spelling is looked for
# A point ends no sentence after a letter or a short form ("U.S.", "Mr."), nor inside a number or an address.
SENTENCE = re.compile(
    r"(?:[^.!?？]|(?<=\b[A-Za-z])\.|(?<=\b(?:Mr|Dr|Ms|St|vs|No))\."
    r"|(?<=\b(?:Mrs|Gen|Amb|Sen|Rep|Gov|Col|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec))\."
    r"|[.!?](?=[^\s.!?\"'”’)\]]))*+[.!?？]*+[\"'”’)\]]*+\s*+"
)
MARKS = ("?", "？")


def read(text: str) -> str:
    """The part of a cleaned message that is read; whole unless it is longer than `CHARACTERS`."""
    if len(text) <= CHARACTERS:
        return text
    kept: list[str] = []
    room = CHARACTERS
    for sentence in reversed(SENTENCE.findall(text)):
        if sentence.rstrip().endswith(MARKS) and len(sentence) <= room:
            kept.append(sentence)
            room -= len(sentence)
    return "".join(reversed(kept)).strip() or _begun(text, CHARACTERS)


def remembered(history: Sequence[str], heard: Callable[[str], str]) -> list[str]:
    """The latest of the questions before, the oldest first, as far back as `EARLIER` reaches.

    ``heard`` gives what is read of a message, cleaned.
    """
    kept: list[str] = []
    room = EARLIER
    for earlier in reversed(history):
        question = heard(earlier)
        room -= len(question)
        if room < 0:
            break
        kept.append(question)
    return kept[::-1]


def asked_by(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The first `TERMS` distinct terms, each with its greatest weight."""
    weights: dict[str, float] = {}
    for term in terms:
        if term.stem in weights or len(weights) < TERMS:
            weights[term.stem] = max(weights.get(term.stem, 0.0), term.weight)
    return tuple(Term(stem=stem, weight=weight) for stem, weight in weights.items())


def _begun(text: str, most: int) -> str:
    """As much of the beginning as there is room for, in whole words where it has any."""
    begun = text[: most + 1]
    return begun[: begun.rfind(" ")] if " " in begun else text[:most]
