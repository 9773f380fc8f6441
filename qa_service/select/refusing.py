"""When the documents do not say: coverage of the question's words, and names or numbers that are foreign.

Only idf-free coverage refuses by a fixed threshold: it means the same in a store of twenty passages and of
a million, which no score does. A score never refuses, but a high one speaks for an answer whose words
differ. Measured on held-out questions (threshold .45 with both vetoes): 96 to 99 % of foreign questions
refused in one-article stores at 6 to 8 % false refusals.
"""

import re

from qa_service.domain.answer import RefusalReason
from qa_service.domain.evidence import Check, Findings
from qa_service.select.foreign import foreign_words
from qa_service.select.inquiry import Inquiry
from qa_service.select.matching import LIKE, best, share
from qa_service.select.ranking import Ranked
from qa_service.select.views import SentenceView

COVERED_ENOUGH = 0.45
CLEAR = 9.0  # score of a sentence that answers though few of the words are there
FRAME = 0.36  # weight: a question of nothing but words such as "time" and "way" asks nothing of a text
ABOUT = re.compile(r"(?:and |but |so )?(?:what about|how about)\b", re.IGNORECASE)
ROLES = frozenset(  # what things have, whatever they are
    """
    venue place location date time duration length price cost currency motive motivation reason cause trigger
    purpose aim goal objective method means weapon outcome result consequence aftermath impact effect
    background context significance role status title name theme topic rationale justification pretext
    catalyst upshot
    """.split()
)
ON_TOPIC = 0.3  # a question less covered than this by its best passage is about something else


def refusal(inquiry: Inquiry, reason: RefusalReason, check: Check, missing: tuple[str, ...] = ()) -> Findings:
    """No answer, for this reason, by this check, with what stands nearest. Nothing near is no near miss."""
    nearest = inquiry.nearest()
    if reason is RefusalReason.NEAR_MISS and not nearest:
        reason = RefusalReason.NOT_IN_CORPUS
    return Findings(reason=reason.value, missing=missing, nearest=nearest, check=check)


def gap(inquiry: Inquiry, top: Ranked | None) -> Findings | None:
    """The refusal that the question's words call for, None when the text covers them."""
    if not any(term.weight > FRAME for term in inquiry.question.terms):
        return refusal(inquiry, RefusalReason.NOT_A_QUESTION, Check(name="words"))
    if top is None:
        return refusal(inquiry, RefusalReason.OFF_TOPIC, Check(name="sentences_found"))
    unknown = unknown_own(inquiry)
    if unknown:
        check = Check(name="own_words", figures=(("missing", unknown),))
        return refusal(inquiry, RefusalReason.NOT_IN_CORPUS, check, unknown)
    foreign = foreign_words(inquiry, top)
    covered = coverage(inquiry, context(inquiry, top.view))
    if (covered >= COVERED_ENOUGH or top.score >= CLEAR) and not foreign:
        return None
    passage = coverage(inquiry, list(inquiry.views.of(top.view.passage)))
    check = _coverage_check(covered, top.score, passage, foreign)
    if passage < ON_TOPIC:
        return refusal(inquiry, RefusalReason.OFF_TOPIC, check)
    near = covered >= COVERED_ENOUGH
    return refusal(inquiry, RefusalReason.NEAR_MISS if near else RefusalReason.NOT_IN_CORPUS, check, foreign)


def _coverage_check(covered: float, score: float, passage: float, foreign: tuple[str, ...]) -> Check:
    """ "coverage" when too few words of the question are there, "foreign_words" when some are foreign."""
    return Check(
        name="foreign_words" if covered >= COVERED_ENOUGH else "coverage",
        figures=(
            ("coverage", covered),
            ("threshold", COVERED_ENOUGH),
            ("score", score),
            ("clear_score", CLEAR),
            ("passage_coverage", passage),
            ("passage_threshold", ON_TOPIC),
            ("missing", foreign),
        ),
    )


def unknown_own(inquiry: Inquiry) -> tuple[str, ...]:
    """What a follow-up asks about, when no document holds a word of it: the words of the question before it
    answer nothing then. () where it asks for something of what was spoken of ("What was the venue?").
    """
    question, own = inquiry.question, _own(inquiry)
    brought = [term for term in question.terms if term.stem in own and term.weight > FRAME]
    if len(brought) == len(question.terms) or not (question.defined or ABOUT.match(question.core)):
        return ()
    if any(inquiry.edition.sentences_with(term.stem) or inquiry.says(term, LIKE) for term in brought):
        return ()
    stems = {term.stem for term in brought}
    words = [token.word for token in inquiry.views.analysed(question.core) if token.stem in stems]
    return () if ROLES.intersection(words) else tuple(dict.fromkeys(words))


def _own(inquiry: Inquiry) -> set[str]:
    """The stems of the question's own words, also as they were corrected."""
    own = {token.stem for token in inquiry.views.analysed(inquiry.question.core)}
    return own | {known for typed, known in inquiry.question.corrections if typed in own}


def context(inquiry: Inquiry, view: SentenceView) -> list[SentenceView]:
    """A sentence, its neighbours in the passage, and the headings over it."""
    around = inquiry.views.of(view.passage)
    near = around[max(view.ordinal - 1, 0) : view.ordinal + 2]
    return [*near, *(other for other in around if not other.is_text and other not in near)]


def coverage(
    inquiry: Inquiry, views: list[SentenceView], *, title: bool = True, borrowed: bool = True
) -> float:
    """The share of the question's terms in these sentences, or the title; every word counts alike.

    Not ``borrowed``: without the words of the question before.
    """
    matcher = inquiry.matcher
    rows: list[tuple[float, ...]] = [matcher.row(view) for view in views]
    if views and title:
        named = inquiry.views.title_stems(views[0].passage.document_id)
        rows.append(tuple(1.0 if term.stem in named else 0.0 for term in matcher.terms))
    row = best(rows, len(matcher.terms))
    own = _own(inquiry)
    weights = [term.weight if borrowed or term.stem in own else 0.0 for term in matcher.terms]
    return share(weights, row)
