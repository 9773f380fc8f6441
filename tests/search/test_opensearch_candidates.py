"""Candidates from a cluster lead to what rank_bm25 gives over everything, whatever else the cluster holds."""

import secrets
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from nodes import Cluster
from test_candidates import Texts

from qa_service.domain.address import Address
from qa_service.domain.ports import IndexedDocument, IndexedPassage, Moment
from qa_service.domain.question import Term
from qa_service.search import bm25
from qa_service.search.bm25 import Bm25Searcher
from qa_service.search.candidates import CandidateSearcher
from qa_service.store.opensearch import passages
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.passages import OpenSearchPassages
from qa_service.store.sqlite import SqliteStore

pytestmark = pytest.mark.opensearch


class Copying:
    """A Follower that copies a SQLite store's passages into the cluster, position by position."""

    def __init__(self, store: SqliteStore, kept: OpenSearchPassages) -> None:
        self.store, self.kept = store, kept
        self.position = store.moment().position
        self.waiting: list[tuple[int, IndexedPassage]] = []

    def removed(self, document_id: str) -> None:
        self.kept.end(document_id, self.position + 1)

    def added(self, document_id: str, numbered: list[tuple[int, IndexedPassage]]) -> None:
        self.kept.add(document_id, numbered, self.position + 1)

    def keep(self, moment: Moment) -> None:
        self.kept.commit()

    def forget(self) -> None:
        self.kept.undo(self.position)


class Shared:
    """A store in SQLite, whose candidates stand in the cluster."""

    def __init__(self, store: SqliteStore, kept: OpenSearchPassages) -> None:
        self.store, self.kept = store, kept

    def publish(self, *added: IndexedDocument, removed: tuple[str, ...] = ()) -> None:
        self.store.publish(added, removed=removed, follower=Copying(self.store, self.kept))

    def searchers(self) -> tuple[Bm25Searcher, CandidateSearcher]:
        snapshot = self.store.snapshot()
        length = snapshot.size.terms / snapshot.size.passages
        source = self.kept.candidates(snapshot.moment.position, length)
        return Bm25Searcher(snapshot), CandidateSearcher(snapshot, source)


@pytest.fixture
def shared(cluster: Cluster, tmp_path: Path) -> Iterator[Shared]:
    engine = Engine(Address.of(f"opensearch://{cluster.addresses}/t{secrets.token_hex(6)}"))
    store = SqliteStore(tmp_path / "store.db", "rules")
    yield Shared(store, OpenSearchPassages(engine))
    store.close()
    engine.ask("DELETE", f"/{engine.address.prefix}-*")
    engine.close()


def assert_equal(shared: Shared, texts: Texts, questions: int, documents: tuple[str, ...] = ()) -> None:
    memory, candidates = shared.searchers()
    for number in range(questions):
        terms, pairs = texts.question()
        limit = 50 if number % 5 == 0 else 10
        expected = memory.search(terms, limit=limit, pairs=pairs, documents=documents)
        assert candidates.search(terms, limit=limit, pairs=pairs, documents=documents) == expected


def test_the_formula_is_that_of_the_ranking() -> None:
    assert (passages.K1, passages.B) == (bm25.K1, bm25.B)


def test_hits_are_equal_bit_by_bit_after_adds_deletes_and_replacements(shared: Shared) -> None:
    texts = Texts()
    shared.publish(*(texts.document(f"d{number:03}") for number in range(100)))
    assert_equal(shared, texts, 80)

    gone = tuple(f"d{number:03}" for number in range(0, 60, 3))
    again = [texts.document(f"d{number:03}") for number in range(1, 60, 3)]
    shared.publish(*again, texts.document("new"), removed=gone)
    assert_equal(shared, texts, 60)
    assert_equal(shared, texts, 20, documents=("d001", "d003", "d099", "nowhere"))

    shared.kept.forget(shared.store.moment().position)
    shared.kept.commit()
    assert_equal(shared, texts, 20)


def test_who_reads_the_version_before_sees_that_one(shared: Shared) -> None:
    texts = Texts()
    shared.publish(*(texts.document(f"d{number:03}") for number in range(10)))
    there = {number for number, _ in shared.store.snapshot().everything()}
    before = shared.kept.candidates(shared.store.moment().position, 64.0)
    shared.publish(texts.document("d001"), texts.document("new"), removed=("d000",))

    words = {f"w{number}": 1.0 for number in range(60)}
    assert set(before.candidates(words, 5000).numbers) == there


def test_very_common_and_unknown_words(shared: Shared) -> None:
    texts = Texts()
    shared.publish(*(texts.document(f"d{number:03}") for number in range(30)))
    memory, candidates = shared.searchers()
    for stems in (["w0"], ["w0", "w1", "w2", "w3"], ["w0", "unknown"], ["unknown"], ["7.20", "*", "w0"], []):
        terms, pairs = [Term(stem=stem) for stem in stems], list(pairwise(stems))
        assert candidates.search(terms, limit=10, pairs=pairs) == memory.search(terms, limit=10, pairs=pairs)


def test_a_publish_that_came_to_no_end_is_undone(shared: Shared) -> None:
    texts = Texts()
    shared.publish(*(texts.document(f"d{number:03}") for number in range(20)))

    def broken() -> Iterator[IndexedDocument]:
        yield texts.document("d003")
        yield texts.document("other")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shared.store.publish(broken(), removed=("d005",), follower=Copying(shared.store, shared.kept))
    assert_equal(shared, texts, 30)
