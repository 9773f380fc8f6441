"""A store in three OpenSearch nodes beside one in a file:
``python benchmarks/cluster.py FILE.jsonl.gz [count]``.

The file holds a document a line, as for scale.py; ``count`` of them (500) are ingested into both. Nodes run
on this machine (it needs java, and what ``make opensearch`` builds), unless ``BENCH_CLUSTER`` names others:
opensearch://host:port/prefix. A Markdown table comes out: ingest, opening, whole questions by form, and how
often an answer and a top 10 were equal. Each question is asked of the one and then of the other, so that both
have the machine as it is.
"""

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent / "tests")]

from nodes import Cluster
from scale import FORMS, lines, questions, timed, told

from qa_service.domain.question import Message
from qa_service.settings import load
from qa_service.wiring import Service

DOCUMENTS = 500
WARM = 70  # questions that are asked first, and not counted
ASKED = 210
Row = tuple[str, str, str]


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The store in the cluster, as QA_STORE names it."""
    if named := os.environ.get("BENCH_CLUSTER"):
        yield named
        return
    with Cluster(folder) as nodes:
        yield f"opensearch://{nodes.addresses}/bench"


def service(store: str) -> Service:
    """A service that forgets its answers and ranks candidates, however few passages there are."""
    beyond = "opensearch" if store.startswith("opensearch") else "tantivy"
    return Service(
        load(
            {
                "QA_STORE": store,
                "QA_CANDIDATES": beyond,
                "QA_REMEMBERED_ANSWERS": "0",
                "QA_RECORD_ANSWERS": "false",
            }
        )
    )


def ingested(one: Service, file: Path) -> str:
    """Ingest what is not there yet; passages a second."""
    seconds = timed(lambda: one.indexing.ingest([file])) / 1000
    return f"{one.store.snapshot().size.passages / seconds:.0f}"


def opened(one: Service) -> str:
    """Milliseconds until a process can answer."""
    return f"{timed(lambda: one.answering.desk):.0f}"


def both(works: Sequence[Callable[[], object]]) -> tuple[list[float], list[object]]:
    """The milliseconds that each work takes, one after the other, and what each gives."""
    given: list[object] = []

    def once(work: Callable[[], object]) -> float:
        return timed(lambda: given.append(work()))

    return [once(work) for work in works], given


def compared(services: Sequence[Service], made: Sequence[tuple[str, str]]) -> list[Row]:
    """Whole questions."""
    times: dict[str, list[list[float]]] = {form: [] for form in FORMS}
    equal = 0
    for place, (form, text) in enumerate(made):
        message = Message(text=text)
        taken, answers = both([partial(one.answering.answer, message) for one in services])
        times[form] += [taken] if place >= WARM else []
        equal += answers[0] == answers[1]
    rows = [(f"Question, {form}, p50 / p99 ms", *columns(some)) for form, some in times.items()]
    every = [taken for some in times.values() for taken in some]
    medians = [statistics.median(column) for column in zip(*every, strict=True)]
    return [
        *rows,
        ("Question, all forms, p50 / p99 ms", *columns(every)),
        ("p50 beside that of the file", "1", f"{medians[1] / medians[0]:.2f}"),
        ("Equal answers", "", f"{equal} of {len(made)}"),
    ]


def columns(times: Sequence[Sequence[float]]) -> tuple[str, str]:
    alone, shared = zip(*times, strict=True)
    return told(alone), told(shared)


def ranked(services: Sequence[Service], made: Sequence[tuple[str, str]]) -> Row:
    """Searches, whose hits are passages with their scores."""
    desks = [one.answering.desk for one in services]
    times: list[list[float]] = []
    equal = 0
    for _, text in made:
        question = desks[0].understanding.question(Message(text=text))
        searches = [
            partial(desk.edition.searcher.search, question.terms, limit=10, pairs=question.pairs)
            for desk in desks
        ]
        taken, hits = both(searches)
        times.append(taken)
        equal += hits[0] == hits[1]
    return (f"Search, top 10, p50 / p99 ms ({equal} of {len(made)} equal)", *columns(times))


def main() -> int:
    path, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else DOCUMENTS
    with tempfile.TemporaryDirectory() as name, cluster(Path(name)) as store:
        file = Path(name) / "documents.jsonl"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row) + "\n" for row in lines(path, count))
        with closing(service(f"sqlite:///{name}/store.db")) as alone, closing(service(store)) as shared:
            services = (alone, shared)
            rows: list[Row] = [
                ("Ingest, passages/s", ingested(alone, file), ingested(shared, file)),
                ("Opening, ms", opened(alone), opened(shared)),
            ]
            made = questions(alone)
            rows += compared(services, made[: WARM + ASKED])
            rows.append(ranked(services, made[WARM + ASKED :]))
            size = alone.store.snapshot().size
    print(f"{size.documents:,} documents, {size.passages:,} passages\n")
    print("| measured | in a file | in three OpenSearch nodes |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
