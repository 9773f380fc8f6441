"""The candidates for rank_bm25 among the passages of the cluster.

What a word adds to a passage is asked for with the saturation value / (value + k1) of its rank feature: the
same number as in BM25, whatever else the cluster holds. So shards, copies, deleted passages and those of
another version change no score; the weights come with the question.

Two things differ, and `Candidates.rest` makes them good: OpenSearch keeps 9 bits of a value, rounded down,
and the average length is not known while passages are added, so `LENGTH` stands for it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

from qa_service.domain.ports import Candidates
from qa_service.store.opensearch.passages import LENGTH, feature
from qa_service.store.opensearch.snapshot import OpenSearchSnapshot
from qa_service.store.opensearch.versions import Query, term

K1 = 1.2  # of `search.bm25`
ROUNDING = 1.00001 / (1 - 2**-8)  # OpenSearch adds up 32-bit numbers, and keeps 8 bits behind the first one


class OpenSearchCandidates:
    """See `ports.CandidateSource`. Raises StoreError when not every shard was asked."""

    def __init__(self, snapshot: OpenSearchSnapshot) -> None:
        self._snapshot = snapshot
        length = snapshot.size.terms / max(snapshot.size.passages, 1)
        self._slack = ROUNDING * max(1.0, length / LENGTH)

    def candidates(
        self, terms: Mapping[str, float], k: int, documents: Sequence[str] = ()
    ) -> Iterator[Candidates]:
        """See ports.CandidateSource. What ranks the passages, and the passages, come with their numbers.

        Of a few short documents all are named, without a search.
        """
        within = self._snapshot.within(documents) if documents and terms else None
        if within is not None:
            held = [number for number, one in within.items() if not terms.keys().isdisjoint(one.terms)]
            yield Candidates(numbers=held, most=[math.inf] * len(held), rest=None)
            return
        query = {
            "filter": [term("document", *documents)] if documents else [],
            "should": [_wanted(word, weight) for word, weight in terms.items()],
            "minimum_should_match": 1,
        }
        while terms:
            found = self._snapshot.best(query, k)
            most = [score * self._slack for _, score in found]
            rest = most[-1] if len(found) == k else None
            yield Candidates(numbers=[number for number, _ in found], most=most, rest=rest)
            if rest is None:
                return
            k *= 2


def _wanted(word: str, weight: float) -> Query:
    field = f"words.{feature(word)}"
    return {"rank_feature": {"field": field, "saturation": {"pivot": K1}, "boost": weight * (K1 + 1)}}
