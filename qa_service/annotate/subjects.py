"""The tokens of a sentence go in; the subject of its main clause comes out."""

from collections.abc import Sequence

from qa_service.annotate.cues import ADVERBS, PREPOSITIONS, SUBORDINATORS
from qa_service.annotate.names import CALENDAR, Names
from qa_service.annotate.phrases import Phrase, right_phrase
from qa_service.annotate.tokens import Token

_CLAUSAL = PREPOSITIONS | SUBORDINATORS
_LEADS = PREPOSITIONS | SUBORDINATORS | ADVERBS | {
    "moreover", "furthermore", "meanwhile", "finally", "additionally", "but", "and", "still",
    "notwithstanding",
}  # fmt: skip


def clause_subject(names: Names, tokens: Sequence[Token]) -> Phrase | None:
    """The first name after up to three lead-ins ("In 2013,", "Buoyed by …,", "Moreover,")."""
    start = 0
    for _ in range(3):
        if start >= len(tokens) or not _leads(tokens[start]):
            break
        if _alone(tokens, start):
            start += 1
            continue
        if (after := _after_date(tokens, start)) > start + 1 and tokens[after].text != ",":
            start = after
            break
        comma = next((i for i in range(start, len(tokens)) if tokens[i].text == ","), None)
        if comma is None:
            return None
        start = comma + 1
    return right_phrase(names, tokens, start) if start < len(tokens) else None


def _after_date(tokens: Sequence[Token], start: int) -> int:
    """ "On 14 May Tokyo said": where the clause goes on after a date without a comma."""
    at = start + 1
    while at < len(tokens) - 1 and (tokens[at].text.isdigit() or tokens[at].low in CALENDAR):
        at += 1
    return at


def _alone(tokens: Sequence[Token], start: int) -> bool:
    """ "Meanwhile he continued": the word leads in without a comma."""
    low = tokens[start].low
    one_word = low not in _CLAUSAL and not low.endswith(("ing", "ed"))
    return one_word and start + 1 < len(tokens) and tokens[start + 1].text != ","


def _leads(token: Token) -> bool:
    return token.low in _LEADS or token.low.endswith(("ly", "ing", "ed"))
