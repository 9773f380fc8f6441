"""The answer in a few words, taken from the best sentence: its date, its number, yes or no; or nothing.

A short answer that could mislead is worse than none: each rule gives up when the sentence has to be read.
"""

import re
from collections.abc import Callable, Sequence
from itertools import takewhile

from qa_service.domain.evidence import Short
from qa_service.domain.ports import Token
from qa_service.domain.question import AnswerType
from qa_service.select.inquiry import Inquiry, leans
from qa_service.select.matching import SYNONYM, share
from qa_service.select.predicates import LIGHT, predicate
from qa_service.select.quantities import STOPS_AT, is_number
from qa_service.select.verdicts import settled
from qa_service.select.views import SentenceView
from qa_service.select.whole_numbers import WholeNumber, whole_numbers

RANGE = frozenset("to and or".split())
MANY = re.compile(r"\bhow many\b", re.IGNORECASE)
PLURAL = re.compile(r"(?:[^s]s|people|men|children|police|personnel|staff|aircraft|troops)$")
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
    rivals = [number for number in whole_numbers(view) if _counted(inquiry, view, number, RIVAL)]
    return _counted(inquiry, view, rivals[0], COUNTS) if len(rivals) == 1 else None


def _counted(inquiry: Inquiry, view: SentenceView, number: WholeNumber, reach: int) -> Short | None:
    """The number with the words up to the thing counted, if that is so near; a sum alone."""
    asked = {term.stem for term in inquiry.question.terms}
    after = view.tokens[number.last + 1 : number.last + 1 + reach]
    near = list(takewhile(lambda token: not is_number(token), after))
    place = next((place for place, token in enumerate(near) if token.stem in asked), None)
    many = bool(MANY.search(inquiry.question.core))
    if place is None or (number.money and many):
        return None
    end = number.end if number.money else _thing_end(near[place:], many)
    if end is None or BREAK.search(view.text[number.end : near[place].end]):
        return None
    return Short(start=view.sentence.start + number.start, end=view.sentence.start + end)


def _thing_end(words: Sequence[Token], many: bool) -> int | None:
    """Where the thing counted ends, the first word being asked for: "top" goes on to "commanders"."""
    if not many or PLURAL.search(words[0].word):
        return words[0].end
    rest = list(takewhile(lambda token: token.word not in STOPS_AT | RANGE, words[1:]))
    if not rest:
        return words[0].end
    return next((token.end for token in rest if PLURAL.search(token.word)), None)


def _says_it(inquiry: Inquiry, view: SentenceView) -> bool:
    """Whether the sentence itself speaks of whom and what is asked, or leans on one before it that does."""
    before = inquiry.before(view) if leans(view) else None
    views = [view, before] if before else [view]
    matcher = inquiry.matcher
    title = inquiry.views.title_stems(view.passage.document_id)
    told = {
        term.stem: term.stem in title or any(matcher.match(term, one) >= SYNONYM for one in views)
        for term in matcher.terms
    }
    names = inquiry.named | matcher.actors_of.keys()
    named = names & told.keys()
    deeds = predicate(inquiry) & {term.stem for term in matcher.terms if term.weight > LIGHT}
    weights = [term.weight for term in matcher.terms]
    return (
        all(told[stem] for stem in named)
        and sum(told[stem] for stem in deeds) >= SAID * len(deeds)
        and share(weights, [float(told[term.stem]) for term in matcher.terms]) >= SAID
    )


RULES: dict[AnswerType, Callable[[Inquiry, SentenceView], Short | None]] = {
    AnswerType.WHEN: _date,
    AnswerType.NUMBER: _number,
    AnswerType.YES_NO: settled,
}
