"""Time questions over thousands of documents: ``python benchmarks/many_documents.py FILE.jsonl.gz [count]``.

The file holds a document a line (``id`` or ``doc_id``, ``title``, ``date`` or ``published``, ``author``,
``text``). They are ingested into a temporary store; ``QA_BENCH_STORE`` names a file to keep it in and to use
again. A Markdown table comes out: how long ingest and opening take, and milliseconds by form of question,
beside rank_bm25 over everything for the same words. Questions are made of words of one sentence.
"""

import gzip
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from rank_bm25 import BM25Okapi

from qa_service.domain.question import Message
from qa_service.settings import load
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
EACH = 40  # questions of a form
SLOW = 20  # of them are put to rank_bm25 over everything


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


def questions(service: Service) -> dict[str, list[str]]:
    """Questions by form; equal stores give equal questions."""
    pick = random.Random(20261122)  # noqa: S311 - a sample, not a secret
    edition = service.answering.desk.edition
    passages = pick.sample(edition.passages, EACH * len(FORMS))
    made: dict[str, list[str]] = {form: [] for form in FORMS}
    for number, passage in enumerate(passages):
        sentence = pick.choice(passage.sentences)
        text = edition.text(passage, sentence.start, sentence.end)
        words = [
            token.word for token in service.analyser.tokens(text) if token.content and len(token.word) > 3
        ]
        if len(words) < 3:
            continue
        a, b, c = pick.sample(words, 3)
        x, y = pick.sample(STATES, 2)
        form = list(FORMS)[number % len(FORMS)]
        made[form].append(FORMS[form].format(a=a, b=b, c=c, x=x, y=y))
    return made


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def told(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered):.1f} / {ordered[int(len(ordered) * 0.99)]:.1f}"


def built(service: Service, path: Path, count: int) -> str:
    """Ingest what is not there yet; the seconds that it took."""
    if service.store.version():
        return "kept"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "documents.jsonl"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row) + "\n" for row in lines(path, count))
        return f"{timed(lambda: service.indexing.ingest([file])) / 1000:.0f}"


def main() -> int:
    path, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    with tempfile.TemporaryDirectory() as folder:
        store = os.environ.get("QA_BENCH_STORE", f"{folder}/store.db")
        settings = load(
            {
                "QA_STORE": f"sqlite:///{store}",
                "QA_REMEMBERED_ANSWERS": "0",
                "QA_RECORD_ANSWERS": "false",
                "QA_INGEST_FILE_BYTES": str(2**32),
                "QA_INGEST_SECONDS": "3600",
                "QA_INGEST_MEMORY_BYTES": str(2**33),
            }
        )
        with closing(Service(settings)) as service:
            seconds = built(service, path, count)
            opened = timed(lambda: service.answering.desk) / 1000
            show(service, seconds, opened)
    return 0


def show(service: Service, seconds: str, opened: float) -> None:
    edition = service.answering.desk.edition
    print(
        f"{len(edition.documents)} documents, {len(edition.passages)} passages; "
        f"ingest {seconds} s, opening {opened:.1f} s\n"
    )
    service.answering.answer(Message(text="Hello"))
    asked = questions(service)
    ours = {
        form: [timed(lambda text=text: service.answering.answer(Message(text=text))) for text in texts]
        for form, texts in asked.items()
    }
    again = [
        timed(lambda text=text: service.answering.answer(Message(text=text)))
        for texts in asked.values()
        for text in texts
    ]
    okapi = BM25Okapi([one.terms for one in service.store.contents().passages])
    sample = [text for texts in asked.values() for text in texts[: SLOW // len(FORMS) + 1]]
    slow = [timed(lambda text=text: okapi.get_scores(stems(service, text))) for text in sample]
    print("| ms, p50 / p99 | qa_service | rank_bm25 over everything |\n|---|---|---|")
    for form, times in ours.items():
        print(f"| {form}, {len(times)} questions | {told(times)} | |")
    print(f"| all, asked once | {told([one for times in ours.values() for one in times])} | {told(slow)} |")
    print(f"| all, asked again | {told(again)} | |")


def stems(service: Service, text: str) -> list[str]:
    return [token.stem for token in service.analyser.tokens(text) if token.content]


if __name__ == "__main__":
    sys.exit(main())
