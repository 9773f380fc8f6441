"""A document becomes an indexed document: chunked, annotated, its words analysed. Many are shared out to
processes, one for each core.
"""

import gc
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait

from qa_service import chunk
from qa_service.annotate.aliases import Aliases
from qa_service.annotate.annotations import annotate
from qa_service.annotate.directory import entries
from qa_service.domain.document import Document, Ingested
from qa_service.domain.passage import Passage
from qa_service.domain.ports import Analyser, IndexedDocument, IndexedPassage
from qa_service.search.analysis import EnglishAnalyser

TITLE_WEIGHT = 1  # times that a title counts in each of its passages
ALONE = 24  # documents that are not worth another process
TOGETHER = 4  # documents that are sent to a process at once
NICE = 5  # of the processes that derive: who asks on this machine comes first
AHEAD = 4  # such batches that wait, for each process


@dataclass(frozen=True)
class Deriving:
    """What is derived from documents depends on nothing but their text, these names and the code."""

    analyser: Analyser
    aliases: Aliases

    def one(self, item: Ingested) -> IndexedDocument:
        """The indexed document."""
        document = item.document
        sentences = chunk.sentences(document)
        passages = chunk.passages(document, sentences)
        annotations = annotate(document, sentences, self.aliases)
        return IndexedDocument(
            document=document,
            original=item.original,
            passages=tuple(self._passage(document, passage) for passage in passages),
            annotations=annotations,
            entries=entries(document, annotations, self.aliases, self.analyser),
        )

    def _passage(self, document: Document, passage: Passage) -> IndexedPassage:
        return IndexedPassage(
            passage=passage,
            context=self._stems(document.title) * TITLE_WEIGHT + self._stems(passage.section or ""),
            sentence_terms=tuple(
                self._stems(document.text[one.start : one.end]) for one in passage.sentences
            ),
        )

    def _stems(self, text: str) -> tuple[str, ...]:
        return self.analyser.stems(text)

    def many(self, items: Iterable[Ingested]) -> Iterator[IndexedDocument]:
        """The indexed documents in their order, read from ``items`` little by little."""
        items = iter(items)
        few = list(islice(items, ALONE))
        more = list(islice(items, 1))
        yield from map(self.one, few)
        if more:
            yield from self._shared_out(chain(more, items))

    def _shared_out(self, items: Iterable[Ingested]) -> Iterator[IndexedDocument]:
        processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        waiting: deque[Future[list[IndexedDocument]]] = deque()
        pool = ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(self.aliases,)
        )
        with pool:
            for some in _batched(items):
                waiting.append(pool.submit(_derived, some))
                if len(waiting) >= AHEAD * processes:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()


def _batched(items: Iterable[Ingested]) -> Iterator[tuple[Ingested, ...]]:
    items = iter(items)
    while some := tuple(islice(items, TOGETHER)):
        yield some


_here: list[Deriving] = []  # of a process that is shared work


def _begin(aliases: Aliases) -> None:
    os.nice(NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # what is derived is large and no garbage: looked over less often
    _here.append(Deriving(EnglishAnalyser(), aliases))


def _end_with_parent() -> None:
    """A process waits for work on a pipe that it holds open itself, and would outlive its parent."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _derived(items: tuple[Ingested, ...]) -> list[IndexedDocument]:
    return [_here[0].one(item) for item in items]
