"""Dated sentences about a topic, in order of time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from qa_service.domain.annotation import Event, EventRole
from qa_service.domain.answer import RefusalReason
from qa_service.domain.evidence import Check, Findings, Moment
from qa_service.domain.question import Term, Window
from qa_service.select.inquiry import Inquiry
from qa_service.select.matching import share
from qa_service.select.refusing import refusal
from qa_service.select.views import SentenceView

MOST = 12
SECTION = 0.6  # a heading that covers so much of the topic stands for its whole section
SECTION_EVENTS = 3
FEW = 8  # events: a window that leaves no more of the best document needs no other filter
SURE = 0.6  # match: the same word, root, actor or meaning, not only its first letters
# Nouns for "what went on": beside a word of the title they say "all of it".
PROCESSES = frozenset(
    "process negotiation talk initiative effort dialogue development event history war conflict crisis program programme".split()
)
ENDPOINTS = re.compile(
    r"\b(?:from|between|starting with|beginning with) (?P<first>[^?,]{3,80}?) (?:up to|to|until|till|through|and) (?P<last>[^?]{3,80})",
    re.IGNORECASE,
)

Dated = tuple[Event, SentenceView]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a timeline is about: words to find, and days to stay within."""

    topic: tuple[Term, ...]
    window: Window | None


def timeline(inquiry: Inquiry) -> Findings:
    """The events of the topic in the window, oldest first."""
    every = _dated(inquiry)
    scope = _scope(inquiry, every)
    dated = [item for item in every if _inside(item[0], scope.window)]
    chosen = _section(inquiry, dated, scope) or _few(inquiry, dated, scope) or _about(inquiry, dated, scope)
    return _findings(inquiry, chosen, MOST)


def events(inquiry: Inquiry, most: int) -> Findings:
    """The same for a topic and a window that were given as such: neither is read loosely."""
    every = _dated(inquiry)
    scope = _scope(inquiry, every)
    if inquiry.question.terms and not scope.topic:
        unknown = tuple(term.stem for term in inquiry.question.terms)
        check = Check(name="topic_words", figures=(("missing", unknown),))
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS, check, unknown)
    dated = [item for item in every if _inside(item[0], scope.window)]
    return _findings(inquiry, _section(inquiry, dated, scope) or _about(inquiry, dated, scope), most)


def _findings(inquiry: Inquiry, chosen: Sequence[Dated], most: int) -> Findings:
    if not chosen:
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS, Check(name="dated_sentences"))
    moments = _moments(inquiry, chosen)[:most]
    return Findings(evidence=tuple(moment.evidence for moment in moments), moments=moments)


def _dated(inquiry: Inquiry) -> list[Dated]:
    told = [
        (document, event)
        for document in inquiry.documents
        for event in inquiry.edition.annotations[document].events
        if event.role in (EventRole.EVENT, EventRole.BOUND)
    ]
    return list(inquiry.viewed(told))


def _scope(inquiry: Inquiry, dated: Sequence[Dated]) -> Scope:
    """The question's words and days; ends told as events ("from the coup to the invasion") become days."""
    window = inquiry.question.window
    ends: set[str] = set()
    match = ENDPOINTS.search(inquiry.question.core)
    if window is None and match:
        first, last = (_event_of(inquiry, dated, match[name]) for name in ("first", "last"))
        if first and last and last.last < first.first:
            last = None
        if first or last:
            window = Window(first=first.first if first else None, last=last.last if last else None)
            ends = set(inquiry.views.stems(match["first"]) | inquiry.views.stems(match["last"]))
    elif match:
        ends = set(inquiry.views.stems(match["first"]) | inquiry.views.stems(match["last"]))
    numbers = inquiry.question.numbers
    topic = tuple(
        term
        for term in inquiry.question.terms
        if term.stem not in ends and term.stem not in numbers and _known(inquiry, term)
    )
    return Scope(topic=topic, window=window)


def _known(inquiry: Inquiry, term: Term) -> bool:
    return inquiry.says(term, SURE)


