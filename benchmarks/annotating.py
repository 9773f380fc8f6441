"""Measure how fast documents are annotated: ``python benchmarks/annotating.py [rounds] [speeches.jsonl.gz]``.

A Markdown table comes out: passages a second and milliseconds a sentence, for ``annotate`` and its parts and,
in the same rounds, for syntok's sentence splitting of the same text. Text that ships with the project comes
first; where the file of speeches is there, text that is read once. Seconds are of the processor, figures are
medians of the rounds; the first round has not seen the words before.
"""

import gzip
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from time import process_time
from typing import TypeVar

from qa_service import chunk
from qa_service.annotate.acronyms import by_initials
from qa_service.annotate.aliases import Aliases, load_aliases
from qa_service.annotate.annotations import _tokens, annotate
from qa_service.annotate.definitions import definitions_of
from qa_service.annotate.events import events_of
from qa_service.annotate.names import names_of
from qa_service.annotate.positions import positions_of
from qa_service.annotate.rows import numbered
from qa_service.domain.document import Document, Ingested
from qa_service.domain.passage import Sentence
from qa_service.ingest import discover, read

ROOT = Path(__file__).parents[1]
SHIPPED = (ROOT / "index" / "corpus", ROOT / "tests" / "fixtures" / "commentary.md")
SPEECHES = ROOT.parent / "shared" / "scale" / "ungdc_two_actor_subset_2001_2024.jsonl.gz"
COUNT = 60  # speeches; the shipped text is repeated to be about a third of them
REPEATS = 12
PASSAGE = 790  # characters
ROUNDS = 5
Read = tuple[Document, tuple[Sentence, ...]]
Seconds = dict[str, float]
Result = TypeVar("Result")


def main() -> int:
    rounds = max(ROUNDS, int(sys.argv[1])) if len(sys.argv) > 1 else ROUNDS
    speeches = Path(sys.argv[2]) if len(sys.argv) > 2 else SPEECHES
    aliases = load_aliases(ROOT / "index" / "aliases.toml")
    _show("text that ships", _documents(SHIPPED) * REPEATS, aliases, rounds)
    if speeches.is_file():
        _show("speeches", _speeches(speeches), aliases, rounds)
    else:
        print(f"no speeches: {speeches.name} is not there")
    return 0


def _documents(paths: Iterable[Path]) -> list[Read]:
    items = (item for path in discover(paths) for item in read(path))
    documents = (item.document for item in items if isinstance(item, Ingested))
    return [(document, chunk.sentences(document)) for document in documents]


def _speeches(path: Path) -> list[Read]:
    with gzip.open(path, "rt", encoding="utf-8") as lines, tempfile.TemporaryDirectory() as folder:
        rows = [json.loads(line) for line in islice(lines, COUNT)]
        named = ({"id": row["doc_id"], "published": row["date"]} for row in rows)
        kept = ({"title": row["title"], "text": row["text"]} for row in rows)
        file = Path(folder) / "speeches.jsonl"
        file.write_text("\n".join(json.dumps(a | b) for a, b in zip(named, kept, strict=True)))
        return _documents([file])


def _show(name: str, documents: Sequence[Read], aliases: Aliases, rounds: int) -> None:
    sentences = sum(len(found) for _, found in documents)
    passages = sum(len(document.text) for document, _ in documents) / PASSAGE
    times = [_round(documents, aliases) for _ in range(rounds)]
    print(f"\n{name}: {len(documents)} documents, {sentences} sentences, {rounds} rounds\n")
    print("| what | passages/s | ms a sentence | least to most |")
    print("|---|---:|---:|---:|")
    for what in times[0]:
        each = sorted(1000 * one[what] / sentences for one in times)
        print(_line(what, passages, median(each) * sentences / 1000, each))
    first = times[0]["annotate()"]
    print(_line("annotate(), first round", passages, first, [1000 * first / sentences]))


def _line(what: str, passages: float, seconds: float, each: Sequence[float]) -> str:
    middle = f"{median(each):.3f}"
    return f"| {what} | {passages / seconds:.0f} | {middle} | {each[0]:.3f} to {each[-1]:.3f} |"


def _round(documents: Sequence[Read], aliases: Aliases) -> Seconds:
    """Seconds of the whole, of its parts and of the reference, taken document by document in turn."""
    spent: Seconds = {}
    for document, sentences in documents:
        _timed(spent, "annotate()", lambda d=document, s=sentences: annotate(d, s, aliases))
        _parts(spent, document, sentences, aliases)
        _timed(spent, "reference: syntok sentences", lambda d=document: chunk.sentences(d))
    return spent


def _parts(spent: Seconds, document: Document, sentences: Sequence[Sentence], aliases: Aliases) -> None:
    text = document.text
    tokens, marks = _timed(spent, "- tokens", lambda: _tokens(document, sentences))
    initials = _timed(spent, "- acronyms", lambda: by_initials(text))
    names = _timed(spent, "- names", lambda: names_of(text, tokens, aliases, initials))
    held = _timed(spent, "- positions", lambda: positions_of(names, sentences, tokens))
    rows = _timed(spent, "- rows of positions", lambda: numbered(text, held, sentences))
    speakers = {actor for position in rows for actor in position.actors}
    _timed(spent, "- mentions", lambda: names.mentions(speakers))
    _timed(spent, "- dated events", lambda: events_of(document, sentences, marks))
    _timed(spent, "- definitions", lambda: definitions_of(text, sentences, marks, initials))


def _timed(spent: Seconds, what: str, call: Callable[[], Result]) -> Result:
    start = process_time()
    result = call()
    spent[what] = spent.get(what, 0.0) + process_time() - start
    return result


if __name__ == "__main__":
    sys.exit(main())
