"""Passages ranked by rank_bm25, with the four faults of its BM25Okapi closed.

A word in more than half of the passages scores below zero there and is floored, an empty corpus
divides by zero, equal scores come in no order, and passages that match nothing are returned. Here idf
is Lucene's ``ln(1 + (N - n + 0.5) / (n + 0.5))``, which is never negative; ties follow the order of the
passages; and a passage has to hold a term of the query to be a hit.

A pair of neighbouring stems counts as one more word, ``"first second"``, as rare as its two words are on
average. So all that ranking needs to know of the other passages is how many hold each word.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from rank_bm25 import BM25Okapi

from qa_service.domain.errors import REMEDY, LostError
from qa_service.domain.evidence import Hit
from qa_service.domain.ports import Ranked, Snapshot, Statistics
from qa_service.domain.question import Term

K1, B = 1.2, 0.75  # Robertson & Zaragoza (2009); measured flat around these values
PAIR_WEIGHT = 0.3  # neighbouring stems, measured: +1.6 points S@1 on squad2
TERM_LIMIT = 64  # distinct terms of a query that are looked at
KEPT = 4096  # words whose contributions are kept

Contributions = tuple[Any, Any]  # numbers of passages, ascending, and what a word adds to the score of each


def words_of(terms: Sequence[str]) -> dict[str, int]:
    """How often a passage of these stems holds each stem, and each pair of neighbours."""
    found = Counter(terms)
    found.update([" ".join(pair) for pair in pairwise(terms)])
    return found


@dataclass(frozen=True)
class Rarity:
    """How rare words are among all passages."""

    statistics: Statistics

    @cached_property
    def idf(self) -> Any:
        """A word's idf; a pair's is the mean of its two words'."""
        return lru_cache(maxsize=KEPT)(self._idf)

    def _idf(self, word: str) -> float:
        first, _, second = word.partition(" ")
        if second:
            return float((self.idf(first) + self.idf(second)) / 2)
        size, count = self.statistics.size.passages, self.statistics.holding(word).passages
        return math.log(1 + (size - count + 0.5) / (count + 0.5))

    @property
    def length(self) -> float:
        """How many stems a passage has on average."""
        size = self.statistics.size
        return size.terms / max(size.passages, 1)


class Okapi(BM25Okapi):  # type: ignore[misc]
    """rank_bm25's BM25Okapi over some of the passages of an index, as rare and as long as all of them are."""

    def __init__(
        self, frequencies: Sequence[Mapping[str, int]], lengths: Sequence[int], rarity: Rarity
    ) -> None:
        self.k1, self.b, self.epsilon = K1, B, 0.0
        self.corpus_size = len(lengths)
        self.avgdl = rarity.length
        self.doc_freqs = frequencies
        self.doc_len = np.array(lengths)
        self.idf: dict[str, float] = {}
        self._rarity = rarity

    def added(self, word: str, numbers: Any) -> Any:
        """What a word adds to the score of each of these passages (by their place)."""
        self.idf[word] = self._rarity.idf(word)
        return np.array(self.get_batch_scores([word], numbers))


@dataclass(frozen=True)
class Query:
    """The words of a query and their weights: its terms, then its pairs."""

    words: Mapping[str, float]
    terms: Sequence[str]
    pairs: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, terms: Sequence[Term], pairs: Sequence[tuple[str, str]]) -> "Query":
        """At most `TERM_LIMIT` distinct terms, each with its greatest weight."""
        weights: dict[str, float] = {}
        for term in terms:
            weights[term.stem] = max(weights.get(term.stem, 0.0), term.weight)
        words = dict(list(weights.items())[:TERM_LIMIT])
        known = {" ".join(pair): pair for pair in pairs if pair[0] in words and pair[1] in words}
        return cls(words | dict.fromkeys(known, PAIR_WEIGHT), tuple(words), known)


class Bm25Searcher:
    """The Searcher that keeps the words of every passage in memory: the measure of all others."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._rarity = Rarity(snapshot)
        self._snapshot = snapshot
        everything = list(snapshot.everything())
        if len(everything) != snapshot.size.passages:
            raise LostError(f"Of {snapshot.size.passages} passages {len(everything)} are there. {REMEDY}")
        self._numbers = [number for number, _ in everything]
        terms = [ranked.terms for _, ranked in everything]
        self._okapi = Okapi([words_of(one) for one in terms], [len(one) for one in terms], self._rarity)
        self._holding = _holding(self._okapi.doc_freqs)
        self._of_document = _of_document([ranked for _, ranked in everything])
        self._contributions = lru_cache(maxsize=KEPT)(self._added)

    def search(
        self,
        terms: Sequence[Term],
        *,
        limit: int,
        documents: Sequence[str] = (),
        pairs: Sequence[tuple[str, str]] = (),
    ) -> tuple[Hit, ...]:
        """See `ports.Searcher`. Scores are BM25's: unbounded, comparable within one query only."""
        parts = self._parts(Query.of(terms, pairs))
        scores = np.zeros(len(self._numbers))
        matched = np.zeros(len(self._numbers), dtype=bool)
        for _, places, added in parts:
            scores[places] += added
            matched[places] = True
        if documents:
            matched &= self._of(documents)
        best = _best(scores, np.flatnonzero(matched), limit)
        numbers = [self._numbers[place] for place in best.tolist()]
        return hits(self._snapshot, numbers, scores[best].tolist(), _contributions(parts, best))

    def _parts(self, query: Query) -> list[tuple[str, Any, Any]]:
        """Each word that is found, with the places of the passages that hold it and what it adds to them."""
        found = [(word, weight, self._contributions(word)) for word, weight in query.words.items()]
        return [(word, held[0], weight * held[1]) for word, weight, held in found if held is not None]

    def _added(self, word: str) -> Contributions | None:
        places = self._holding.get(word)
        return None if places is None else (places, self._okapi.added(word, places))

    def _of(self, documents: Iterable[str]) -> Any:
        """Which passages are of these documents."""
        wanted = np.zeros(len(self._numbers), dtype=bool)
        for document in documents:
            wanted[self._of_document.get(document, [])] = True
        return wanted

    def idf(self, stem: str) -> float:
        """See `ports.Searcher`."""
        return float(self._rarity.idf(stem))


def hits(
    snapshot: Snapshot,
    numbers: Sequence[int],
    scores: Sequence[float],
    contributions: Sequence[Sequence[tuple[str, float]]],
) -> tuple[Hit, ...]:
    """The passages of these numbers as Hits, in their order. Raises LostError when one is not there."""
    passages = snapshot.passages(numbers)
    if len(passages) != len(numbers):
        raise LostError(f"The store lost passages that it ranked. {REMEDY}")
    return tuple(
        Hit(passage=passages[number], number=number, score=score, contributions=tuple(added))
        for number, score, added in zip(numbers, scores, contributions, strict=True)
    )


def _holding(frequencies: Sequence[Mapping[str, int]]) -> dict[str, Any]:
    """The places of the passages that hold each word."""
    found: dict[str, list[int]] = {}
    for place, words in enumerate(frequencies):
        for word in words:
            found.setdefault(word, []).append(place)
    return {word: np.array(places, dtype=np.int32) for word, places in found.items()}


def _of_document(everything: Sequence[Ranked]) -> dict[str, list[int]]:
    """The places of the passages of each document."""
    found: dict[str, list[int]] = {}
    for place, ranked in enumerate(everything):
        found.setdefault(ranked.document_id, []).append(place)
    return found


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
