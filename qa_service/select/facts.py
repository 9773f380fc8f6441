"""Who, when, where, how many, why, yes or no: the sentence that says so, and the few words that answer."""

import math
import re

from qa_service.domain.annotation import DefinitionKind
from qa_service.domain.answer import RefusalReason
from qa_service.domain.evidence import Check, Evidence, Findings, Short
from qa_service.domain.question import AnswerType
from qa_service.select.answer_types import new_names, verdict
from qa_service.select.counting import counts_asked
from qa_service.select.days import of_its_days
from qa_service.select.doers import anothers, done_at_all, only_wanted
from qa_service.select.foreign import lower_rank
from qa_service.select.inquiry import Inquiry, leans
from qa_service.select.listing import announced
from qa_service.select.predicates import deed, done, office
from qa_service.select.premises import contradiction, tells
from qa_service.select.quantities import SPAN_ASKED
from qa_service.select.ranking import REACH, Ranked
from qa_service.select.refusing import CLEAR, coverage, gap, refusal
from qa_service.select.shorts import short
from qa_service.select.views import SentenceView

SURE = 0.9  # chance that the answer is among the sentences shown
MOST = 4  # sentences of an answer
NEEDS_TYPE = frozenset({AnswerType.WHEN, AnswerType.NUMBER, AnswerType.WHO, AnswerType.WHERE})
PLAIN_TYPES = frozenset({AnswerType.WHEN, AnswerType.NUMBER})  # a sentence without a day tells no day
DONE = frozenset(
    {
        AnswerType.REASON,
        AnswerType.WHEN,
        AnswerType.WHERE,
        AnswerType.NUMBER,
        AnswerType.WHO,
        AnswerType.YES_NO,
    }
)
NEARLY_ALL = 0.85  # coverage
NEARLY_SAID = {
    AnswerType.WHERE: 0.6,  # places are often told without a name ("in committee", "on the surface")
    AnswerType.WHO: 0.7,  # so are groups ("students thronged")
}
NAMED_TYPE = re.compile(
    r"\b(?:what|which) (?:city|country|year|month|date|day|company|firm|person|president)\b", re.IGNORECASE
)
# "In which city …": a name elsewhere in the sentence is not the place.
WHERE_OF = re.compile(r"\b(?:in|at|from|to|near|of|on) $", re.IGNORECASE)
ORIGIN = re.compile(
    r"\bwhere (?:do|does|did) (?:the )?(?:\w+ )?(?:term|name|word|phrase|expression|saying|idiom|nickname"
    r"|slogan|title|idea|concept)\b",
    re.IGNORECASE,
)
DEFINES = {kind: bonus for bonus, kind in zip((3.0, 2.8, 2.6, 2.4, 2.2, 2.0), DefinitionKind, strict=True)}


def fact(inquiry: Inquiry) -> Findings:
    """The best sentence, with others only when they are nearly as good."""
    denial = contradiction(inquiry)
    if denial:
        return Findings(evidence=(denial,), short=Short(verdict="otherwise"))
    ranked = [one for one in of_its_days(inquiry, inquiry.ranked) if not lower_rank(inquiry, one.view)]
    ranked = [one for one in ranked if tells(inquiry, one.view) is not False] or ranked
    ranked = done_at_all(inquiry, ranked)
    refused = gap(inquiry, ranked[0] if ranked else None)
    if refused:
        return refused
    chosen = _typed_first(inquiry, ranked)
    if chosen is None:
        return refusal(inquiry, RefusalReason.NEAR_MISS, _type_check(inquiry))
    if inquiry.question.answer_type in DONE and not _says_it_was_done(inquiry, chosen.view):
        check = Check(name="predicate", figures=(("said", tuple(sorted(deed(inquiry) or office(inquiry)))),))
        return refusal(inquiry, RefusalReason.NEAR_MISS, check)
    return _found(inquiry, chosen, [one for one in ranked if one is not chosen])


def _says_it_was_done(inquiry: Inquiry, view: SentenceView) -> bool:
    return done(inquiry, view) and not anothers(inquiry, view) and not only_wanted(inquiry, view)


def _type_check(inquiry: Inquiry) -> Check:
    wanted = inquiry.question.answer_type
    return Check(name="answer_type", figures=(("wanted", wanted.value if wanted else ""), ("reach", REACH)))


def _typed_first(inquiry: Inquiry, ranked: list[Ranked]) -> Ranked | None:
    """The best sentence that holds the answer's type; None when the type is needed and not near."""
    if inquiry.question.answer_type not in NEEDS_TYPE:
        return ranked[0]
    near = [one for one in ranked if one.score >= ranked[0].score - REACH]
    if inquiry.question.answer_type is AnswerType.NUMBER:
        found = next((one for one in near if counts_asked(inquiry, one.view)), None)
        likely = near[:1] if not SPAN_ASKED.search(inquiry.question.core) else []
        return found or next(
            (one for one in likely if one.typed > 0 and _says_nearly_all(inquiry, one)), None
        )
    typed = [one for one in near if one.typed > 0 or _typed_before(inquiry, one)]
    if inquiry.question.answer_type is AnswerType.WHERE:  # nearly every sentence tells of some place
        told = next((one for one in typed if done(inquiry, one.view)), None)
    else:
        told = next((one for one in typed if tells(inquiry, one.view)), None) or next(iter(typed), None)
    return told or _untyped(inquiry, near) or next(iter(typed), None)


