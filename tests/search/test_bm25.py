import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from building import document, indexed
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi
from shelving import MemorySnapshot

from qa_service.domain.evidence import Hit
from qa_service.domain.ports import IndexedDocument
from qa_service.domain.question import Term
from qa_service.search.bm25 import K1, PAIR_WEIGHT, TERM_LIMIT, B, Bm25Searcher

ALL = 1000


def searcher(*corpus: str, names: tuple[str, ...] | None = None) -> Bm25Searcher:
    """A searcher over these passages, each a document of its own unless ``names`` says whose it is."""
    return over([passage.split() for passage in corpus], names)


def over(corpus: Sequence[Sequence[str]], names: tuple[str, ...] | None = None) -> Bm25Searcher:
    """The same for stems."""
    ids = names or tuple(f"d{number:03}" for number in range(len(corpus)))
    return Bm25Searcher(MemorySnapshot([told(*one) for one in zip(ids, corpus, strict=True)]))


def told(name: str, stems: Sequence[str]) -> IndexedDocument:
    item = indexed(document("Nothing.", id=name))
    (passage,) = item.passages
    return replace(item, passages=(replace(passage, sentence_terms=(tuple(stems),)),))


def terms(text: str, weight: float = 1.0) -> list[Term]:
    return [Term(stem=word, weight=weight) for word in text.split()]


def found(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.document_id for hit in hits]


class PlainOkapi(BM25Okapi):
    """rank_bm25 as it comes, but for the idf: the slow oracle, which looks at every passage."""

    def _calc_idf(self, nd: dict[str, int]) -> None:
        for word, count in nd.items():
            self.idf[word] = math.log(1 + (self.corpus_size - count + 0.5) / (count + 0.5))


def pairs_of(terms: list[str]) -> list[str]:
    return [f"{one} {other}" for one, other in pairwise(terms)]


def ranked_by_oracle(
    corpus: list[list[str]], query: list[Term], pairs: list[tuple[str, str]]
) -> list[tuple[int, float]]:
    """(passage number, score) of every passage that holds a term or, besides, a pair; best first."""
    weights: dict[str, float] = {}
    for term in query:
        weights[term.stem] = max(weights.get(term.stem, 0.0), term.weight)
    plain = PlainOkapi(corpus, k1=K1, b=B)
    rows = [weight * plain.get_scores([stem]) for stem, weight in weights.items()]
    neighbours = [pairs_of(passage) for passage in corpus]
    okapi = PlainOkapi(neighbours if any(neighbours) else [["-"] for _ in corpus], k1=K1, b=B)
    okapi.doc_len, okapi.avgdl = plain.doc_len, plain.avgdl
    for one, other in dict.fromkeys(pairs):
        if one in weights and other in weights:
            okapi.idf[f"{one} {other}"] = (plain.idf.get(one, 0.0) + plain.idf.get(other, 0.0)) / 2
            rows.append(PAIR_WEIGHT * okapi.get_scores([f"{one} {other}"]))
    scores = [sum(row[number] for row in rows) for number in range(len(corpus))]
    matching = [number for number, score in enumerate(scores) if score > 0]
    return sorted(((number, scores[number]) for number in matching), key=lambda one: (-one[1], one[0]))


stems = st.sampled_from("dam water quota gauge talks july".split())
corpora = st.lists(st.lists(stems, max_size=12), min_size=1, max_size=12)
queries = st.lists(
    st.builds(Term, stem=stems | st.just("unknown"), weight=st.sampled_from([1.0, 0.5, 0.35])), max_size=8
)


@given(corpora.filter(any), queries, st.lists(st.tuples(stems, stems), max_size=4))
def test_the_fast_ranking_equals_rank_bm25_over_everything(
    corpus: list[list[str]], query: list[Term], pairs: list[tuple[str, str]]
) -> None:
    hits = over(corpus).search(query, limit=ALL, pairs=pairs)
    expected = ranked_by_oracle(corpus, query, pairs)
    assert [(int(hit.passage.document_id[1:]), hit.score) for hit in hits] == expected


@given(corpora, queries, st.integers(0, 5))
def test_contributions_sum_to_the_score_and_a_limit_keeps_the_best(
    corpus: list[list[str]], query: list[Term], limit: int
) -> None:
    engine = over(corpus)
    hits = engine.search(query, limit=ALL)
    for hit in hits:
        assert sum(score for _, score in hit.contributions) == hit.score
        assert {word for word, _ in hit.contributions} == {one.stem for one in query} & set(
            corpus[int(hit.passage.document_id[1:])]
        )
    assert engine.search(query, limit=limit) == hits[:limit]


@given(corpora, queries, st.sets(st.integers(0, 14), min_size=1))
def test_documents_restrict_the_result_and_change_no_score(
    corpus: list[list[str]], query: list[Term], numbers: set[int]
) -> None:
    engine = over(corpus)
    wanted = [f"d{number:03}" for number in numbers]
    expected = tuple(hit for hit in engine.search(query, limit=ALL) if hit.passage.document_id in wanted)
    assert engine.search(query, limit=ALL, documents=wanted) == expected


