"""Sentences of the best passages in the order in which they answer: a linear score of ten features.

Scores are log odds: their softmax is the chance that a sentence answers. Definitions and weights:
conditional logit over 2,200 public questions (XQuAD, half of SQuAD 2.0 dev, CLAPNQ dev), rounded by
hand: the rounded constants rank as well as fitted ones.
`python benchmarks/fit_ranking.py` fits them again and prints both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add

from qa_service.domain.evidence import Hit
from qa_service.domain.ports import Searcher
from qa_service.select.answer_types import verdict
from qa_service.select.matching import Matcher, best, share
from qa_service.select.views import SentenceView, Views

W_COVERAGE, W_PASSAGE, W_LOCAL, W_BM25, W_TITLE = 4.0, 1.0, 4.0, 5.0, 12.0
W_TYPE, W_NO_TYPE, W_ANAPHOR, W_NEIGHBOUR, W_PAIRS = 1.5, -0.8, 2.0, 2.0, 2.5
REACH = 2.5  # score: how far below the best a sentence may stand that holds what is needed
FEWEST_PASSAGES, MOST_PASSAGES, ENOUGH_SENTENCES = 5, 8, 25
ANAPHORS = frozenset("he she it they his her its their this these those such former latter both".split())
ANAPHOR_REACH = 6  # words from the start of a sentence
QUESTION_WORDS = frozenset("what which who whom whose when where why how is are was were do does did".split())
FEATURES = ("passage", "bm25", "title", "coverage", "local", "answer_type", "anaphor", "neighbours", "pairs")
EMPTY_PAIRS = frozenset({("of", "the"), ("in", "the")})


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence with its score.

    ``row`` is the match of each term; ``parts`` are what each of FEATURES adds, for whoever asks why.
    """

    view: SentenceView
    score: float
    row: tuple[float, ...]
    typed: float  # 1 the answer type is there, -1 it is not, 0 no telling
    parts: tuple[float, ...] = ()


def candidates(hits: Sequence[Hit], views: Views) -> list[tuple[Hit, SentenceView]]:
    """The sentences to choose among: of five passages, or up to eight until there are twenty-five."""
    found: list[tuple[Hit, SentenceView]] = []
    for number, hit in enumerate(hits[:MOST_PASSAGES]):
        if number >= FEWEST_PASSAGES and len(found) >= ENOUGH_SENTENCES:
            break
        found += [(hit, view) for view in views.of(hit.passage) if view.is_text]
    return found


def rank(matcher: Matcher, hits: Sequence[Hit], views: Views, searcher: Searcher) -> list[Ranked]:
    """Candidate sentences, best first; ties keep the order of the hits and of the text."""
    pool = candidates(hits, views)
    rows = {(view.passage.id, view.ordinal): matcher.row(view) for _, view in pool}
    local = _local_weights(matcher, list(rows.values()))
    found = {hit.passage.id: hit for hit, _ in pool}
    passages = {name: _passage_parts(matcher, hit, views, searcher) for name, hit in found.items()}
    pairs = _pairs(matcher.question.words)
    ranked = [_ranked(matcher, view, rows, local, (passages[hit.passage.id], pairs)) for hit, view in pool]
    return sorted(ranked, key=lambda one: -one.score)


def _local_weights(matcher: Matcher, rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """idf over the candidates: a word that all of them hold does not choose between them."""
    count = len(rows)
    held = [sum(row[i] for row in rows) for i in range(len(matcher.terms))]
    return tuple(
        term.weight * math.log(1 + (count - d + 0.5) / (d + 0.5))
        for term, d in zip(matcher.terms, held, strict=True)
    )


def _passage_parts(
    matcher: Matcher, hit: Hit, views: Views, searcher: Searcher
) -> tuple[float, float, float]:
    """The parts of the score that all sentences of a passage share."""
    every = [matcher.row(view) for view in views.of(hit.passage)]
    title = views.title_stems(hit.passage.document_id)
    in_title = [1.0 if term.stem in title else 0.0 for term in matcher.terms]
    idf = sum(term.weight * searcher.idf(term.stem) for term in matcher.terms)
    return (
        W_PASSAGE * share(matcher.weights, best([*every, in_title], len(matcher.terms))),
        W_BM25 * (hit.score / idf if idf else 0.0),
        W_TITLE * share(matcher.weights, in_title),
    )


def _ranked(
    matcher: Matcher,
    view: SentenceView,
    rows: dict[tuple[str, int], tuple[float, ...]],
    local: Sequence[float],
    shared: tuple[tuple[float, float, float], frozenset[tuple[str, str]]],
) -> Ranked:
    """``shared`` is what does not depend on the sentence: its passage's parts, the question's word pairs."""
    passage, pairs = shared
    row = rows[view.passage.id, view.ordinal]
    before = rows.get((view.passage.id, view.ordinal - 1))
    after = rows.get((view.passage.id, view.ordinal + 1))
    gain_before, gain_after = _gain(matcher, before, row), _gain(matcher, after, row)
    typed = verdict(matcher.question, view)
    parts = (
        *passage,
        W_COVERAGE * share(matcher.weights, row),
        W_LOCAL * (share(local, row) if any(row) else 0.0),
        W_TYPE if typed > 0 else W_NO_TYPE if typed < 0 else 0.0,
        W_ANAPHOR * (gain_before if opens_with_anaphor(view) else 0.0),
        W_NEIGHBOUR * (gain_before + 0.5 * gain_after),
        W_PAIRS * (len(view.holding(pairs)) / len(pairs) if pairs else 0.0),
    )
    # Added one by one: sum() rounds otherwise from Python 3.12 on, and ties must not depend on that.
    return Ranked(view, reduce(add, parts), row, typed, parts)


def _gain(matcher: Matcher, neighbour: Sequence[float] | None, row: Sequence[float]) -> float:
    """What a neighbouring sentence matches beyond this one."""
    if neighbour is None:
        return 0.0
    if neighbour == row:
        return 0.0
    return share(matcher.weights, [n - m if n > m else 0.0 for n, m in zip(neighbour, row, strict=True)])


def opens_with_anaphor(view: SentenceView) -> bool:
    """Whether the sentence leans on the one before it: "It alleges …", "In both meetings …"."""
    return any(word.word in ANAPHORS for word in view.words[:ANAPHOR_REACH])


def _pairs(words: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Neighbouring words of the question as they stand, without those that only ask."""
    pairs = (pair for pair in pairwise(words) if pair[0] not in QUESTION_WORDS)
    return frozenset(pairs) - EMPTY_PAIRS
