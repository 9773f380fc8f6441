"""Passages ranked by rank_bm25, with the four faults of its BM25Okapi closed.

A word in more than half of the passages scores below zero there and is floored, an empty corpus
divides by zero, equal scores come in no order, and passages that match nothing are returned. Here idf
is Lucene's ``ln(1 + (N - n + 0.5) / (n + 0.5))``, which is never negative; ties follow the order of the
passages; and a passage has to hold a term of the query to be a hit.
"""

import math
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from rank_bm25 import BM25Okapi

from qa_service.domain.evidence import Hit
from qa_service.domain.passage import Passage
from qa_service.domain.question import Term

K1, B = 1.2, 0.75  # Robertson & Zaragoza (2009); measured flat around these values
PAIR_WEIGHT = 0.3  # neighbouring stems, measured: +1.6 points S@1 on squad2
TERM_LIMIT = 64  # distinct terms of a query that are looked at
KEPT = 4096  # words whose contributions are kept


Contributions = tuple[Any, Any]  # numbers of passages, ascending, and what a word adds to the score of each


class _Okapi(BM25Okapi):  # type: ignore[misc]
    """BM25Okapi with an idf that is never negative, and what each word adds kept from its first use on."""

    doc_len: Any

    def _calc_idf(self, nd: dict[str, int]) -> None:
        for word, count in nd.items():
            self.idf[word] = math.log(1 + (self.corpus_size - count + 0.5) / (count + 0.5))
        self.doc_len = np.array(self.doc_len)
        holding: dict[str, list[int]] = {}
        for number, frequencies in enumerate(self.doc_freqs):
            for word in frequencies:
                holding.setdefault(word, []).append(number)
        self.holding = {word: np.array(numbers, dtype=np.int32) for word, numbers in holding.items()}
        self.contributions = lru_cache(maxsize=KEPT)(self._contributions)

    def _contributions(self, word: str) -> Contributions | None:
        """What the word adds to each passage that holds it; None when none does."""
        numbers = self.holding.get(word)
        if numbers is None:
            return None
        return numbers, np.array(self.get_batch_scores([word], numbers))


def pairs_of(terms: Sequence[str]) -> list[str]:
    """Neighbouring stems as one token each."""
    return [f"{first} {second}" for first, second in pairwise(terms)]


class Bm25Searcher:
    """The Searcher that keeps every passage in memory.

    ``passages`` are in the order in which ties are broken; ``terms[i]`` are the stems of passage i,
    in text order.
    """

    def __init__(self, passages: Sequence[Passage], terms: Sequence[Sequence[str]]) -> None:
        self._passages = passages
        self._words = _Okapi(terms, k1=K1, b=B) if any(terms) else None
        pairs = [pairs_of(stems) for stems in terms]
        self._pairs = _Okapi(pairs, k1=K1, b=B) if any(pairs) else None

    def search(
        self,
        terms: Sequence[Term],
        *,
        limit: int,
        documents: Sequence[str] = (),
        pairs: Sequence[tuple[str, str]] = (),
    ) -> tuple[Hit, ...]:
        """See `ports.Searcher`. Scores are BM25's: unbounded, comparable within one query only."""
        parts = self._parts(terms, pairs)
        scores = np.zeros(len(self._passages))
        matched = np.zeros(len(self._passages), dtype=bool)
        for _, numbers, added in parts:
            scores[numbers] += added
            matched[numbers] = True
        if documents:
            matched &= self._of(documents)
        best = _best(scores, np.flatnonzero(matched), limit)
        hits = zip(best.tolist(), scores[best].tolist(), _contributions(parts, best), strict=True)
        return tuple(
            Hit(passage=self._passages[number], score=score, contributions=tuple(added))
            for number, score, added in hits
        )

    def _parts(self, terms: Sequence[Term], pairs: Sequence[tuple[str, str]]) -> list[tuple[str, Any, Any]]:
        """Each word or pair that is found, with the passages that hold it and what it adds to them.

        A pair adds to passages that hold both words, so none is found by pairs alone.
        """
        words = _distinct(terms)
        wanted = [(self._words, stem, weight) for stem, weight in words]
        wanted += [(self._pairs, " ".join(pair), PAIR_WEIGHT) for pair in dict.fromkeys(pairs)]
        if not any(self._words and stem in self._words.holding for stem, _ in words):
            return []
        found = [(word, weight, index.contributions(word)) for index, word, weight in wanted if index]
        return [(word, held[0], weight * held[1]) for word, weight, held in found if held is not None]

    def _of(self, documents: Iterable[str]) -> Any:
        """Which passages are of these documents."""
        wanted = np.zeros(len(self._passages), dtype=bool)
        for document in documents:
            wanted[self._numbers.get(document, [])] = True
        return wanted

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        """The passages of each document."""
        found: dict[str, list[int]] = {}
        for number, passage in enumerate(self._passages):
            found.setdefault(passage.document_id, []).append(number)
        return found

    def idf(self, stem: str) -> float:
        """See `ports.Searcher`."""
        unknown = math.log(1 + (len(self._passages) + 0.5) / 0.5)
        return self._words.idf.get(stem, unknown) if self._words else unknown


def _best(scores: Any, numbers: Any, limit: int) -> Any:
    """The ``limit`` best of these passages; equal scores in the order of the passages."""
    if limit < 1:
        return numbers[:0]
    if len(numbers) > limit:
        found = scores[numbers]
        least = np.partition(found, len(found) - limit)[len(found) - limit]
        numbers = numbers[found >= least]
    return numbers[np.argsort(-scores[numbers], kind="stable")][:limit]


def _contributions(parts: Sequence[tuple[str, Any, Any]], best: Any) -> list[list[tuple[str, float]]]:
    """What each word adds to each of these passages, where it is held."""
    found: list[list[tuple[str, float]]] = [[] for _ in best]
    for word, numbers, added in parts:
        places = np.minimum(np.searchsorted(numbers, best), len(numbers) - 1)
        held = numbers[places] == best
        for place, (there, score) in enumerate(zip(held.tolist(), added[places].tolist(), strict=True)):
            if there:
                found[place].append((word, score))
    return found


def _distinct(terms: Sequence[Term]) -> list[tuple[str, float]]:
    weights: dict[str, float] = {}
    for term in terms:
        weights[term.stem] = max(weights.get(term.stem, 0.0), term.weight)
    return list(weights.items())[:TERM_LIMIT]