def _untyped(inquiry: Inquiry, near: list[Ranked]) -> Ranked | None:
    """The best sentence when it likely holds the answer in words that do not show its type."""
    if _says_nearly_all(inquiry, near[0]):
        return near[0]
    if inquiry.question.answer_type is not AnswerType.WHERE:
        return None
    asked = NAMED_TYPE.search(inquiry.question.core)
    if asked and WHERE_OF.search(inquiry.question.core, 0, asked.start()):
        return None
    clear = [one for one in near if one.typed == 0 and one.score >= CLEAR]
    return next((one for one in clear if not asked or new_names(inquiry.question, one.view)), None)


def _typed_before(inquiry: Inquiry, one: Ranked) -> bool:
    """Whether a sentence that leans on the one before it finds the answer's type there."""
    before = inquiry.before(one.view)
    return leans(one.view) and before is not None and verdict(inquiry.question, before) > 0


def _says_nearly_all(inquiry: Inquiry, one: Ranked) -> bool:
    """Whether a sentence holds so much of the question that the answer is likely in it, typed or not.

    Not for a question that names the type: "in which city" wants a city.
    """
    if NAMED_TYPE.search(inquiry.question.core):
        return False
    if ORIGIN.search(inquiry.question.core):
        return True
    wanted = inquiry.question.answer_type
    enough = NEARLY_SAID.get(wanted, NEARLY_ALL) if wanted else NEARLY_ALL
    return coverage(inquiry, [one.view], title=False, borrowed=False) >= enough


def _found(inquiry: Inquiry, chosen: Ranked, others: list[Ranked]) -> Findings:
    hinted = inquiry.question.answer_type is AnswerType.REASON and chosen.typed < 1
    plain = inquiry.question.answer_type in PLAIN_TYPES
    if tells(inquiry, chosen.view):
        others = [one for one in others if tells(inquiry, one.view)]
    shown = likeliest(chosen, [one for one in others if one.typed >= chosen.typed or not plain])
    shown = shown[:2] if hinted else shown  # without "because", with the one beside it
    listed = announced(inquiry, chosen.view)
    if listed:
        return Findings(evidence=tuple(inquiry.evidence(view) for view in (chosen.view, *listed[: MOST - 1])))
    evidence = distinct([inquiry.evidence(one.view, score=one.score) for one in shown])
    return Findings(evidence=evidence, short=short(inquiry, chosen.view))


def likeliest(chosen: Ranked, others: list[Ranked]) -> list[Ranked]:
    """The sentence chosen and as many of the others, best first, as make the answer SURE to be among them.

    Scores are log odds (`ranking`): their softmax is the chance of each, measured within three points.
    """
    best = max(one.score for one in (chosen, *others))
    chances = [math.exp(one.score - best) for one in (chosen, *others)]
    wanted, told, shown = SURE * sum(chances), 0.0, []
    for one, chance in zip((chosen, *others), chances, strict=True):
        shown.append(one)
        told += chance
        if told >= wanted or len(shown) == MOST:
            break
    return shown


def distinct(evidence: list[Evidence]) -> tuple[Evidence, ...]:
    """Evidence without spans that lie inside another of the same document; the larger takes the place."""
    kept: list[Evidence] = []
    for one in evidence:
        if any(_inside(one, other) for other in kept):
            continue
        place = next((n for n, other in enumerate(kept) if _inside(other, one)), len(kept))
        kept = [*kept[:place], one, *(other for other in kept[place:] if not _inside(other, one))]
    return tuple(kept)


def _inside(one: Evidence, other: Evidence) -> bool:
    same = one.passage.document_id == other.passage.document_id
    return same and other.start <= one.start and one.end <= other.end


def definition(inquiry: Inquiry) -> Findings:
    """The sentence that defines the term; else the one that says most about it."""
    term = inquiry.views.stems(inquiry.question.defined or "")
    if not term:
        return fact(inquiry)
    defining = _defining(inquiry, term)
    if defining:
        best = max(defining, key=lambda key: (defining[key], -key[1]))
        return Findings(evidence=(inquiry.evidence(inquiry.view(*best)),))
    ranked = [one for one in inquiry.ranked if term & one.view.stems] or inquiry.ranked
    refused = gap(inquiry, ranked[0] if ranked else None)
    return refused or _found(inquiry, ranked[0], [])


def _defining(inquiry: Inquiry, term: frozenset[str]) -> dict[tuple[str, int], float]:
    """Sentences that define the term, by document and start, with their bonus."""
    found: dict[tuple[str, int], float] = {}
    for document in inquiry.read:
        for one in inquiry.edition.annotations[document].definitions:
            stems = inquiry.views.stems(one.term)
            expansion = inquiry.views.stems(one.expansion or "")
            if term == stems or (expansion and term == expansion) or (len(term) > 1 and term <= stems):
                key = (document, one.start)
                found[key] = max(found.get(key, 0.0), DEFINES[one.kind])
    return found
