"""Candidates from a cluster lead to what rank_bm25 gives over everything, whatever else the cluster holds."""

import secrets
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from nodes import Cluster
from test_candidates import Texts

from qa_service.domain.address import Address
from qa_service.domain.ports import IndexedDocument
from qa_service.domain.question import Term
from qa_service.search import bm25
from qa_service.search.bm25 import Bm25Searcher
from qa_service.search.candidates import CandidateSearcher
from qa_service.store.opensearch import candidates, passages, snapshot
from qa_service.store.opensearch.candidates import OpenSearchCandidates
from qa_service.store.opensearch.documents import StoredDocument
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.snapshot import OpenSearchSnapshot
from qa_service.store.opensearch.store import OpenSearchStore
from qa_service.store.sqlite import SqliteStore

pytestmark = pytest.mark.opensearch


class Both:
    """A store in SQLite and one in the cluster, of equal contents."""

    def __init__(self, store: SqliteStore, shared: OpenSearchStore) -> None:
        self.store, self.shared = store, shared

    def publish(self, *added: IndexedDocument, removed: tuple[str, ...] = ()) -> None:
        self.store.publish(added, removed=removed)
        self.shared.publish(added, removed=removed)

    def searchers(self) -> tuple[Bm25Searcher, CandidateSearcher]:
        return Bm25Searcher(self.store.snapshot()), searcher(self.shared.snapshot())


def searcher(found: OpenSearchSnapshot) -> CandidateSearcher:
    return CandidateSearcher(found, OpenSearchCandidates(found))


@pytest.fixture
def both(cluster: Cluster, tmp_path: Path) -> Iterator[Both]:
    engine = Engine(Address.of(f"opensearch://{cluster.addresses}/t{secrets.token_hex(6)}"))
    store = SqliteStore(tmp_path / "store.db", "rules")
    yield Both(store, OpenSearchStore(engine, "rules"))
    store.close()
    engine.ask("DELETE", f"/{engine.address.prefix}-*")
    engine.close()


def assert_equal(both: Both, texts: Texts, questions: int, documents: tuple[str, ...] = ()) -> None:
    memory, candidates = both.searchers()
    for number in range(questions):
        terms, pairs = texts.question()
        limit = 50 if number % 5 == 0 else 10
        expected = memory.search(terms, limit=limit, pairs=pairs, documents=documents)
        assert candidates.search(terms, limit=limit, pairs=pairs, documents=documents) == expected


def test_the_formula_is_that_of_the_ranking() -> None:
    assert (candidates.K1, passages.B) == (bm25.K1, bm25.B)


def test_hits_are_equal_bit_by_bit_after_adds_deletes_and_replacements(both: Both) -> None:
    texts = Texts()
    both.publish(*(texts.document(f"d{number:03}") for number in range(30)))
    assert_equal(both, texts, 30)

    gone = tuple(f"d{number:03}" for number in range(0, 20, 3))
    again = [texts.document(f"d{number:03}") for number in range(1, 20, 3)]
    both.publish(*again, texts.document("new"), removed=gone)
    assert_equal(both, texts, 30)
    assert_equal(both, texts, 10, documents=("d001", "d003", "d029", "nowhere"))
    assert_equal(both, texts, 10, documents=("d001", "d003", "d004", "d005", "d029", "nowhere"))


def test_a_few_documents_are_ranked_without_a_search(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    texts, wanted = Texts(), ("d01", "d04", "nowhere")
    both.publish(*(texts.document(f"d{number:02}") for number in range(8)))
    with monkeypatch.context() as patched:
        patched.delattr(OpenSearchSnapshot, "best")
        patched.setattr(
            OpenSearchSnapshot, "_read", lambda _, numbers: pytest.fail("asked") if numbers else {}
        )
        assert_equal(both, texts, 5, documents=wanted)
    for owner, name, value in (
        (snapshot, "FEW", 2),  # too many
        (snapshot, "SHORT", 3),  # too long
        (StoredDocument, "is_short", lambda *_: False),  # stored before it was told
    ):
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, value)
            assert both.shared.snapshot().within(wanted) is None
            assert_equal(both, texts, 5, documents=wanted)


def test_who_reads_the_version_before_sees_that_one(both: Both) -> None:
    texts = Texts()
    both.publish(*(texts.document(f"d{number:03}") for number in range(10)))
    before = both.shared.snapshot()
    there = {number for number, _ in before.everything()}
    both.publish(texts.document("d001"), texts.document("new"), removed=("d000",))

    words = {f"w{number}": 1.0 for number in range(60)}
    assert set(next(OpenSearchCandidates(before).candidates(words, 5000)).numbers) == there
    after = next(OpenSearchCandidates(both.shared.snapshot()).candidates(words, 5000)).numbers
    assert set(after) == {number for number, _ in both.shared.snapshot().everything()} != there


def test_very_common_and_unknown_words(both: Both) -> None:
    texts = Texts()
    both.publish(*(texts.document(f"d{number:03}") for number in range(10)))
    memory, candidates = both.searchers()
    for stems in (["w0"], ["w0", "w1", "w2", "w3"], ["w0", "unknown"], ["unknown"], ["7.20", "*", "w0"], []):
        terms, pairs = [Term(stem=stem) for stem in stems], list(pairwise(stems))
        assert candidates.search(terms, limit=10, pairs=pairs) == memory.search(terms, limit=10, pairs=pairs)


def test_a_publish_that_came_to_no_end_is_never_seen(both: Both) -> None:
    texts = Texts()
    both.publish(*(texts.document(f"d{number:03}") for number in range(10)))
    others = [texts.document("d003"), texts.document("other")]

    def broken() -> Iterator[IndexedDocument]:
        yield from others
        raise KeyboardInterrupt

    for store in (both.store, both.shared):
        with pytest.raises(KeyboardInterrupt):
            store.publish(broken(), removed=("d005",))
    assert_equal(both, texts, 10)
    both.publish(texts.document("d007"), removed=("d001",))
    assert_equal(both, texts, 10)
    assert both.shared.version() == both.store.version()
