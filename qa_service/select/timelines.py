"""Dated sentences about a topic, in order of time."""

from itertools import groupby

from qa_service.domain.annotation import Event, EventRole
from qa_service.domain.answer import RefusalReason
from qa_service.domain.evidence import Findings, Moment
from qa_service.domain.question import Term, Window
from qa_service.select.inquiry import Inquiry
from qa_service.select.matching import best, share
from qa_service.select.refusing import refusal
from qa_service.select.views import SentenceView

MOST = 12
ABOUT = 0.4  # weighted share of the topic that a sentence with its paragraph has to cover
SECTION = 0.6  # a heading that covers so much of the topic stands for its whole section
SECTION_EVENTS = 3

Dated = tuple[Event, SentenceView]


def timeline(inquiry: Inquiry) -> Findings:
    """The events of the topic in the window, oldest first."""
    topic = _topic(inquiry)
    dated = [item for item in _dated(inquiry) if _inside(item[0], inquiry.question.window)]
    if not dated:
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS)
    chosen = _section(inquiry, dated, topic) or _about(inquiry, dated, topic)
    if not chosen:
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS)
    moments = _moments(inquiry, chosen)
    return Findings(evidence=tuple(moment.evidence for moment in moments), moments=moments)


def _topic(inquiry: Inquiry) -> tuple[Term, ...]:
    """The question's words that the documents hold, without dates; none when the titles say it all."""
    known = tuple(
        term
        for term in inquiry.question.terms
        if term.stem not in inquiry.question.numbers
        and any(inquiry.matcher.match(term, view) > 0.4 for view in inquiry.sentences.values())
    )
    titles = {token.stem for document in inquiry.documents for token in inquiry.views.title(document.id)}
    return () if all(term.stem in titles for term in known) else known


def _dated(inquiry: Inquiry) -> list[Dated]:
    found: list[Dated] = []
    for document in inquiry.documents:
        for event in inquiry.edition.annotations[document.id].events:
            view = inquiry.sentences.get((document.id, event.start))
            if view is not None and event.role in (EventRole.EVENT, EventRole.BOUND):
                found.append((event, view))
    return found


def _inside(event: Event, window: Window | None) -> bool:
    if window is None:
        return True
    return (window.first is None or event.last >= window.first) and (
        window.last is None or event.first <= window.last
    )


def _section(inquiry: Inquiry, dated: list[Dated], topic: tuple[Term, ...]) -> list[Dated]:
    """The dated sentences under a heading that is about the topic."""
    if len(topic) < 2:
        return []
    by_section = groupby(dated, key=lambda item: (item[1].passage.document_id, item[1].passage.section))
    for (_, heading), group in by_section:
        members = list(group)
        stems = inquiry.views.stems(heading or "")
        covered = share(_weights(inquiry, topic), [1.0 if term.stem in stems else 0.0 for term in topic])
        if covered >= SECTION and len(members) >= SECTION_EVENTS:
            return [item for item in members if item[0].role is EventRole.EVENT]
    return []


def _weights(inquiry: Inquiry, topic: tuple[Term, ...]) -> list[float]:
    matcher = inquiry.matcher
    return [weight for term, weight in zip(matcher.terms, matcher.weights, strict=True) if term in topic]


def _about(inquiry: Inquiry, dated: list[Dated], topic: tuple[Term, ...]) -> list[Dated]:
    """Dated sentences that, with their paragraph and heading, cover the topic."""
    if not topic:
        return [item for item in dated if item[0].role is EventRole.EVENT]
    weights = _weights(inquiry, topic)
    scored = [(share(weights, _row(inquiry, view, topic)), event, view) for event, view in dated]
    return [
        (event, view)
        for score, event, view in scored
        if score >= ABOUT + (0.2 if event.role is EventRole.BOUND else 0.0)
    ]


def _row(inquiry: Inquiry, view: SentenceView, topic: tuple[Term, ...]) -> tuple[float, ...]:
    """Matches in the sentence count whole, those elsewhere in its paragraph or heading three quarters."""
    around = [
        other
        for other in inquiry.views.of(view.passage)
        if other.sentence.block == view.sentence.block or not other.is_text
    ]
    own = [inquiry.matcher.match(term, view) for term in topic]
    near = best([[inquiry.matcher.match(term, other) for term in topic] for other in around], len(topic))
    return tuple(max(mine, 0.75 * theirs) for mine, theirs in zip(own, near, strict=True))


def _moments(inquiry: Inquiry, chosen: list[Dated]) -> tuple[Moment, ...]:
    """One moment a sentence, oldest first; equal dates in text order."""
    first: dict[tuple[str, int], Dated] = {}
    for event, view in chosen:
        first.setdefault((view.passage.document_id, view.sentence.start), (event, view))
    ordered = sorted(first.values(), key=lambda item: (item[0].first, item[0].last, item[0].start))[:MOST]
    return tuple(Moment(evidence=inquiry.evidence(view), event=event) for event, view in ordered)
