"""The same ranking without every passage in memory: a source names candidates, rank_bm25 decides.

The result is proven equal: a source says what no other passage can score more than, and is asked for twice
as many until the last hit scores more than that.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from qa_service.domain.evidence import Hit
from qa_service.domain.ports import CandidateSource, Ranked, Snapshot
from qa_service.domain.question import Term
from qa_service.search.bm25 import Okapi, Query, Rarity, hits

FIRST = 1.5  # candidates a hit that are asked for at first
FEWEST = 25  # candidates


class CandidateSearcher:
    """The Searcher that asks a CandidateSource. Equal to `Bm25Searcher` hit by hit and bit by bit."""

    def __init__(self, snapshot: Snapshot, source: CandidateSource) -> None:
        self._snapshot = snapshot
        self._source = source
        self._rarity = Rarity(snapshot)

    def search(
        self,
        terms: Sequence[Term],
        *,
        limit: int,
        documents: Sequence[str] = (),
        pairs: Sequence[tuple[str, str]] = (),
    ) -> tuple[Hit, ...]:
        """See `ports.Searcher`."""
        query = Query.of(terms, pairs)
        weights = {word: weight * self._rarity.idf(word) for word, weight in query.words.items()}
        wanted = max(int(FIRST * limit), FEWEST)
        while True:
            found = self._source.candidates(weights, wanted, documents)
            best = self._ranked(query, found.numbers, limit)
            proven = found.rest is None or (len(best) == limit and (not best or best[-1][1] > found.rest))
            if proven:
                break
            wanted *= 2
        numbers = [number for number, _, _ in best]
        scores, contributions = [score for _, score, _ in best], [added for _, _, added in best]
        return hits(self._snapshot, numbers, scores, contributions)

    def _ranked(
        self, query: Query, numbers: Sequence[int], limit: int
    ) -> list[tuple[int, float, list[tuple[str, float]]]]:
        """The best of these passages: their numbers, scores and what each word adds."""
        known = self._snapshot.terms(numbers)
        found = list(known.values())
        frequencies = [_counted(ranked.terms, query) for ranked in found]
        okapi = Okapi(frequencies, [len(ranked.terms) for ranked in found], self._rarity)
        everywhere = np.arange(len(found))
        added = [(word, weight * okapi.added(word, everywhere)) for word, weight in query.words.items()]
        scores = np.zeros(len(found))
        for _, part in added:
            scores += part
        order = sorted(range(len(found)), key=lambda place: _rank(float(scores[place]), found[place]))[:limit]
        named = list(known)
        return [
            (named[place], float(scores[place]), _parts(added, frequencies[place], place)) for place in order
        ]

    def idf(self, stem: str) -> float:
        """See `ports.Searcher`."""
        return float(self._rarity.idf(stem))


def _counted(terms: Sequence[str], query: Query) -> dict[str, int]:
    """How often a passage of these stems holds each word of the query that it holds."""
    counts: dict[str, int] = {}
    for word in filter(query.words.__contains__, terms):
        counts[word] = counts.get(word, 0) + 1
    for pair, (first, second) in query.pairs.items():
        if counts.get(first) and counts.get(second):
            found = _neighbours(terms, first, second, counts[first])
            if found:
                counts[pair] = found
    return counts


def _neighbours(terms: Sequence[str], first: str, second: str, times: int) -> int:
    """How often the second stem follows the first, which is there so many times."""
    found, place = 0, -1
    for _ in range(times):
        place = terms.index(first, place + 1)
        found += terms[place + 1 : place + 2] == (second,)
    return found


def _rank(score: float, ranked: Ranked) -> tuple[float, str, int]:
    return -score, ranked.document_id, ranked.ordinal


def _parts(added: Sequence[tuple[str, Any]], words: dict[str, int], place: int) -> list[tuple[str, float]]:
    return [(word, float(part[place])) for word, part in added if word in words]
