"""How well a text covers the words of a question, allowing for derived words and names of one actor."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import mul
from typing import NamedTuple

from qa_service.domain.edition import Edition
from qa_service.domain.ports import Token, Word
from qa_service.domain.question import Question, Term
from qa_service.select.roots import PREFIX, root
from qa_service.select.synonyms import Synonyms
from qa_service.select.views import SentenceView

SAME, ROOT, ALIAS, SYNONYM, LIKE = 1.0, 0.8, 0.7, 0.6, 0.4


class _Sought(NamedTuple):
    """A stem of a question, and all by which a sentence may hold it; a prefix is "" for a short one.

    ``meant`` are the stems without any of which a sentence is of none of the ``groups``.
    """

    stem: str
    root: str
    actors: frozenset[str]
    groups: frozenset[int]
    meant: frozenset[str]
    prefix: str


@dataclass(frozen=True)
class Matcher:
    """The words of one question, weighed. ``actors_of`` maps a stem to the actors that it names,
    ``groups_of`` to the synonym groups that it belongs to."""

    question: Question
    edition: Edition
    actors_of: dict[str, frozenset[str]]
    groups_of: dict[str, frozenset[int]]
    synonyms: Synonyms

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The question's distinct content terms."""
        return self.question.terms

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """ln(1 + (n - df + .5) / (df + .5)) over the index's sentences, times the term's own weight."""
        return tuple(self._idf(term.stem) * term.weight for term in self.terms)

    def weights_of(self, terms: Collection[Term]) -> list[float]:
        """The weights of some of the terms, in the order of all."""
        return [weight for term, weight in zip(self.terms, self.weights, strict=True) if term in terms]

    def _idf(self, stem: str) -> float:
        count = self.edition.sentences_with(stem)
        return math.log(1 + (self.edition.snapshot.size.sentences - count + 0.5) / (count + 0.5))

    def match(self, term: Term, view: SentenceView) -> float:
        """1 for the same stem, less for the same root, actor, meaning or first letters, else 0."""
        return self._match(self._sought(term), view)

    def _sought(self, term: Term) -> "_Sought":
        stem = term.stem
        groups = self.groups_of.get(stem, frozenset())
        return _Sought(
            stem,
            root(stem),
            self.actors_of.get(stem, frozenset()),
            groups,
            frozenset(chain.from_iterable(map(self.synonyms.words_of, groups))),
            stem[:PREFIX] if len(stem) >= PREFIX else "",
        )

    def _match(self, sought: "_Sought", view: SentenceView) -> float:
        stem, rooted, actors, groups, meant, prefix = sought
        if stem in view.stems:
            return SAME
        if rooted in view.roots:
            return ROOT
        if actors and actors & view.actors:
            return ALIAS
        if groups and not meant.isdisjoint(view.all_stems) and groups & view.groups:
            return SYNONYM
        if prefix and prefix in view.prefixes:
            return LIKE
        return 0.0

    def stems_of(self, term: Term) -> dict[str, float]:
        """The stems of single words that match a term, and how well; roots and first letters aside."""
        actors = self.actors_of.get(term.stem, frozenset())
        meaning = (self.synonyms.stems_of(group) for group in self.groups_of.get(term.stem, ()))
        named = [stem for stem, others in self.actors_of.items() if actors & others]
        return dict.fromkeys(chain(*meaning), SYNONYM) | dict.fromkeys(named, ALIAS) | {term.stem: SAME}

    @cached_property
    def _all_sought(self) -> "list[_Sought]":
        return [self._sought(term) for term in self.terms]

    def match_stem(self, stem: str, word: Word | Token) -> bool:
        """Whether one word of a text stands for a stem of the question: the same, its root or its meaning."""
        if stem == word.stem or root(stem) == root(word.stem):
            return True
        groups = self.groups_of.get(stem)
        return bool(groups and groups & self.synonyms.of_word(word))

    def matches(self, terms: Iterable[Term], view: SentenceView) -> list[float]:
        """The match of some of the terms, in their order."""
        row = self.row(view)
        return [row[self._places[term]] for term in terms]

    @cached_property
    def _places(self) -> dict[Term, int]:
        return {term: place for place, term in enumerate(self.terms)}

    @cached_property
    def _rows(self) -> dict[tuple[str, int], tuple[float, ...]]:
        return {}

    def row(self, view: SentenceView) -> tuple[float, ...]:
        """The match of each term; worked out once a sentence."""
        key = view.passage.id, view.ordinal
        known = self._rows.get(key)
        if known is None:
            known = self._rows[key] = tuple([self._match(one, view) for one in self._all_sought])
        return known


def best(rows: Iterable[Sequence[float]], size: int) -> tuple[float, ...]:
    """For each term its best match in any of the rows."""
    return tuple(max(column) for column in zip(*rows, strict=True)) if rows else (0.0,) * size


def share(weights: Sequence[float], row: Sequence[float]) -> float:
    """The weighted share of the terms that are matched, 0 to 1."""
    total = sum(weights)
    return sum(map(mul, weights, row)) / total if total else 0.0
