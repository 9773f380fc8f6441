"""Search at a million passages: ``python benchmarks/million.py [passages …]`` (100,000 and 1,000,000).

The passages are made: stems by Zipf's law with a tail that grows with the corpus, three in ten of a passage
from its document's own topic, so that words come in bursts as they do in texts. They have no syntax: this
measures the store and the search, not answers. Questions are 3 to 7 stems, most from one passage. A Markdown
table comes out; the reference is rank_bm25 over everything in the same run, up to ``MOST_ALONE`` passages.
"""

import hashlib
import math
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

import numpy as np
from scale import progress, searched, settings, told

from qa_service.domain.annotation import Annotations
from qa_service.domain.document import Block, BlockKind, Document, Original, SourceMap, SourceUnit
from qa_service.domain.passage import Passage, Sentence
from qa_service.domain.ports import IndexedDocument, IndexedPassage
from qa_service.domain.question import Term
from qa_service.wiring import Service

SIZES = (100_000, 1_000_000)
PASSAGES = 15  # of a document
STEMS = 60  # of a passage, as in speeches
SENTENCES = 4
TOPICS, TOPICAL, BURST = (
    600,
    200,
    0.3,
)  # topics; words of one; share of a passage's words that are its topic's
VOCABULARY = 400_000
QUESTIONS = 500
MOST_ALONE = 100_000  # rank_bm25 needs 1.6 GB and a second a question at a million
AT_ONCE = 2000  # documents that are published together
Row = tuple[str, ...]


def documents(count: int) -> Iterator[IndexedDocument]:
    """Documents of ``PASSAGES`` passages, ``count`` passages in all; the same at every call."""
    dice = np.random.default_rng(20261122)
    topics = dice.zipf(1.2, (TOPICS, TOPICAL)) % VOCABULARY
    for number in range(count // PASSAGES):
        words = dice.zipf(1.15, PASSAGES * STEMS) % VOCABULARY
        topic = topics[dice.integers(TOPICS)]
        words = np.where(
            dice.random(words.shape) < BURST, topic[dice.integers(TOPICAL, size=words.shape)], words
        )
        yield document(number, [f"w{word}" for word in words.tolist()])


def document(number: int, stems: list[str]) -> IndexedDocument:
    """One whose text is its stems."""
    name = f"d{number:07}"
    each = STEMS // SENTENCES
    parts = [stems[start : start + each] for start in range(0, len(stems), each)]
    text = " ".join(" ".join(part) for part in parts)
    sentences, place = [], 0
    for part in parts:
        end = place + sum(map(len, part)) + len(part) - 1
        sentences.append(Sentence(start=place, end=end, kind=BlockKind.PARAGRAPH, block=0))
        place = end + 1
    passages = []
    for ordinal in range(PASSAGES):
        own = tuple(sentences[ordinal * SENTENCES : (ordinal + 1) * SENTENCES])
        end = len(text) if ordinal == PASSAGES - 1 else own[-1].end + 1
        passage = Passage(
            id=f"{name}:{ordinal}", document_id=name, ordinal=ordinal, start=own[0].start, end=end,
            section=None, sentences=own,
        )  # fmt: skip
        terms = tuple(map(tuple, parts[ordinal * SENTENCES : (ordinal + 1) * SENTENCES]))
        passages.append(IndexedPassage(passage=passage, context=(), sentence_terms=terms))
    data = text.encode()
    digest = hashlib.sha256(data).hexdigest()
    return IndexedDocument(
        document=Document(
            id=name, title=name, text=text, sha256=digest,
            blocks=(Block(kind=BlockKind.PARAGRAPH, start=0, end=len(text)),),
        ),
        original=Original(
            name=name, media_type="text/plain", data=data, sha256=digest, origin=name,
            source_map=SourceMap(unit=SourceUnit.CHARACTER, segments=()),
        ),
        passages=tuple(passages), annotations=Annotations(), entries={},
    )  # fmt: skip


def published(service: Service, count: int) -> float:
    """Fill the store; passages a second."""
    begun, waiting = time.monotonic(), []
    with progress(()) as step:
        for one in documents(count):
            waiting.append(one)
            step(0, len(one.passages))
            if len(waiting) == AT_ONCE:
                service.store.publish(waiting, follower=service.following.telling())
                waiting.clear()
        service.store.publish(waiting, follower=service.following.telling())
    return count / (time.monotonic() - begun)


def asked(service: Service) -> list[list[Term]]:
    """The stems of questions: three of one passage and up to four of anywhere."""
    pick = random.Random(20261122)  # noqa: S311 - a sample, not a secret
    snapshot = service.store.snapshot()
    ids = list(snapshot.ids())
    found = []
    while len(found) < QUESTIONS:
        (_, one), (_, other) = (pick.choice(list(snapshot.everything(pick.choice(ids)))) for _ in range(2))
        stems = dict.fromkeys([*pick.sample(one.terms, 3), *pick.sample(other.terms, pick.randrange(5))])
        found.append([Term(stem=stem) for stem in stems])
    return found


def timed(service: Service, questions: list[list[Term]]) -> list[float]:
    """Milliseconds of each search for the ten best, when all have been searched for once: their pages are in
    memory, what a worker keeps of the last few searches is not theirs."""
    edition, times = service.answering.desk.edition, []
    with edition.snapshot.pinned():
        for terms in questions:
            edition.searcher.search(terms, limit=10)
        for terms in questions:
            begun = time.perf_counter()
            edition.searcher.search(terms, limit=10)
            times.append((time.perf_counter() - begun) * 1000)
    return times


def measured(count: int, folder: Path) -> tuple[list[Row], float]:
    """The rows of one size, and the median of its searches."""
    with closing(Service(settings(str(folder / f"{count}.db"))[0])) as service:
        rate = published(service, count)
    with closing(Service(settings(str(folder / f"{count}.db"))[0])) as service:
        questions = asked(service)
        times = timed(service, questions)
        rows: list[Row] = [
            (f"{count:,} passages: stored, passages/s", f"{rate:.0f}", "", ""),
            (f"{count:,} passages: search, top 10, p50 / p99 ms", told(times), "", ""),
        ]
        if count <= MOST_ALONE:
            rows += [(f"{count:,} passages: {name}", *rest) for name, *rest in searched(service, questions)]
    return rows, median(times)


def main() -> int:
    sizes = [int(one) for one in sys.argv[1:]] or list(SIZES)
    with tempfile.TemporaryDirectory() as folder:
        found = [measured(count, Path(folder)) for count in sizes]
    print("| measured | qa_service | rank_bm25 over everything | |\n|---|---|---|---|")
    for rows, _ in found:
        for row in rows:
            print(f"| {' | '.join(row)} |")
    if len(sizes) > 1:
        growth = math.log(found[-1][1] / found[0][1]) / math.log(sizes[-1] / sizes[0])
        print(f"\nThe median of a search grows with the passages to the power of {growth:.2f}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
