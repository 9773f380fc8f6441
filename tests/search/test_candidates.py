"""One ranking at every size: what a candidate source leads to is what rank_bm25 gives over everything."""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest
from building import document, indexed
from rank_bm25 import BM25Okapi

from qa_service.domain.errors import MovedError
from qa_service.domain.evidence import Hit
from qa_service.domain.passage import Passage, Sentence
from qa_service.domain.ports import Candidates, IndexedDocument, IndexedPassage, Searcher, Snapshot
from qa_service.domain.question import Term
from qa_service.following import Following
from qa_service.search.bm25 import K1, PAIR_WEIGHT, B, Bm25Searcher
from qa_service.search.candidates import CandidateSearcher
from qa_service.search.embedded import EmbeddedIndex
from qa_service.store.sqlite import SqliteStore

PASSAGES = 15  # of a document
WORDS = [f"w{number}" for number in range(30_000)]
OFTEN = list(
    accumulate(1 / rank for rank in range(1, len(WORDS) + 1))
)  # Zipf: the first stands nearly everywhere


class Texts:
    """Documents of words that are as unevenly common as in a language, and questions about them."""

    def __init__(self) -> None:
        self.pick = random.Random(7)  # noqa: S311 - a sample, not a secret

    def words(self, count: int) -> list[str]:
        return self.pick.choices(WORDS, cum_weights=OFTEN, k=count)

    def document(self, name: str) -> IndexedDocument:
        """Passages of one paragraph; each word is its own stem."""
        words = [self.words(self.pick.randint(20, 110)) for _ in range(PASSAGES)]
        made = document(*(" ".join(some) for some in words), id=name)
        passages = tuple(
            IndexedPassage(
                passage=Passage(
                    id=f"{name}:{number}",
                    document_id=name,
                    ordinal=number,
                    start=block.start,
                    end=block.end,
                    section=None,
                    sentences=(Sentence(start=block.start, end=block.end, kind=block.kind, block=number),),
                ),
                context=(),
                sentence_terms=(tuple(some),),
            )
            for number, (block, some) in enumerate(zip(made.blocks, words, strict=True))
        )
        return replace(indexed(document("Empty.", id=name)), document=made, passages=passages)

    def question(self) -> tuple[list[Term], list[tuple[str, str]]]:
        stems = self.words(self.pick.randint(1, 9))
        terms = [Term(stem=stem, weight=self.pick.choice([1.0, 1.0, 0.5])) for stem in stems]
        return terms, list(pairwise(stems))


@pytest.fixture
def texts() -> Texts:
    return Texts()


