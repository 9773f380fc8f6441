"""The same ranking without every passage in memory: a source names candidates, rank_bm25 decides.

The result is proven equal: a source says what no passage that it has not named can score more than, and is
asked to go on until the last hit scores more than that.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, neg
from typing import Any

import numpy as np

from qa_service.domain.errors import REMEDY, LostError
from qa_service.domain.evidence import Hit
from qa_service.domain.ports import CandidateSource, Snapshot
from qa_service.domain.question import Term
from qa_service.search.bm25 import Okapi, Query, Rarity, hits

FOUND, FEWEST = 1.5, 25  # candidates a hit that are asked for at first, and never fewer than so many
READ = 1.2  # candidates a hit that are read at first


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage and its score: ``added`` has what each word adds to the passages of which this is one."""

    order: tuple[float, str, int]
    number: int
    score: float
    place: int
    words: Mapping[str, int]
    added: Sequence[tuple[str, Any]]

    @property
    def contributions(self) -> list[tuple[str, float]]:
        """What each word that it holds adds."""
        return [(word, float(part[self.place])) for word, part in self.added if word in self.words]


class Ranking:
    """The best of the passages that were read."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._read: set[int] = set()
        self.best: list[Scored] = []

    def unread(self, numbers: Sequence[int]) -> list[int]:
        """Those that were not read yet."""
        return [number for number in numbers if number not in self._read]

    def add(self, scored: Sequence[Scored]) -> None:
        """Rank these too."""
        self._read.update(one.number for one in scored)
        self.best = sorted([*self.best, *scored], key=attrgetter("order"))[: self._limit]

    @property
    def least(self) -> float:
        """What the last of them scores; anything is more while there are too few."""
        return self.best[-1].score if len(self.best) == self._limit else -math.inf


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
        ranking = Ranking(limit)
        wanted = max(int(FOUND * limit), FEWEST)
        for found in self._source.candidates(weights, wanted, documents) if limit > 0 else ():
            ranking.add(self._scored(query, ranking.unread(found.numbers[: int(READ * limit)])))
            if found.rest is None or ranking.least > found.rest:
                likely = bisect_right(found.most, -ranking.least, key=neg)
                ranking.add(self._scored(query, ranking.unread(found.numbers[:likely])))
                break
        best = ranking.best
        contributions = [one.contributions for one in best]
        return hits(self._snapshot, [one.number for one in best], [one.score for one in best], contributions)

    def _scored(self, query: Query, numbers: Sequence[int]) -> list[Scored]:
        """What ranks these passages. Raises LostError when one is not there."""
        known = self._snapshot.terms(numbers)
        if len(known) != len(numbers):
            raise LostError(f"The store lost passages that its index found. {REMEDY}")
        found = list(known.values())
        frequencies = [_counted(ranked.terms, query) for ranked in found]
        okapi = Okapi(frequencies, [len(ranked.terms) for ranked in found], self._rarity)
        everywhere = np.arange(len(found))
        added = [(word, weight * okapi.added(word, everywhere)) for word, weight in query.words.items()]
        scores = np.zeros(len(found))
        for _, part in added:
            scores += part
        return [
            Scored((-score, ranked.document_id, ranked.ordinal), number, score, place, words, added)
            for place, (number, ranked, score, words) in enumerate(
                zip(known, found, scores.tolist(), frequencies, strict=True)
            )
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