def _event_of(inquiry: Inquiry, dated: Sequence[Dated], words: str) -> Event | None:
    """The dated event that some words name; None when no sentence holds most of them, by weight."""
    stems = inquiry.views.stems(words)
    terms = tuple(term for term in inquiry.matcher.terms if term.stem in stems)
    weights = _weights(inquiry, terms)
    scored = [
        (share(weights, inquiry.matcher.matches(terms, view)), -number)
        for number, (event, view) in enumerate(dated)
        if event.role is EventRole.EVENT
    ]
    best = max(scored, default=(0.0, 0))
    return dated[-best[1]][0] if terms and best[0] >= SURE else None


def _inside(event: Event, window: Window | None) -> bool:
    if window is None:
        return True
    return (window.first is None or event.last >= window.first) and (
        window.last is None or event.first <= window.last
    )


def _section(inquiry: Inquiry, dated: Sequence[Dated], scope: Scope) -> list[Dated]:
    """The dated sentences under a heading that is about the topic."""
    if len(scope.topic) < 2:
        return []
    for (_, heading), group in groupby(
        dated, key=lambda item: (item[1].passage.document_id, item[1].passage.section)
    ):
        members = [item for item in group if item[0].role is EventRole.EVENT]
        stems = inquiry.views.stems(heading or "")
        covered = share(
            _weights(inquiry, scope.topic), [1.0 if term.stem in stems else 0.0 for term in scope.topic]
        )
        if covered >= SECTION and len(members) >= SECTION_EVENTS:
            return members
    return []


def _weights(inquiry: Inquiry, topic: Sequence[Term]) -> list[float]:
    matcher = inquiry.matcher
    return [weight for term, weight in zip(matcher.terms, matcher.weights, strict=True) if term in topic]


def _few(inquiry: Inquiry, dated: Sequence[Dated], scope: Scope) -> list[Dated]:
    """All events of the window in the document that matches best, when they are few."""
    if scope.window is None or not inquiry.documents:
        return []
    best = inquiry.documents[0]
    found = [
        item for item in dated if item[1].passage.document_id == best and item[0].role is EventRole.EVENT
    ]
    sentences = {item[0].start for item in found}
    return found if len(sentences) <= FEW else []


def _about(inquiry: Inquiry, dated: Sequence[Dated], scope: Scope) -> list[Dated]:
    """Dated sentences that hold a word of the topic, or share a paragraph with two of them."""
    return [(event, view) for event, view in dated if _concerns(inquiry, event, view, scope.topic)]


def _concerns(inquiry: Inquiry, event: Event, view: SentenceView, topic: Sequence[Term]) -> bool:
    title = {token.stem for token in inquiry.views.title(view.passage.document_id)}
    own = [term for term in topic if term.stem not in title]
    told_by_title = len(own) < len(topic) and all(term.stem in PROCESSES for term in own)
    if told_by_title or not topic:
        return event.role is EventRole.EVENT  # the whole document is about it
    here = sum(match >= SURE for match in inquiry.matcher.matches(topic, view))
    if event.role is EventRole.BOUND:
        return here >= min(2, len(topic))
    if here:
        return True
    rows = [
        inquiry.matcher.matches(own, other)
        for other in inquiry.views.of(view.passage)
        if other.sentence.block == view.sentence.block
    ]
    near = sum(any(match >= SURE for match in column) for column in zip(*rows, strict=True))
    return near > 1


def _moments(inquiry: Inquiry, chosen: Sequence[Dated]) -> tuple[Moment, ...]:
    """One moment a sentence, oldest first; equal dates in text order."""
    first: dict[tuple[str, int], Dated] = {}
    for event, view in chosen:
        first.setdefault((view.passage.document_id, view.sentence.start), (event, view))
    ordered = sorted(first.values(), key=lambda item: (item[0].first, item[0].last, item[0].start))
    return tuple(Moment(evidence=inquiry.evidence(view), event=event) for event, view in ordered)
