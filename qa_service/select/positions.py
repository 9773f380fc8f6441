"""What one actor holds about an issue, or what the author proposes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial

from qa_service.domain.annotation import Mention, Position, PositionKind
from qa_service.domain.answer import RefusalReason
from qa_service.domain.evidence import Check, Evidence, Findings
from qa_service.domain.question import AnswerType, Term
from qa_service.select.answer_types import PLACE_BEFORE
from qa_service.select.facts import distinct, fact
from qa_service.select.inquiry import Inquiry
from qa_service.select.matching import share
from qa_service.select.refusing import gap, refusal
from qa_service.select.summaries import authors_of
from qa_service.select.views import SentenceView

MOST = 3
CLOSE = 0.75  # of the best score: positions at least so near are shown with it
ADVISES = re.compile(
    r"\b(?:should|ought to|would do well|offers? the (?:most|best|only)|is best|are best|recommends?|proposes?"
    r"|suggests?|the way forward|the (?:only|best) way|solution|viable"
    r"|(?:we|I) (?:ask|call|urge|propose|demand|appeal|recommend)|let us)\b",
    re.IGNORECASE,
)
PROPOSES = re.compile(
    r"\b(?:propos\w+|recommend\w*|suggest\w*|advis\w+|urg\w+|demand\w*|want\w*|call(?:s|ed)? for|ask\w*)\b",
    re.IGNORECASE,
)
REQUIRES = re.compile(r"\b(?:needs? to|must)\b", re.IGNORECASE)  # advice, or only how things are
REFERS = re.compile(
    r"\b(?:it|this|that|these|those|such|them|either|both|the (?:move|plan|proposal|idea|demand))\b",
    re.IGNORECASE,
)
HALF = 0.5
POINTS_BACK = 0.8  # of the topic of the sentence before, for one that refers to it
LATE = 0.4  # the weight of the place in the text
ABOUT = 0.25  # share of the topic that a position has to be about
OPENING = 6  # words: a holder named so early is the one who acts
ACCUSES = re.compile(r"\b(?:accus(?:e|es|ed|ing)|alleg(?:e|es|ed|ing))\b", re.IGNORECASE)
HELD = frozenset(PositionKind) - {PositionKind.ACT}


def position(inquiry: Inquiry) -> Findings:
    """The asked actor's sentences about the topic, best first; nobody else's words stand in for them."""
    if inquiry.question.answer_type is AnswerType.ADVICE:
        return advice(inquiry)
    holders = holders_of(inquiry)
    if not holders:
        return advice(inquiry) if _asks_author(inquiry) else fact(inquiry)
    found = held_by(inquiry, holders, topic_of(inquiry, holders))
    if not found and ACCUSES.search(inquiry.question.core):
        return _silent(inquiry, holders)
    if not found:
        return _told_otherwise(inquiry, holders)
    best = found[0].score
    close = [one for one in found if one.score >= CLOSE * best][:MOST]
    return Findings(evidence=distinct(quoted(inquiry, close)), actors=holders[:1])


def _asks_author(inquiry: Inquiry) -> bool:
    """Whether it is asked what somebody proposes who wrote or spoke the text that was found."""
    named = inquiry.named
    if not named or not inquiry.documents or not PROPOSES.search(inquiry.question.core):
        return False
    return named <= authors_of(inquiry, inquiry.documents[0])


def holders_of(inquiry: Inquiry) -> tuple[str, ...]:
    """Whose position is asked: the first actor named, or the names that hold something in the text."""
    question = inquiry.question
    if question.actors and not question.names:
        return question.actors[:1]
    asked = inquiry.named
    held: dict[str, None] = {}
    for actor in inquiry.holders:
        if inquiry.views.stems(actor) & asked or actor in question.actors[:1]:
            held[actor] = None
    return tuple(held) or question.actors[:1]


def topic_of(inquiry: Inquiry, holders: Iterable[str]) -> tuple[Term, ...]:
    """The question's terms without those that name the holders."""
    own = {stem for actor in holders for stem in inquiry.views.stems(actor)}
    for actor in holders:
        own |= {stem for stem, actors in inquiry.matcher.actors_of.items() if actor in actors}
    return tuple(term for term in inquiry.question.terms if term.stem not in own)


@dataclass(frozen=True, slots=True)
class Held:
    """A sentence that says what ``speaker`` holds, and how much of the topic it covers."""

    score: float
    view: SentenceView
    speaker: str


def held_by(inquiry: Inquiry, holders: Iterable[str], topic: tuple[Term, ...]) -> list[Held]:
    """What the holders hold about the topic, best first; all of it when there is no topic."""
    wanted = set(holders)
    found = [
        (topic_score(inquiry, one, view, topic), one, view)
        for one, view in (inquiry.positions(wanted) if wanted else ())
    ]
    accused = bool(ACCUSES.search(inquiry.question.core))
    enough = (0.01 if accused else ABOUT) if topic else 0.0  # all accusations are asked for, not the nearest
    kept = [
        (score + 0.25 * (one.kind in HELD), one, view)
        for score, one, view in found
        if score >= enough and (one.kind is PositionKind.ALLEGATION or not accused)
    ]
    kept.sort(key=lambda item: -item[0])
    return [Held(score, view, speaker(one, wanted)) for score, one, view in kept]


