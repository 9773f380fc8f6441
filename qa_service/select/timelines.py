"""Dated sentences about a topic, in order of time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from qa_service.domain.annotation import Event, EventRole
from qa_service.domain.answer import RefusalReason
from qa_service.domain.evidence import Check, Findings, Moment
from qa_service.domain.question import Window
from qa_service.select.inquiry import Inquiry
from qa_service.select.refusing import refusal
from qa_service.select.topics import SURE, Topic
from qa_service.select.views import SentenceView

MOST = 12
SECTION = 0.6  # a heading that covers so much of the topic stands for its whole section
SECTION_EVENTS = 3
MORE = 0.1  # by so much a heading has to cover more of the topic than the title over it
FEW = 8  # events: a window that leaves no more of the best document needs no other filter
TOUCHING = 0.5  # but so many of them have to stand beside words of the topic
ENDPOINTS = re.compile(
    r"\b(?:from|between|starting with|beginning with) (?P<first>[^?,]{3,80}?) (?:up to|to|until|till|through|and) (?P<last>[^?]{3,80})",
    re.IGNORECASE,
)

Dated = tuple[Event, SentenceView]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a timeline is about: a topic, days to stay within, documents to stay in (all when empty)."""

    topic: Topic
    window: Window | None
    documents: frozenset[str] = frozenset()

    def holds(self, event: Event, view: SentenceView) -> bool:
        """Whether an event lies within the days and documents."""
        inside = self.window is None or self.window.meets(event.first, event.last)
        return inside and (not self.documents or view.passage.document_id in self.documents)


def timeline(inquiry: Inquiry) -> Findings:
    """The events of the topic in the window, oldest first."""
    every = _dated(inquiry)
    scope = _scope(inquiry, every)
    dated = [item for item in every if scope.holds(*item)]
    chosen = _section(dated, scope) or _few(inquiry, dated, scope) or _about(dated, scope.topic)
    return _findings(inquiry, chosen, scope.topic, MOST)


def events(inquiry: Inquiry, most: int) -> Findings:
    """The same for a topic and a window that were given as such: neither is read loosely."""
    every = _dated(inquiry)
    scope = _scope(inquiry, every)
    if inquiry.question.terms and not scope.topic.terms:
        unknown = tuple(term.stem for term in inquiry.question.terms)
        check = Check(name="topic_words", figures=(("missing", unknown),))
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS, check, unknown)
    dated = [item for item in every if scope.holds(*item)]
    return _findings(inquiry, _section(dated, scope) or _about(dated, scope.topic), scope.topic, most)


def _findings(inquiry: Inquiry, chosen: Sequence[Dated], topic: Topic, most: int) -> Findings:
    if not chosen:
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS, Check(name="dated_sentences"))
    moments = _moments(inquiry, _nearest(chosen, topic, most))
    return Findings(evidence=tuple(moment.evidence for moment in moments), moments=moments)


def _dated(inquiry: Inquiry) -> list[Dated]:
    told = [
        (document, event)
        for document in inquiry.read
        for event in inquiry.edition.annotations[document].events
        if event.role in (EventRole.EVENT, EventRole.BOUND)
    ]
    return list(inquiry.viewed(told))


def _scope(inquiry: Inquiry, dated: Sequence[Dated]) -> Scope:
    """The question's words and days; ends told as events ("from the coup to the invasion") become days.

    Where these are all that it says, it is about the documents that tell them.
    """
    question, window = inquiry.question, inquiry.question.window
    match = ENDPOINTS.search(question.core)
    ends: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    if match:
        ends = inquiry.views.stems(match["first"]) | inquiry.views.stems(match["last"])
    if window is None and match:
        first, last = (_event_of(inquiry, dated, match[name]) for name in ("first", "last"))
        if first and last and last[0].last < first[0].first:
            last = None
        told = frozenset(view.passage.document_id for _, view in filter(None, (first, last)))
        if told:
            window = Window(first=first[0].first if first else None, last=last[0].last if last else None)
        else:
            ends = frozenset()
    terms = tuple(
        term
        for term in question.terms
        if term.stem not in ends and term.stem not in question.numbers and inquiry.says(term, SURE)
    )
    return Scope(Topic(inquiry, terms), window, frozenset() if terms else told)


def _event_of(inquiry: Inquiry, dated: Sequence[Dated], words: str) -> Dated | None:
    """The dated event that some words name; None when no sentence holds most of them, by weight."""
    stems = inquiry.views.stems(words)
    named = Topic(inquiry, tuple(term for term in inquiry.matcher.terms if term.stem in stems))
    said = [
        (named.said(view), -number)
        for number, (event, view) in enumerate(dated)
        if event.role is EventRole.EVENT
    ]
    best = max(said, default=(0.0, 0))
    return dated[-best[1]] if named.terms and best[0] >= SURE else None


def _section(dated: Sequence[Dated], scope: Scope) -> list[Dated]:
    """The dated sentences under a heading that is about the topic, and more so than the title over it.

    One word is little to know a heading by where days are asked for, too.
    """
    topic = scope.topic
    if len(topic.terms) < (1 if scope.window is None else 2):
        return []
    views = topic.inquiry.views
    for (document, heading), group in groupby(
        dated, key=lambda item: (item[1].passage.document_id, item[1].passage.section)
    ):
        members = [item for item in group if item[0].role is EventRole.EVENT]
        least = max(SECTION, topic.covered(views.title_stems(document)) + MORE)
        if len(members) >= SECTION_EVENTS and topic.covered(views.stems(heading or "")) >= least:
            return members
    return []


def _few(inquiry: Inquiry, dated: Sequence[Dated], scope: Scope) -> list[Dated]:
    """All events of the window in the document that matches best, when they are few and most touch the topic."""
    if scope.window is None or not inquiry.documents:
        return []
    best = inquiry.documents[0]
    found = [
        item for item in dated if item[1].passage.document_id == best and item[0].role is EventRole.EVENT
    ]
    if len({event.start for event, _ in found}) > FEW:
        return []
    touching = sum(scope.topic.touches(view) for _, view in found)
    return found if touching >= TOUCHING * len(found) else []


def _about(dated: Sequence[Dated], topic: Topic) -> list[Dated]:
    return [(event, view) for event, view in dated if topic.is_of(event, view)]


def _nearest(chosen: Sequence[Dated], topic: Topic, most: int) -> list[Dated]:
    """One event a sentence, ``most`` at most: first those of documents about the topic, then who says most of it."""
    first: dict[tuple[str, int], Dated] = {}
    for event, view in chosen:
        first.setdefault((view.passage.document_id, view.sentence.start), (event, view))
    if len(first) <= most:
        return list(first.values())

    def nearness(item: Dated) -> tuple[bool, float]:
        _, view = item
        return view.passage.document_id not in topic.documents, -topic.said(view)

    return sorted(first.values(), key=nearness)[:most]


def _moments(inquiry: Inquiry, chosen: Sequence[Dated]) -> tuple[Moment, ...]:
    """Oldest first; equal dates in text order."""
    ordered = sorted(chosen, key=lambda item: (item[0].first, item[0].last, item[0].start))
    return tuple(Moment(evidence=inquiry.evidence(view), event=event) for event, view in ordered)
