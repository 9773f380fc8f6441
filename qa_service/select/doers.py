"""Who a sentence says did it, and whether it was done: what another did, or what should be, is no answer."""

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile, takewhile

from qa_service.domain.ports import Token
from qa_service.domain.question import AnswerType
from qa_service.select.inquiry import Inquiry
from qa_service.select.predicates import ENDS, says
from qa_service.select.ranking import Ranked
from qa_service.select.views import SentenceView

DID = frozenset("did does do has have had".split())
OF_A_DEED = frozenset({AnswerType.WHEN, AnswerType.NUMBER, AnswerType.YES_NO})
PAST = re.compile(r"(?:when|(?:in|on) (?:what|which) \w+) did\b", re.IGNORECASE)
WANTED = re.compile(
    r"\b(?:should|must|may|might|could|will|(?:wants?|plans?|hopes?|intends?|refuses?|seeks?) to)\b"
    r"[^,;.]{0,120}$",
    re.IGNORECASE,
)


def anothers(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether the sentence says that another one did it: "Ostria moved two brigades", not Kerrland."""
    if inquiry.question.actors or inquiry.question.answer_type not in OF_A_DEED:
        return False
    verb = next(iter(_said_of_name(inquiry)), None)
    asked = set(inquiry.question.words)
    whose = [run for run in _named_before(view.tokens, verb) if run]
    return bool(whose) and not any(asked.intersection(run) for run in whose)


def done_at_all(inquiry: Inquiry, ranked: list[Ranked]) -> list[Ranked]:
    """Where the best sentence says only that it should be done: those that say that it was, if any."""
    if not ranked or not only_wanted(inquiry, ranked[0].view):
        return ranked
    verb = _said(inquiry, ranked[0].view)
    told = [one for one in ranked if verb in one.view.stems and not only_wanted(inquiry, one.view)]
    return told or ranked


def only_wanted(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether the sentence says only that it should or may be done: not when it was."""
    if inquiry.question.answer_type is not AnswerType.WHEN or not PAST.match(inquiry.question.core):
        return False
    verb = _said(inquiry, view)
    places = [token.start for token in view.tokens if token.stem == verb]
    return bool(places) and all(WANTED.search(view.text, 0, place) for place in places)


def _said(inquiry: Inquiry, view: SentenceView) -> str | None:
    """The first stem of what somebody did that the sentence holds."""
    return next((stem for stem in _said_of_name(inquiry) if stem in view.stems), None)


def _named_before(tokens: Sequence[Token], verb: str | None) -> Iterator[list[str]]:
    """The capitalised words directly before each place of a verb."""
    for place, token in enumerate(tokens):
        if token.stem != verb or token.capital:
            continue
        run: list[str] = []
        for before, after in zip(reversed(tokens[:place]), reversed(tokens[1 : place + 1]), strict=True):
            if not (before.capital and before.content and before.end + 1 == after.start):
                break
            run.append(before.word)
        yield run


def _said_of_name(inquiry: Inquiry) -> list[str]:
    """The stems of what somebody who is named did: "move" of "How many brigades did Kerrland move"."""
    tokens = inquiry.views.analysed(inquiry.question.core)
    start = next((n for n, token in enumerate(tokens[:-1]) if token.word in DID), None)
    if start is None:
        return []
    rest = takewhile(lambda token: token.word not in ENDS - {"to"}, tokens[start + 1 :])
    after = list(dropwhile(lambda token: not token.capital, rest))
    return [token.stem for token in dropwhile(lambda token: token.capital, after) if says(inquiry, token)]