def quoted(inquiry: Inquiry, held: Iterable[Held]) -> list[Evidence]:
    """The sentences as evidence."""
    return [inquiry.evidence(one.view, speaker=one.speaker, score=one.score) for one in held]


def speaker(one: Position, wanted: set[str]) -> str:
    """Whose words these are, by canonical name; the asked actor when a sentence has several."""
    return next((actor for actor in one.actors if actor in wanted), one.actors[0])


def topic_score(inquiry: Inquiry, one: Position, view: SentenceView, topic: tuple[Term, ...]) -> float:
    """The weighted share of the topic in the sentence, with a little credit for the one before it."""
    if not topic:
        return 1.0
    matcher = inquiry.matcher
    topic = beyond_title(inquiry, topic, view.passage.document_id)
    if not topic:
        return 1.0
    weights = matcher.weights_of(topic)
    own = share(weights, matcher.matches(topic, view))
    before = inquiry.before(view)
    near = share(weights, matcher.matches(topic, before)) if before else 0.0
    if not own:
        return POINTS_BACK * near if near >= HALF and REFERS.search(view.text) else 0.0
    return own + 0.3 * max(0.0, near - own)


def beyond_title(inquiry: Inquiry, topic: tuple[Term, ...], document_id: str) -> tuple[Term, ...]:
    """The topic without the words of the title: the whole document is about those."""
    title = inquiry.views.title_stems(document_id)
    return tuple(term for term in topic if term.stem not in title)


def _told_otherwise(inquiry: Inquiry, holders: tuple[str, ...]) -> Findings:
    """A sentence that opens with the holder and covers the question, though no stance word marks it."""
    ranked = [one for one in inquiry.ranked if _opens_with(inquiry, one.view, holders)]
    topic = topic_of(inquiry, holders)
    best = next((one for one in ranked if covers(inquiry, one.view, topic) >= 0.5), None)
    if best is None:
        return _silent(inquiry, holders)
    return gap(inquiry, best) or Findings(evidence=(inquiry.evidence(best.view, score=best.score),))


def _silent(inquiry: Inquiry, holders: tuple[str, ...]) -> Findings:
    check = Check(name="position_held", figures=(("actor", holders[:1]),))
    return refusal(inquiry, RefusalReason.NEAR_MISS, check, holders[:1])


def _opens_with(inquiry: Inquiry, view: SentenceView, holders: tuple[str, ...]) -> bool:
    """Whether one of the holders is named where a sentence names who acts, and nobody before."""
    mentions = inquiry.views.mentions(view)
    if mentions and (mentions[0].actor not in holders or _spoken_of(view, mentions[0])):
        return False
    opening = {token.stem for token in view.tokens[:OPENING] if token.content}
    for holder in holders:
        named = {stem for stem, actors in inquiry.matcher.actors_of.items() if holder in actors}
        if opening & (named or inquiry.views.stems(holder)):
            return True
    return False


def _spoken_of(view: SentenceView, mention: Mention) -> bool:
    """ "Imports from Finland …": Finland does nothing there."""
    before = view.text[: max(mention.start - view.sentence.start, 0)].lower().split()
    while before and before[-1] in ("the", "a", "an"):
        before.pop()
    return bool(before) and before[-1] in PLACE_BEFORE


def covers(inquiry: Inquiry, view: SentenceView, topic: tuple[Term, ...]) -> float:
    """The share of the topic's words in the sentence."""
    weights = [term.weight for term in topic]
    return share(weights, inquiry.matcher.matches(topic, view))


def advice(inquiry: Inquiry) -> Findings:
    """What the author proposes: sentences that advise and that nobody else is said to hold."""
    authors = cache(partial(authors_of, inquiry))
    others = {
        (view.passage.id, view.ordinal)
        for one, view in inquiry.positions()
        if _anothers(inquiry, one, authors(view.passage.document_id))
    }
    views = [
        (place / max(len(inquiry.sentences), 1), view)
        for place, view in enumerate(inquiry.sentences)
        if view.is_text and (view.passage.id, view.ordinal) not in others
    ]
    found = _advising(inquiry, views, ADVISES) or _advising(inquiry, views, REQUIRES)
    if not found:
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS, Check(name="advice"))
    return Findings(evidence=tuple(inquiry.evidence(view, score=score) for score, view in found[:MOST]))


def _advising(
    inquiry: Inquiry, views: list[tuple[float, SentenceView]], words: re.Pattern[str]
) -> list[tuple[float, SentenceView]]:
    """Sentences with such words, best first; among equals the later, since advice closes a text."""
    topic = inquiry.question.terms
    found = [
        ((covers(inquiry, view, topic) if topic else 0.0) + LATE * place, view)
        for place, view in views
        if words.search(view.text)
    ]
    return sorted(found, key=lambda item: -item[0])


def _anothers(inquiry: Inquiry, one: Position, authors: frozenset[str]) -> bool:
    """Whether it is held by somebody who is none of these authors, told by the stems of their names."""
    return one.kind in HELD and not any(inquiry.views.stems(actor) <= authors for actor in one.actors)
