"""One ranking at any size: ``python benchmarks/scale.py FILE.jsonl.gz [count]``.

The file holds a document a line (``id`` or ``doc_id``, ``title``, ``date`` or ``published``, ``author``,
``text``). They are ingested into a temporary store; ``BENCH_STORE`` names a file to keep it in and to use
again, ``BENCH_QUESTIONS`` a file of questions (docs/evaluation.md) that are put too. A Markdown table comes:
ingest, opening, whole questions by form, memory, how soon another process finds a document that is added, and
search beside rank_bm25 over everything (with a comparison of each top 10).
Questions are made of words of one sentence.
"""

import gc
import gzip
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
from rank_bm25 import BM25Okapi

from qa_service.domain.question import Message, Term
from qa_service.search.bm25 import K1, B
from qa_service.settings import Settings, load
from qa_service.wiring import Service

FORMS = {
    "fact": "What is said about {a} {b} {c}?",
    "when": "When did {a} {b} {c}?",
    "who": "Who spoke of {a} {b} {c}?",
    "why": "Why did {a} {b} {c}?",
    "position": "What is the position of {x} on {a} {b}?",
    "divergence": "How do {x} and {y} differ on {a}?",
    "timeline": "Give me a timeline of {a} {b}",
}
STATES = (
    "Russia",
    "the United States",
    "China",
    "France",
    "India",
    "Brazil",
    "Egypt",
    "Japan",
    "Norway",
    "Cuba",
)
EACH = 72  # questions of a form: 504 in all
ASKED = 210  # of them are asked whole
ADDED = 10  # documents that are added one by one
Row = tuple[str, str, str, str]


def lines(path: Path, count: int) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in islice(map(json.loads, file), count):
            yield {
                "id": row.get("id") or row["doc_id"],
                "title": row["title"],
                "published": row.get("published") or row["date"],
                "author": row.get("author") or row.get("iso", ""),
                "text": row["text"],
            }


def questions(service: Service) -> list[tuple[str, str]]:
    """Forms and questions; equal stores give equal questions."""
    pick = random.Random(20261122)  # noqa: S311 - a sample, not a secret
    edition = service.answering.desk.edition
    ids = list(edition.documents)
    made: list[tuple[str, str]] = []
    while len(made) < EACH * len(FORMS):
        document_id = pick.choice(ids)
        passage = pick.choice(edition.passages_of(document_id))
        sentence = pick.choice(passage.sentences)
        tokens = service.analyser.tokens(edition.text(passage, sentence.start, sentence.end))
        words = [token.word for token in tokens if token.content and len(token.word) > 3]
        if len(words) >= 3:
            a, b, c = pick.sample(words, 3)
            x, y = pick.sample(STATES, 2)
            form = list(FORMS)[len(made) % len(FORMS)]
            made.append((form, FORMS[form].format(a=a, b=b, c=c, x=x, y=y)))
    return made


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def told(times: Sequence[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered):.2f} / {ordered[int(len(ordered) * 0.99)]:.2f}"


def ingested(service: Service, path: Path, count: int) -> list[Row]:
    """Ingest what is not there yet."""
    if service.store.version():
        return []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "documents.jsonl"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row) + "\n" for row in lines(path, count))
        seconds = timed(lambda: service.indexing.ingest([file], progress=progress)) / 1000
    passages = service.store.snapshot().size.passages
    own, theirs = (resource.getrusage(who).ru_maxrss // 1024 for who in (0, resource.RUSAGE_CHILDREN))
    return [
        ("Ingest, passages/s", f"{passages / seconds:.0f}", "", ""),
        ("Ingest, peak memory MB: this process, largest of the others", f"{own}, {theirs}", "", ""),
    ]


@contextmanager
def progress(_: Sequence[Path]) -> Iterator[Callable[[int, int], None]]:
    begun, made = time.monotonic(), 0

    def step(_: int, passages: int) -> None:
        nonlocal made
        if made // 10_000 != (made + passages) // 10_000:
            print(f"{made:,} passages, {made / (time.monotonic() - begun):.0f}/s", file=sys.stderr)
        made += passages

    yield step


def searched(service: Service, asked: Sequence[Sequence[Term]]) -> list[Row]:
    """Search beside rank_bm25's own class over every passage, its idf alone replaced."""
    edition = service.answering.desk.edition
    everything = [ranked for _, ranked in edition.snapshot.everything()]
    places = {(one.document_id, one.ordinal): place for place, one in enumerate(everything)}
    plain = BM25Okapi([one.terms for one in everything], k1=K1, b=B)
    plain.idf = {stem: edition.searcher.idf(stem) for stem in plain.idf}
    ours: list[float] = []
    alone: list[float] = []
    equal = 0
    with edition.snapshot.pinned():
        for (
            terms
        ) in asked:  # what they read comes into memory; what is kept of the last searches is not theirs
            edition.searcher.search(terms, limit=10)
    for terms in asked:
        stems = [term.stem for term in terms]
        found: list[object] = []
        with edition.snapshot.pinned():
            ours.append(
                timed(lambda terms=terms, found=found: found.append(edition.searcher.search(terms, limit=10)))
            )
        scores: list[np.ndarray] = []
        alone.append(timed(lambda stems=stems, scores=scores: scores.append(plain.get_scores(stems))))
        best = np.argsort(-scores[0], kind="stable")[:10]
        expected = [(int(place), scores[0][place]) for place in best if scores[0][place] > 0]
        hits = [(places[hit.passage.document_id, hit.passage.ordinal], hit.score) for hit in found[0]]  # type: ignore[attr-defined]
        equal += hits == expected
    times = statistics.median(alone) / statistics.median(ours)
    return [
        ("Search, top 10, p50 / p99 ms", told(ours), told(alone), f"{times:.0f} times as fast"),
        ("The same ids and scores as rank_bm25 over everything", f"{equal} of {len(asked)}", "", ""),
    ]


def asked(service: Service, made: Sequence[tuple[str, str]]) -> list[Row]:
    times: dict[str, list[float]] = {form: [] for form in FORMS}
    for form, text in made:
        times[form].append(timed(lambda text=text: service.answering.answer(Message(text=text))))
    rows = [(f"Question, {form}, p50 / p99 ms", told(some), "", "") for form, some in times.items()]
    every = [one for some in times.values() for one in some]
    return [*rows, ("Question, all forms, p50 / p99 ms", told(every), "", "")]


def put(service: Service, file: str) -> list[Row]:
    """The questions of a file: when first asked, and when what they read is in memory."""
    rows = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines() if line.strip()]
    messages = [Message(text=row["question"], history=tuple(row.get("history", ()))) for row in rows]
    again = ("first asked", "asked again")
    told_of = {
        how: [timed(lambda one=one: service.answering.answer(one)) for one in messages] for how in again
    }
    return [
        (f"{len(messages)} questions of {Path(file).name}, {how}, p50 / p99 ms", told(times), "", "")
        for how, times in told_of.items()
    ]


