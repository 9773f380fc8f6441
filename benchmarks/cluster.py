"""Candidates from three OpenSearch nodes on this machine beside rank_bm25 over everything: equality and time.

    .venv/bin/python benchmarks/cluster.py [documents of 15 passages] [questions]

Needs java, and what `make opensearch` builds. The words are synthetic, as unevenly common as in a language.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).parent.parent / "tests"),
    str(Path(__file__).parent.parent / "tests" / "search"),
]

from nodes import Cluster
from test_candidates import Texts

from qa_service.domain.address import Address
from qa_service.search.bm25 import Bm25Searcher
from qa_service.search.candidates import CandidateSearcher
from qa_service.store.opensearch.candidates import OpenSearchCandidates
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.store import OpenSearchStore
from qa_service.store.sqlite import SqliteStore


def main(documents: int, questions: int) -> None:
    texts = Texts()
    with tempfile.TemporaryDirectory() as folder, Cluster(Path(folder)) as cluster:
        engine = Engine(Address.of(f"opensearch://{cluster.addresses}/bench"))
        store, shared = SqliteStore(Path(folder) / "store.db", "rules"), OpenSearchStore(engine, "rules")
        made = [texts.document(f"d{number:06}") for number in range(documents)]
        store.publish(made)
        seconds = timed(lambda: shared.publish(made))
        snapshot, there = store.snapshot(), shared.snapshot()
        size = snapshot.size
        length = size.terms / size.passages
        print(f"{size.passages} passages of {length:.0f} stems into OpenSearch: {seconds:.1f} s")
        cluster.wait("green")
        taken = engine.ask("GET", f"/{engine.index('passages')}/_stats/store")["_all"]["primaries"]["store"]
        print(f"{taken['size_in_bytes'] / size.passages:.0f} bytes a passage, one copy")
        compare(
            texts, Bm25Searcher(snapshot), CandidateSearcher(there, OpenSearchCandidates(there)), questions
        )
        engine.close()
        store.close()


def compare(texts: Texts, memory: Bm25Searcher, cluster: CandidateSearcher, questions: int) -> None:
    asked = [texts.question() for _ in range(questions)]
    for terms, pairs in asked[:50]:
        cluster.search(terms, limit=10, pairs=pairs)
    times: dict[str, list[float]] = {"rank_bm25 over everything": [], "OpenSearch, then rank_bm25": []}
    equal = 0
    for terms, pairs in asked:
        found = []
        for name, searcher in zip(times, (memory, cluster), strict=True):
            begun = time.perf_counter()
            found.append(searcher.search(terms, limit=10, pairs=pairs))
            times[name].append((time.perf_counter() - begun) * 1000)
        equal += found[0] == found[1]
    for name, taken in times.items():
        centiles = statistics.quantiles(taken, n=100)
        print(f"{name:28} p50 {centiles[49]:.1f} ms   p99 {centiles[98]:.1f} ms")
    print(f"equal hits, ids and scores: {equal} of {questions}")


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(*(int(given) for given in [*sys.argv[1:], "660", "500"][:2]))
