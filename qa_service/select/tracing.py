"""A question, what was ranked and what was found become a Trace."""

from qa_service.domain.evidence import Evidence, Findings
from qa_service.domain.question import Question, Term
from qa_service.domain.trace import Candidate, Chosen, Contribution, Correction, Trace, Understood, Winner
from qa_service.select.inquiry import Inquiry
from qa_service.select.ranking import FEATURES, Ranked

SHOWN = 10  # candidates


def traced(inquiry: Inquiry, findings: Findings) -> Trace:
    """Why these findings: the best candidates with what each feature added, and the check that refused."""
    return Trace(
        understood=_understood(inquiry.question),
        candidates=tuple(
            _candidate(inquiry, rank, one) for rank, one in enumerate(inquiry.ranked[:SHOWN], start=1)
        ),
        chosen=tuple(_chosen(one) for one in findings.evidence),
        winner=_winner(inquiry.ranked, findings.evidence[0]) if findings.evidence else None,
        refused_by=findings.check,
    )


def _understood(question: Question) -> Understood:
    return Understood(
        standalone=question.standalone,
        kind=question.kind.value,
        answer_type=question.answer_type.value if question.answer_type else None,
        actors=question.actors,
        terms=question.terms,
        names=question.names,
        numbers=question.numbers,
        corrections=tuple(Correction(typed=typed, read=read) for typed, read in question.corrections),
        defined=question.defined,
        window=question.window,
    )


def _candidate(inquiry: Inquiry, rank: int, one: Ranked) -> Candidate:
    matched = zip(inquiry.matcher.terms, one.row, strict=True)
    return Candidate(
        rank=rank,
        document_id=one.view.passage.document_id,
        passage_id=one.view.passage.id,
        start=one.view.sentence.start,
        end=one.view.sentence.end,
        text=one.view.text,
        score=one.score,
        contributions=_contributions(one.parts),
        matches=tuple(Term(stem=term.stem, weight=match) for term, match in matched if match),
    )


def _contributions(parts: tuple[float, ...]) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(feature=feature, score=part) for feature, part in zip(FEATURES, parts, strict=True)
    )


def _chosen(one: Evidence) -> Chosen:
    return Chosen(
        document_id=one.passage.document_id,
        start=one.start,
        end=one.end,
        speaker=one.speaker,
        score=one.score,
    )


def _winner(ranked: list[Ranked], first: Evidence) -> Winner | None:
    """The best candidate inside the first quote; None when the quote was not found by ranking."""
    places = [place for place, one in enumerate(ranked) if _inside(one, first)]
    if not places:
        return None
    won = ranked[places[0]]
    others = [one for one in ranked if not _inside(one, first)]
    next_best = others[0].parts if others else (0.0,) * len(FEATURES)
    over = _contributions(tuple(mine - its for mine, its in zip(won.parts, next_best, strict=True)))
    return Winner(
        rank=places[0] + 1,
        score=won.score,
        lead=won.score - (others[0].score if others else 0.0),
        over=tuple(sorted((one for one in over if one.score), key=lambda one: -one.score)),
    )


def _inside(one: Ranked, quote: Evidence) -> bool:
    same = one.view.passage.document_id == quote.passage.document_id
    return same and quote.start <= one.view.sentence.start and one.view.sentence.end <= quote.end