def test_a_word_in_more_than_half_of_the_passages_still_scores_above_zero() -> None:
    engine = searcher("dam water", "dam quota", "dam gauge", "talks")
    assert found(engine.search(terms("dam"), limit=ALL)) == ["d000", "d001", "d002"]
    assert all(hit.score > 0 for hit in engine.search(terms("dam"), limit=ALL))
    assert all(hit.score > 0 for hit in searcher("dam").search(terms("dam"), limit=ALL))


@pytest.mark.parametrize("corpus", [(), ("",), ("", "")])
def test_an_empty_corpus_finds_nothing(corpus: tuple[str, ...]) -> None:
    engine = searcher(*corpus)
    assert engine.search(terms("dam"), limit=ALL, pairs=[("dam", "water")]) == ()
    assert engine.idf("dam") > 0


def test_ties_come_in_the_order_of_the_passages() -> None:
    engine = searcher("water dam", "talks", "dam water", "water dam")
    assert found(engine.search(terms("dam water"), limit=ALL)) == ["d000", "d002", "d003"]
    assert found(engine.search(terms("dam water"), limit=2)) == ["d000", "d002"]


def test_passages_that_match_nothing_are_not_returned() -> None:
    engine = searcher("dam water", "talks", "quota")
    assert found(engine.search(terms("dam"), limit=ALL)) == ["d000"]
    assert engine.search(terms("unknown words"), limit=ALL) == ()
    assert engine.search([], limit=ALL) == ()
    assert engine.search([], limit=ALL, pairs=[("dam", "water")]) == ()


def test_a_pair_alone_finds_nothing() -> None:
    engine = searcher("dam water", "talks")
    assert engine.search(terms("unknown"), limit=ALL, pairs=[("dam", "water")]) == ()


def test_neighbouring_words_raise_the_passage_that_has_them_together() -> None:
    engine = searcher("dam flow gauge talks", "gauge dam flow talks", "talks quota")
    query, pairs = terms("flow gauge"), [("flow", "gauge")]
    assert found(engine.search(query, limit=ALL)) == ["d000", "d001"]
    together, apart = engine.search(query, limit=ALL, pairs=pairs)
    assert together.contributions[-1][0] == "flow gauge"
    assert together.score > apart.score


def test_repeated_query_terms_count_once_and_with_their_highest_weight() -> None:
    engine = searcher("dam water", "dam", "talks")
    once = engine.search(terms("dam"), limit=ALL)
    assert engine.search(terms("dam dam dam"), limit=ALL) == once
    assert engine.search(terms("dam", 0.5) + terms("dam"), limit=ALL) == once
    twice = engine.search(terms("dam"), limit=ALL, pairs=[("dam", "water")] * 2)
    assert twice == engine.search(terms("dam"), limit=ALL, pairs=[("dam", "water")])


def test_a_query_is_read_up_to_its_64th_distinct_term() -> None:
    assert TERM_LIMIT == 64
    engine = searcher("dam", "talks")
    padding = " ".join(f"x{number}" for number in range(TERM_LIMIT - 1))
    assert found(engine.search(terms(f"{padding} {padding} dam talks"), limit=ALL)) == ["d000"]


def test_unknown_documents_match_nothing() -> None:
    assert searcher("dam").search(terms("dam"), limit=ALL, documents=["nobody"]) == ()


@given(corpora, queries, st.lists(stems, max_size=12), st.booleans())
def test_another_document_does_not_change_the_order_of_ties(
    corpus: list[list[str]], query: list[Term], added: list[str], first: bool
) -> None:
    corpus = [*corpus, *corpus]  # every passage has an equal
    names = tuple(f"m{number:03}" for number in range(len(corpus)))
    grown = [added, *corpus] if first else [*corpus, added]
    grown_names = ("a", *names) if first else (*names, "z")
    half = len(corpus) // 2
    for engine, ids in (
        (over(corpus, names), names),
        (over(grown, grown_names), names),
    ):
        order = found(engine.search(query, limit=ALL))
        for one, other in zip(ids[:half], ids[half:], strict=True):
            if one in order:
                assert order.index(one) < order.index(other)


def test_a_rare_word_weighs_more_and_an_unknown_one_most() -> None:
    engine = searcher("dam water", "dam", "talks")
    assert engine.idf("dam") < engine.idf("water") < engine.idf("unknown")


def test_real_passages_are_found_by_their_words() -> None:
    item = indexed(document("# Dams", "The dam holds the water.", "# Talks", "The talks went on."))
    engine = Bm25Searcher(MemorySnapshot([item]))
    (hit,) = engine.search(terms("talk went"), limit=1)
    assert hit.passage == item.passages[1].passage
    assert hit.passage.section == "Talks"
