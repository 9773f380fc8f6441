"""Passages as rows of the cluster, which candidates for rank_bm25 are found among.

What a word adds to a passage in BM25 is its weight times tf / (tf + k1 * norm), where norm tells how long the
passage is. Every word and pair of a passage is kept as a rank feature of the value tf / norm: see
`candidates`.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any

from qa_service.domain.passage import Passage
from qa_service.domain.ports import IndexedPassage, Ranked
from qa_service.store import rows
from qa_service.store.opensearch.versions import OPEN

NAME = "passages"
B = 0.75  # of `search.bm25`
LENGTH = 64.0  # stems of a passage that is neither long nor short; the corpora we know have 57 to 62
DOT = "\x1f"  # stands for the dot, which a feature's name may not have
LONGEST = 200  # characters of a feature's name; a longer word is told by its hash
FIRST = 32  # bits of a number that count the passages of one publish; the others tell the publish


def numbers(position: int, first: int, count: int) -> range:
    """The numbers of passages that come at a position after the ``first`` of it. None is given twice."""
    return range((position << FIRST) + first, (position << FIRST) + first + count)


def since(number: int) -> int:
    """The position at which the passage of a number came."""
    return number >> FIRST


def body(number: int, found: IndexedPassage) -> Mapping[str, object]:
    """The row of a passage."""
    row = rows.passage_row(number, found)
    row["document"] = row.pop("document_id")
    return ended({**row, "since": since(number)}, OPEN)


def ended(row: Mapping[str, Any], until: int) -> Mapping[str, object]:
    """The row of a passage that ends at a position, its words anew: the cluster does not give them back."""
    terms = row["terms"].split()
    words = Counter(terms)
    words.update(" ".join(pair) for pair in pairwise(terms))
    norm = 1 - B + B * len(terms) / LENGTH
    return {**row, "until": until, "words": {feature(word): count / norm for word, count in words.items()}}


def feature(word: str) -> str:
    """The name of the feature of a word or a pair."""
    if len(word) > LONGEST:
        word = hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()
    return word.replace(".", DOT)


class StoredPassage:
    """A passage's row, each part of it made once, when it is asked for."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        self._row = {**source, "document_id": source["document"]}

    @property
    def number(self) -> int:
        """Its number."""
        return int(self._row["number"])

    @cached_property
    def passage(self) -> Passage:
        """The passage."""
        return rows.passage(*(self._row[name] for name in rows.PASSAGE), self._row.get("hash"))

    @cached_property
    def ranked(self) -> Ranked:
        """What it is ranked by."""
        return rows.ranked(*(self._row[name] for name in rows.RANKED), self._row.get("terms_hash"))[1]