class Followed:
    """A store and the candidate index that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = SqliteStore(folder / "store.db", "rules")
        self.following = Following(self.store, lambda: EmbeddedIndex(folder / "candidates"), lambda _: True)

    def publish(self, *added: IndexedDocument, removed: tuple[str, ...] = ()) -> None:
        self.store.publish(added, removed=removed, follower=self.following.telling())

    def searchers(self) -> tuple[Searcher, Searcher]:
        snapshot = self.store.snapshot()
        return Bm25Searcher(snapshot), CandidateSearcher(snapshot, self.following.source(snapshot))


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    made = Followed(tmp_path)
    yield made
    made.store.close()


def assert_equal(followed: Followed, texts: Texts, questions: int) -> None:
    memory, candidates = followed.searchers()
    found = 0
    for number in range(questions):
        terms, pairs = texts.question()
        limit = 50 if number % 5 == 0 else 10
        expected = memory.search(terms, limit=limit, pairs=pairs)
        assert candidates.search(terms, limit=limit, pairs=pairs) == expected
        found += bool(expected)
    assert found > questions * 0.9


def test_hits_are_equal_bit_by_bit_after_adds_deletes_and_replacements(
    followed: Followed, texts: Texts
) -> None:
    followed.publish(*(texts.document(f"d{number:03}") for number in range(660)))
    assert followed.store.snapshot().size.passages >= 9_900
    assert_equal(followed, texts, 300)

    gone = tuple(f"d{number:03}" for number in range(0, 120, 3))
    again = [texts.document(f"d{number:03}") for number in range(1, 60, 3)]
    followed.publish(*again, texts.document("new"), removed=gone)
    pending = followed.following.index.current().state.deleted  # passages that tantivy still counts
    assert pending > 100
    assert_equal(followed, texts, 200)


def test_very_common_words_are_ranked_the_same(followed: Followed, texts: Texts) -> None:
    followed.publish(*(texts.document(f"d{number:03}") for number in range(70)))
    memory, candidates = followed.searchers()
    for stems in (["w0"], ["w0", "w1"], ["w0", "w1", "w2", "w3"], ["w0", "unknown"], ["unknown"], []):
        terms = [Term(stem=stem) for stem in stems]
        pairs = list(pairwise(stems))
        expected = memory.search(terms, limit=10, pairs=pairs)
        assert candidates.search(terms, limit=10, pairs=pairs) == expected
        assert len(expected) == (0 if stems in (["unknown"], []) else 10)


def test_whatever_a_source_says_of_scores_is_true(followed: Followed, texts: Texts) -> None:
    """Also while it leaves out the commonest words, and with deletions pending."""
    followed.publish(*(texts.document(f"d{number:03}") for number in range(120)))
    followed.publish(texts.document("d003"), removed=("d000", "d001"))
    snapshot = followed.store.snapshot()
    memory, source = Bm25Searcher(snapshot), followed.following.source(snapshot)
    left_out = 0
    for number in range(60):
        stems = dict.fromkeys([*texts.words(4), "w0", f"w{number}"])
        hits = memory.search([Term(stem=stem) for stem in stems], limit=10_000)
        scores = {hit.number: hit.score for hit in hits}
        weights = {stem: memory.idf(stem) for stem in stems}
        for found in source.candidates(weights, 10):
            left_out += found.rest is not None and len(found.numbers) > 80
            assert list(found.most) == sorted(found.most, reverse=True)
            assert all(scores[one] <= most for one, most in zip(found.numbers, found.most, strict=True))
            others = max((scores[one] for one in scores.keys() - set(found.numbers)), default=0.0)
            assert others <= (found.rest or 0.0)
    assert left_out > 10


def test_documents_restrict_both_alike(followed: Followed, texts: Texts) -> None:
    followed.publish(*(texts.document(f"d{number:03}") for number in range(40)))
    memory, candidates = followed.searchers()
    wanted = ("d003", "d017", "nowhere")
    for _ in range(40):
        terms, pairs = texts.question()
        expected = memory.search(terms, limit=10, documents=wanted, pairs=pairs)
        assert candidates.search(terms, limit=10, documents=wanted, pairs=pairs) == expected
        assert {hit.passage.document_id for hit in expected} <= {"d003", "d017"}


def test_both_are_what_rank_bm25_gives_over_everything(followed: Followed, texts: Texts) -> None:
    """rank_bm25's own class over all passages, its idf alone replaced; pairs left out."""
    followed.publish(*(texts.document(f"d{number:03}") for number in range(100)))
    everything = [ranked for _, ranked in followed.store.snapshot().everything()]
    plain = BM25Okapi([ranked.terms for ranked in everything], k1=K1, b=B)
    memory, candidates = followed.searchers()
    plain.idf = {stem: memory.idf(stem) for stem in plain.idf}
    for _ in range(100):
        stems = list(dict.fromkeys(term.stem for term in texts.question()[0]))
        scores = plain.get_scores(stems)
        best = np.argsort(-scores, kind="stable")[:10]
        expected = [
            (everything[at].document_id, everything[at].ordinal, scores[at]) for at in best if scores[at]
        ]
        for searcher in (memory, candidates):
            hits = searcher.search([Term(stem=stem) for stem in stems], limit=10)
            assert [(hit.passage.document_id, hit.passage.ordinal, hit.score) for hit in hits] == expected
    assert PAIR_WEIGHT > 0


def test_an_index_that_was_left_behind_catches_up(followed: Followed, texts: Texts) -> None:
    followed.publish(*(texts.document(f"d{number:03}") for number in range(30)))
    followed.store.publish([texts.document("late")], removed=["d001"])  # as if killed before the index knew
    assert followed.following.index.current().state.moment != followed.store.moment()
    assert_equal(followed, texts, 40)
    followed.publish(texts.document("later"))
    assert_equal(followed, texts, 40)


def test_an_index_ahead_of_a_restored_store_is_made_anew(followed: Followed, texts: Texts) -> None:
    for number in range(6):
        followed.publish(texts.document(f"d{number:03}"))
    (followed.folder / "restored").mkdir()
    restored = Followed(followed.folder / "restored")
    restored.publish(texts.document("other"))
    restored.following = Following(
        restored.store, lambda: EmbeddedIndex(followed.folder / "candidates"), lambda _: True
    )
    assert_equal(restored, texts, 20)
    restored.store.close()


