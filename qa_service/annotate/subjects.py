"""The tokens of a sentence go in; the subject of its main clause comes out."""

from collections.abc import Sequence

from qa_service.annotate.cues import ADVERBS, PREPOSITIONS, SUBORDINATORS
from qa_service.annotate.names import Names
from qa_service.annotate.phrases import Phrase, right_phrase
from qa_service.annotate.tokens import Token

_LEADS = PREPOSITIONS | SUBORDINATORS | ADVERBS | {
    "moreover", "furthermore", "meanwhile", "finally", "additionally", "but", "and", "still", "notwithstanding",
}  # fmt: skip


def clause_subject(names: Names, tokens: Sequence[Token]) -> Phrase | None:
    """The first name after up to three lead-ins ("In 2013,", "Buoyed by …,", "Moreover,")."""
    start = 0
    for _ in range(3):
        if start >= len(tokens) or not _leads(tokens[start]):
            break
        comma = next((i for i in range(start, len(tokens)) if tokens[i].text == ","), None)
        if comma is None:
            return None
        start = comma + 1
    return right_phrase(names, tokens, start) if start < len(tokens) else None


def _leads(token: Token) -> bool:
    return token.low in _LEADS or token.low.endswith(("ly", "ing", "ed"))
