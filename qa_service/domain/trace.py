"""A trace: why an answer is what it is, for whoever asks. It never changes the answer.

Scores are sums of their contributions; spans are code points of the canonical text, ends exclusive.
"""

from dataclasses import dataclass

from qa_service.domain.evidence import Check
from qa_service.domain.question import Term, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A word that no document holds, and the one that it was read as; both as stems."""

    typed: str
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """How the message was read: ``terms`` are stems with weights, ``names`` words that no table knows."""

    standalone: str
    kind: str
    answer_type: str | None
    actors: tuple[str, ...]
    terms: tuple[Term, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    corrections: tuple[Correction, ...]
    defined: str | None
    window: Window | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one feature adds to a score."""

    feature: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that was considered, rank 1 the best. ``matches``: the terms found, 1 for the same stem."""

    rank: int
    document_id: str
    passage_id: str
    start: int
    end: int
    text: str
    score: float
    contributions: tuple[Contribution, ...]
    matches: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """The candidate that the first quote holds.

    ``lead`` is its score less that of the best other one (below zero when another check preferred it),
    ``over`` what each feature adds to that lead, the largest first.
    """

    rank: int
    score: float
    lead: float
    over: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A quote of the answer; ``score`` is that of its selector, 0 where the selector does not score."""

    document_id: str
    start: int
    end: int
    speaker: str | None
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What was understood, considered, chosen or refused."""

    understood: Understood
    candidates: tuple[Candidate, ...]
    chosen: tuple[Chosen, ...]
    winner: Winner | None
    refused_by: Check | None
