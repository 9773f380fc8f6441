"""Passages in the cluster, and the candidates among them for rank_bm25.

What a word adds to a passage in BM25 is its weight times tf / (tf + k1 * norm), where norm tells how long the
passage is. Every word and pair of a passage is kept as a rank feature of the value tf / norm, and asked for
with the saturation value / (value + k1): the same number, whatever else the cluster holds. So shards, copies,
deleted passages and those of another version change no score; the weights come with the question.

Two things differ, and `Candidates.rest` makes them good: OpenSearch keeps 9 bits of a value, rounded down,
and the average length is not known while passages are added, so `LENGTH` stands for it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from qa_service.domain.ports import Candidates, IndexedPassage
from qa_service.store.opensearch.engine import Engine

NAME = "passages"
K1, B = 1.2, 0.75  # of `search.bm25`
LENGTH = 64.0  # stems of a passage that is neither long nor short; the corpora we know have 57 to 62
ROUNDING = 1.00001 / (1 - 2**-8)  # OpenSearch adds up 32-bit numbers, and keeps 8 bits behind the first one
OPEN = 2**62  # where a passage ends that is in the store
BATCH = 500  # passages that are sent at once
DOT = "\x1f"  # stands for the dot, which a feature's name may not have


class OpenSearchPassages:
    """The passages of all versions of a store. Each is there from one position of the store until another."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, document_id: str, passages: Iterable[tuple[int, IndexedPassage]], since: int) -> None:
        """Put the passages of a document in, with their numbers, from a position on. Raises StoreError."""
        batch: list[tuple[str, str, object]] = []
        for number, passage in passages:
            batch.append(("index", str(number), _body(document_id, number, passage, since)))
            if len(batch) == BATCH:
                self._engine.bulk(NAME, batch)
                batch = []
        self._engine.bulk(NAME, batch)

    def end(self, document_id: str, until: int) -> None:
        """Let the passages of a document end at a position. Raises StoreError."""
        query = {"bool": {"filter": [{"term": {"document": document_id}}, {"term": {"until": OPEN}}]}}
        found = self._engine.every(NAME, query, ["number"])
        self._engine.bulk(NAME, [("update", one["_id"], {"doc": {"until": until}}) for one in found])

    def undo(self, position: int) -> None:
        """Undo what was put in or ended after a position: its writer never came to its end."""
        self._engine.remove(NAME, {"range": {"since": {"gt": position}}})
        ended = self._engine.every(NAME, {"range": {"until": {"gt": position, "lt": OPEN}}}, ["number"])
        self._engine.bulk(NAME, [("update", one["_id"], {"doc": {"until": OPEN}}) for one in ended])

    def forget(self, position: int) -> None:
        """Take out what ended at a position or before it."""
        self._engine.remove(NAME, {"range": {"until": {"lte": position}}})

    def commit(self) -> None:
        """Let searches see all of it."""
        self._engine.refresh(NAME)

    def candidates(self, position: int, length: float) -> "OpenSearchCandidates":
        """Candidates of a version whose passages have ``length`` stems on average."""
        return OpenSearchCandidates(self._engine, position, length)


class OpenSearchCandidates:
    """See `ports.CandidateSource`. Raises StoreError when not every shard was asked."""

    def __init__(self, engine: Engine, position: int, length: float) -> None:
        self._engine = engine
        self._there = [
            {"range": {"since": {"lte": position}}},
            {"range": {"until": {"gt": position}}},
        ]
        self._slack = ROUNDING * max(1.0, length / LENGTH)

    def candidates(self, terms: Mapping[str, float], k: int, documents: Sequence[str] = ()) -> Candidates:
        """See ports.CandidateSource."""
        if not terms:
            return Candidates(numbers=(), rest=None)
        within = [{"terms": {"document": list(documents)}}] if documents else []
        query = {
            "filter": self._there + within,
            "should": [_wanted(word, weight) for word, weight in terms.items()],
            "minimum_should_match": 1,
        }
        body = {
            "query": {"bool": query},
            "size": k,
            "_source": False,
            "docvalue_fields": ["number"],
            "track_total_hits": False,
        }
        hits = self._engine.search(NAME, body)["hits"]["hits"]
        rest = hits[-1]["_score"] * self._slack if len(hits) == k else None
        return Candidates(numbers=tuple(hit["fields"]["number"][0] for hit in hits), rest=rest)


def _body(document_id: str, number: int, passage: IndexedPassage, since: int) -> Mapping[str, object]:
    terms = passage.terms
    words = Counter(terms)
    words.update(" ".join(pair) for pair in pairwise(terms))
    norm = 1 - B + B * len(terms) / LENGTH
    return {
        "number": number,
        "document": document_id,
        "ordinal": passage.passage.ordinal,
        "since": since,
        "until": OPEN,
        "terms": " ".join(terms),
        "words": {_feature(word): count / norm for word, count in words.items()},
    }


def _wanted(word: str, weight: float) -> Mapping[str, object]:
    field = f"words.{_feature(word)}"
    return {"rank_feature": {"field": field, "saturation": {"pivot": K1}, "boost": weight * (K1 + 1)}}


def _feature(word: str) -> str:
    return word.replace(".", DOT)
