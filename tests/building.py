"""Documents, passages and settings made for a test, without files where none are needed."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from qa_service import chunk
from qa_service.domain.annotation import Annotations
from qa_service.domain.document import (
    Block,
    BlockKind,
    Document,
    Original,
    Segment,
    SourceMap,
    SourceUnit,
)
from qa_service.domain.passage import Passage, Sentence
from qa_service.domain.ports import IndexedDocument, IndexedPassage
from qa_service.search.analysis import EnglishAnalyser
from qa_service.settings import Settings, load
from qa_service.wiring import Service

ANALYSER = EnglishAnalyser()
COMMENTARY = Path(__file__).parent / "fixtures" / "commentary.md"
BETWEEN_BLOCKS = "\n\n"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


def settings_in(folder: Path, **values: str) -> Settings:
    """Settings with a store in ``folder``, not there yet; values such as QA_PROMPTS replace the defaults.

    Answers are not recorded unless asked for: nothing writes into a store that tests copy or damage.
    """
    store = f"sqlite:///{folder / 'store.db'}"
    return load({"QA_STORE": store, "QA_RECORD_ANSWERS": "false", **values})


def ingested(settings: Settings) -> Service:
    """A service whose store holds the commentary."""
    service = Service(settings)
    service.prepare()
    report = service.indexing.ingest([COMMENTARY])
    assert not report.rejected
    return service


def replaced(file: Path, data: bytes) -> None:
    """Give a file other bytes as a file of its own: who has mapped it keeps the earlier one.

    To cut off one that is mapped is a bus error in whoever reads it: tantivy looks at its files now and then.
    """
    made = file.with_name(f"{file.name}.made")
    made.write_bytes(data)
    made.replace(file)


def overwritten(file: Path, data: bytes) -> None:
    """Give a file that may be mapped other bytes, as many as it has."""
    assert len(data) == file.stat().st_size
    with file.open("r+b") as opened:
        opened.write(data)


def document(*blocks: str | tuple[BlockKind, str], **values: Any) -> Document:
    """A document of these blocks: "# …" is a heading, "- …" a list item, any other string a paragraph."""
    made: list[Block] = []
    offset = 0
    texts: list[str] = []
    for block in blocks:
        kind, text = _read(block) if isinstance(block, str) else block
        level = 1 if kind is BlockKind.HEADING else 0
        made.append(Block(kind=kind, start=offset, end=offset + len(text), level=level))
        texts.append(text)
        offset += len(text) + len(BETWEEN_BLOCKS)
    text = BETWEEN_BLOCKS.join(texts)
    values = {"id": "doc", "title": "A title"} | values
    return Document(text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), blocks=tuple(made), **values)


def _read(block: str) -> tuple[BlockKind, str]:
    if block.startswith("# "):
        return BlockKind.HEADING, block[2:]
    if block.startswith("- "):
        return BlockKind.LIST_ITEM, block[2:]
    return BlockKind.PARAGRAPH, block


def altered(document: Document, text: str) -> Document:
    """The document with another text under the same hash: what a damaged store would hold."""
    return replace(document, text=text)


def passages(document: Document) -> tuple[Passage, ...]:
    """The document's passages."""
    return chunk.passages(document, chunk.sentences(document))


def sentence_texts(document: Document) -> list[str]:
    """The document's sentences as text."""
    return [text_of(document, sentence) for sentence in chunk.sentences(document)]


def text_of(document: Document, span: Sentence | Passage) -> str:
    """The text of a sentence or passage."""
    return document.text[span.start : span.end]


def indexed(document: Document, *, origin: str | None = None, **annotations: Any) -> IndexedDocument:
    """The document as indexing would hand it to a store, with these annotations."""
    data = document.text.encode()
    return IndexedDocument(
        document=document,
        original=Original(
            name=f"{document.id}.txt",
            media_type="text/plain",
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            origin=origin or f"/somewhere/{document.id}.txt",
            source_map=SourceMap(
                unit=SourceUnit.CHARACTER,
                segments=tuple(
                    Segment(start=one.start, end=one.end, source_start=one.start, source_end=one.end)
                    for one in document.blocks
                ),
            ),
        ),
        passages=tuple(_analysed(document, passage) for passage in passages(document)),
        annotations=Annotations(**annotations),
        entries={},
    )


def _analysed(document: Document, passage: Passage) -> IndexedPassage:
    stems = tuple(
        tuple(token.stem for token in ANALYSER.tokens(text_of(document, one)) if token.content)
        for one in passage.sentences
    )
    return IndexedPassage(passage=passage, context=(), sentence_terms=stems)


@contextmanager
def repeated_beside(work: Callable[[], object], threads: int = 2) -> Iterator[None]:
    """Do ``work`` over and over in threads while the block runs; its errors are raised at the end."""
    done = threading.Event()

    def repeat() -> None:
        while not done.is_set():
            work()

    with at_once([repeat] * threads):
        try:
            yield
        finally:
            done.set()


@contextmanager
def at_once(works: list[Callable[[], object]]) -> Iterator[None]:
    """Start all of ``works`` in threads at the same moment; the errors of any are raised at the end."""
    barrier = threading.Barrier(len(works))
    problems: list[Exception] = []

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            work()
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
    if problems:
        raise ExceptionGroup("in threads", problems)