def test_candidates_of_a_version_that_is_gone_are_not_given(followed: Followed, texts: Texts) -> None:
    followed.publish(texts.document("one"))
    before = followed.store.snapshot()
    followed.publish(texts.document("two"))
    with pytest.raises(MovedError):
        followed.following.source(before)
    with pytest.raises(MovedError):
        before.document("one")


class Grudging:
    """A CandidateSource that names passages in any order, and says truly what the others score at most."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self.hits = hits
        self.asked: list[int] = []
        self.weights: Mapping[str, float] = {}

    def candidates(
        self, terms: Mapping[str, float], k: int, documents: Sequence[str] = ()
    ) -> Iterator[Candidates]:
        """See ports.CandidateSource."""
        assert not documents
        self.weights = terms
        rest: float | None = math.inf
        while rest is not None:
            self.asked.append(k)
            named = self.hits[:k]
            rest = max((hit.score for hit in self.hits[k:]), default=None)
            most = max((hit.score for hit in named), default=0.0)
            yield Candidates(numbers=[hit.number for hit in named], most=[most] * len(named), rest=rest)
            k *= 2


@pytest.fixture
def ranked(followed: Followed, texts: Texts) -> tuple[Snapshot, Bm25Searcher]:
    """Twelve documents of fifteen passages, nearly all of which hold the first words."""
    followed.publish(*(texts.document(f"d{number:03}") for number in range(12)))
    snapshot = followed.store.snapshot()
    return snapshot, Bm25Searcher(snapshot)


TERMS, PAIRS = [Term(stem="w0"), Term(stem="w1", weight=0.5)], [("w0", "w1")]


@pytest.mark.parametrize("limit", [1, 10, 100])
def test_a_source_that_names_the_best_last_is_asked_until_it_is_proven(
    ranked: tuple[Snapshot, Bm25Searcher], limit: int
) -> None:
    snapshot, memory = ranked
    everything = memory.search(TERMS, limit=1_000, pairs=PAIRS)
    source = Grudging(everything[::-1])

    assert CandidateSearcher(snapshot, source).search(TERMS, limit=limit, pairs=PAIRS) == everything[:limit]
    first = source.asked[0]
    assert limit <= first <= 2 * limit + 50
    assert source.asked == [first * 2**turn for turn in range(len(source.asked))]
    assert source.asked[-1] >= len(everything) > source.asked[-2]


@pytest.mark.parametrize("limit", [1, 10])
def test_a_source_that_names_the_best_first_is_asked_once(
    ranked: tuple[Snapshot, Bm25Searcher], limit: int
) -> None:
    snapshot, memory = ranked
    everything = memory.search(TERMS, limit=1_000, pairs=PAIRS)
    source = Grudging(everything)

    assert CandidateSearcher(snapshot, source).search(TERMS, limit=limit, pairs=PAIRS) == everything[:limit]
    assert len(source.asked) == 1
    assert source.asked[0] < len(everything)


def test_of_those_that_score_alike_the_first_are_found_wherever_they_are_named(followed: Followed) -> None:
    """A bound that is reached proves nothing: an earlier passage may score as much."""
    followed.publish(*(indexed(document("w0 w1", id=f"d{number:03}")) for number in range(120)))
    snapshot = followed.store.snapshot()
    everything = Bm25Searcher(snapshot).search(TERMS, limit=1_000)
    assert len({hit.score for hit in everything}) == 1

    found = CandidateSearcher(snapshot, Grudging(everything[::-1])).search(TERMS, limit=10)
    assert found == everything[:10]


def test_a_word_weighs_as_much_as_it_is_rare(ranked: tuple[Snapshot, Bm25Searcher]) -> None:
    snapshot, memory = ranked
    source = Grudging(())
    candidates = CandidateSearcher(snapshot, source)

    assert candidates.search(TERMS, limit=10, pairs=PAIRS) == ()
    common, rarer = memory.idf("w0"), memory.idf("w1")
    assert (candidates.idf("w0"), candidates.idf("w1")) == (common, rarer)
    pair = PAIR_WEIGHT * (common + rarer) / 2
    assert source.weights == {"w0": common, "w1": 0.5 * rarer, "w0 w1": pytest.approx(pair)}
    assert common < rarer
