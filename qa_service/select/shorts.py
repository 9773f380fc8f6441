"""The answer in a few words, taken from the best sentence: its date, its number, yes or no; or nothing.

A short answer that could mislead is worse than none: each rule gives up when the sentence has to be read.
"""

import re
from collections.abc import Callable

from qa_service.domain.evidence import Short
from qa_service.domain.question import AnswerType
from qa_service.select.inquiry import Inquiry
from qa_service.select.predicates import predicate
from qa_service.select.quantities import is_number
from qa_service.select.refusing import coverage
from qa_service.select.views import SentenceView

RANGE = frozenset("to and or".split())
CHANGE = frozenset({"from"})
BREAK = re.compile(r"[.,;:()]")
SETTLED = 0.8  # coverage: so much of a yes-no question has to stand in the sentence
NOT_REACH = 4  # words between a negation and what it negates
NEGATIONS = frozenset("not never neither nor no none cannot without".split())
HEDGED = re.compile(
    r"\b(?:may|might|could|would|should|if|unless|likely|unlikely|reportedly|allegedly|expect\w*|plan\w*|possib\w+"
    r"|potential\w*|try|tried|attempt\w*|almost|nearly|partly)\b",
    re.IGNORECASE,
)
ALL = re.compile(r"\b(?:all|every|only|always|first|ever)\b", re.IGNORECASE)


def short(inquiry: Inquiry, view: SentenceView) -> Short | None:
    """The short answer to the question in this sentence, None when there is no safe one."""
    rule = RULES.get(inquiry.question.answer_type) if inquiry.question.answer_type else None
    return rule(inquiry, view) if rule else None


def _date(inquiry: Inquiry, view: SentenceView) -> Short | None:
    """The wording of the only date of the sentence."""
    events = inquiry.edition.annotations[view.passage.document_id].events
    dates = [event for event in events if event.start == view.sentence.start]
    if len(dates) != 1:
        return None
    return Short(start=dates[0].date_start, end=dates[0].date_end)


def _number(inquiry: Inquiry, view: SentenceView) -> Short | None:
    """The number that stands before the thing counted, a range whole: "3,000 to 4,000 troops"."""
    asked = {term.stem for term in inquiry.question.terms}
    for place, token in enumerate(view.tokens[:-1]):
        counted = next((other for other in view.tokens[place + 1 : place + 3] if other.stem in asked), None)
        if not is_number(token) or counted is None:
            continue
        start = _range_start(view, place)
        if not BREAK.search(view.text[start : counted.end].replace(",", "")):
            return Short(start=view.sentence.start + start, end=view.sentence.start + counted.end)
    return None


def _range_start(view: SentenceView, place: int) -> int:
    ranged = place > 1 and view.tokens[place - 1].word in RANGE and is_number(view.tokens[place - 2])
    if ranged and place > 2 and view.tokens[place - 3].word in CHANGE:
        ranged = False  # "reduced from nine to three districts" leaves three
    return view.tokens[place - 2 if ranged else place].start


def _verdict(inquiry: Inquiry, view: SentenceView) -> Short | None:
    """Yes or no, when the author says in one plain sentence just what was asked, or its opposite."""
    text = inquiry.question.core
    if HEDGED.search(view.text) or _attributed(inquiry, view):
        return None
    if ALL.search(text) and not ALL.search(view.text):
        return None
    if coverage(inquiry, [view], title=False) < SETTLED:
        return None
    told, asked = _negated(inquiry, view), bool(NEGATIONS & set(inquiry.question.words)) or "n't" in text
    if told is None:
        return None
    return Short(verdict="no" if told != asked else "yes")


def _attributed(inquiry: Inquiry, view: SentenceView) -> bool:
    positions = inquiry.edition.annotations[view.passage.document_id].positions
    return any(one.start == view.sentence.start for one in positions)


def _negated(inquiry: Inquiry, view: SentenceView) -> bool | None:
    """Whether what was done is denied; None when something is, but no telling what."""
    done = predicate(inquiry)
    places = [
        n for n, token in enumerate(view.tokens) if token.word in NEGATIONS or token.word.endswith("n't")
    ]
    if not places:
        return False
    if len(places) > 1:
        return None
    after = view.tokens[places[0] + 1 : places[0] + 1 + NOT_REACH]
    return True if any(token.stem in done for token in after) else None


RULES: dict[AnswerType, Callable[[Inquiry, SentenceView], Short | None]] = {
    AnswerType.WHEN: _date,
    AnswerType.NUMBER: _number,
    AnswerType.YES_NO: _verdict,
}
