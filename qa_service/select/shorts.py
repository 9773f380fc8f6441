"""The answer in a few words, taken from the best sentence: its date, its number, yes or no; or nothing.

A short answer that could mislead is worse than none: each rule gives up when the sentence has to be read.
"""

import re
from collections.abc import Callable
from itertools import takewhile

from qa_service.domain.evidence import Short
from qa_service.domain.question import AnswerType
from qa_service.select.inquiry import Inquiry, leans
from qa_service.select.matching import SYNONYM, share
from qa_service.select.predicates import LIGHT, predicate
from qa_service.select.quantities import is_number, number_places
from qa_service.select.verdicts import settled
from qa_service.select.views import SentenceView

RANGE = frozenset("to and or".split())
CHANGE = frozenset({"from"})
BREAK = re.compile(r"[.,;:()]")
COUNTS, RIVAL = 2, 5  # words from a number to what it counts; with a rival near, neither is the answer
SAID = 0.5  # share of the words of the question, or of what it says was done, in the sentence itself


def short(inquiry: Inquiry, view: SentenceView) -> Short | None:
    """The short answer to the question in this sentence, None when there is no safe one."""
    rule = RULES.get(inquiry.question.answer_type) if inquiry.question.answer_type else None
    return rule(inquiry, view) if rule else None


def _date(inquiry: Inquiry, view: SentenceView) -> Short | None:
    """The wording of the only date of the sentence."""
    events = inquiry.edition.annotations[view.passage.document_id].events
    dates = [event for event in events if event.start == view.sentence.start]
    if len(dates) != 1 or not _says_it(inquiry, view):
        return None
    wording = inquiry.edition.text(view.passage, dates[0].date_start, dates[0].date_end)
    if predicate(inquiry) & inquiry.views.stems(wording):
        return None  # "the fall of 1969" is no fall
    if not re.search(r"\d{4}", wording):
        return None  # "the next day", "April": of when?
    return Short(start=dates[0].date_start, end=dates[0].date_end)


def _number(inquiry: Inquiry, view: SentenceView) -> Short | None:
    """The only number that stands before the thing counted, a range whole: "3,000 to 4,000 troops"."""
    if not _says_it(inquiry, view):
        return None
    places = [n for n in number_places(view.tokens) if not _goes_on(view, n)]
    rivals = [n for n in places if _counted(inquiry, view, n, RIVAL)]
    return _counted(inquiry, view, rivals[0], COUNTS) if len(rivals) == 1 else None


def _goes_on(view: SentenceView, place: int) -> bool:
    """Whether the number is the first of a range."""
    after = view.tokens[place + 1 : place + 3]
    return len(after) > 1 and after[0].word in RANGE and is_number(after[1])


def _counted(inquiry: Inquiry, view: SentenceView, place: int, reach: int) -> Short | None:
    """The number with the words up to the thing counted, when that stands within so many words."""
    asked = {term.stem for term in inquiry.question.terms}
    after = takewhile(lambda token: not is_number(token), view.tokens[place + 1 : place + 1 + reach])
    counted = next((other for other in after if other.stem in asked), None)
    start = _range_start(view, place)
    if counted is None or BREAK.search(view.text[start : counted.end].replace(",", "")):
        return None
    return Short(start=view.sentence.start + start, end=view.sentence.start + counted.end)


def _says_it(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether the sentence itself speaks of whom and what is asked, or leans on one before it that does."""
    before = inquiry.before(view) if leans(view) else None
    views = [view, before] if before else [view]
    matcher = inquiry.matcher
    title = {token.stem for token in inquiry.views.title(view.passage.document_id)}
    told = {
        term.stem: term.stem in title or any(matcher.match(term, one) >= SYNONYM for one in views)
        for term in matcher.terms
    }
    names = inquiry.views.stems(" ".join(inquiry.question.names)) | matcher.actors_of.keys()
    named = names & told.keys()
    deeds = predicate(inquiry) & {term.stem for term in matcher.terms if term.weight > LIGHT}
    weights = [term.weight for term in matcher.terms]
    return (
        all(told[stem] for stem in named)
        and sum(told[stem] for stem in deeds) >= SAID * len(deeds)
        and share(weights, [float(told[term.stem]) for term in matcher.terms]) >= SAID
    )


def _range_start(view: SentenceView, place: int) -> int:
    ranged = place > 1 and view.tokens[place - 1].word in RANGE and is_number(view.tokens[place - 2])
    if ranged and place > 2 and view.tokens[place - 3].word in CHANGE:
        ranged = False  # "reduced from nine to three districts" leaves three
    return view.tokens[place - 2 if ranged else place].start


RULES: dict[AnswerType, Callable[[Inquiry, SentenceView], Short | None]] = {
    AnswerType.WHEN: _date,
    AnswerType.NUMBER: _number,
    AnswerType.YES_NO: settled,
}