def private() -> Row:
    rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in rollup.splitlines()[1:]}
    return ("Private memory of a process that answers, MB", f"{kilobytes['Anonymous'] / 1024:.0f}", "", "")


READER = """
import sys, time
from qa_service.domain.question import Message
from qa_service.settings import load
from qa_service.wiring import Service
service = Service(load())
service.answering.desk
print("ready", flush=True)
for line in sys.stdin:
    question = Message(text=line.strip())
    while not service.answering.answer(question).answered:
        time.sleep(0.001)
    print(time.time(), flush=True)
"""


def added(service: Service, environment: dict[str, str]) -> Row:
    """From the call that takes a document to the first answer that another process gives from it."""
    reader = subprocess.Popen(
        [sys.executable, "-c", READER],
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin and reader.stdout
    reader.stdout.readline()
    times = []
    for number in range(ADDED):
        name = f"Quillmark{chr(97 + number)}y"
        text = f"# {name}\n\n" + "\n\n".join(
            f"The village of {name} built its {part}th mill in {1900 + part}. " * 6 for part in range(15)
        )
        reader.stdin.write(f"When did the village of {name} build its mill?\n")
        reader.stdin.flush()
        time.sleep(0.3)
        begun = time.time()
        report = service.indexing.receive([(f"{name}.md", text.encode())])
        times.append((float(reader.stdout.readline()) - begun) * 1000)
        service.indexing.remove(report.added[0])
    reader.stdin.close()
    reader.wait()
    return ("A document of 15 passages, from its upload to another process's answer, ms", told(times), "", "")


def settings(store: str) -> tuple[Settings, dict[str, str]]:
    environment = {
        "QA_STORE": f"sqlite:///{store}",
        "QA_REMEMBERED_ANSWERS": "0",
        "QA_RECORD_ANSWERS": "false",
    }
    return load(environment), environment


def main() -> int:
    path, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else sys.maxsize
    with tempfile.TemporaryDirectory() as folder:
        made, environment = settings(os.environ.get("BENCH_STORE", f"{folder}/store.db"))
        with closing(Service(made)) as service:
            rows = ingested(service, path, count)
        with closing(Service(made)) as service:
            opened = timed(lambda: service.answering.desk)
            size = service.store.snapshot().size
            rows.append(("Opening the store, ms", f"{opened:.0f}", "", ""))
            service.answering.answer(Message(text="Hello"))
            gc.collect()
            gc.freeze()  # as gunicorn.conf.py does
            gc.set_threshold(20_000, 20, 50)
            if "BENCH_QUESTIONS" in os.environ:
                rows += put(service, os.environ["BENCH_QUESTIONS"])
            those = questions(service)
            rows += asked(service, those[:ASKED])
            rows.append(private())
            rows.append(added(service, environment))
            understanding = service.answering.desk.understanding
            understood = (understanding.question(Message(text=text)) for _, text in those)
            rows += searched(service, [[Term(stem=one.stem) for one in made.terms] for made in understood])
    print(f"{size.documents:,} documents, {size.passages:,} passages\n")
    print("| measured | qa_service | rank_bm25 over everything | |\n|---|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
