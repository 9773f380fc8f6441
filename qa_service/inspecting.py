"""The doubting sentence: an evidence pack and original files become verdicts, without any store.

The canonical text is derived from each original anew; what is looked up in the pack is only what to compare.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa_service import ingest
from qa_service.domain.document import Ingested
from qa_service.domain.pack import Pack, PackedDocument, PackedQuote
from qa_service.packing import quoted
from qa_service.verify import tells_its_quotes

FIELDS = ("number", "document_id", "quote", "start", "end", "sha256")  # that an answer and its pack share


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """The verdict on a document ("document"), a quote ("quote 1") or the answer ("answer"); None is valid."""

    what: str
    name: str
    problem: str | None


def inspect(pack: Pack, files: Sequence[Path], limits: ingest.Limits) -> tuple[Inspected, ...]:
    """A verdict on each document and each quote of the pack, and on the answer in it."""
    derived = _derived(pack, files, limits)
    found = [
        Inspected(what="document", name=one.document_id, problem=_document_problem(one, derived))
        for one in pack.documents
    ]
    sources = {one.document_id: derived.get(one.original_sha256) for one in pack.documents}
    found += [
        Inspected(
            what=f"quote {one.number}",
            name=one.document_id,
            problem=_quote_problem(one, sources.get(one.document_id)),
        )
        for one in pack.quotes
    ]
    problem = None if _same_quotes(pack) else "answer_differs"
    return (*found, Inspected(what="answer", name=str(pack.answer.get("id")), problem=problem))


def _derived(pack: Pack, files: Sequence[Path], limits: ingest.Limits) -> Mapping[str, Ingested]:
    """What the originals of the pack become, by the hash of the original."""
    wanted = {one.original_sha256 for one in pack.documents}
    return {item.original.sha256: item for item in _read(files, limits) if item.original.sha256 in wanted}


def _read(files: Sequence[Path], limits: ingest.Limits) -> Iterator[Ingested]:
    for path in files:
        for item in ingest.read(path, limits):
            if isinstance(item, Ingested):
                yield item


def _document_problem(one: PackedDocument, derived: Mapping[str, Ingested]) -> str | None:
    item = derived.get(one.original_sha256)
    if item is None:
        return "original_missing"
    actual = hashlib.sha256(item.document.text.encode()).hexdigest()
    return None if actual == one.sha256 else "text_differs"


def _quote_problem(one: PackedQuote, item: Ingested | None) -> str | None:
    if item is None:
        return "original_missing"
    text = item.document.text
    if hashlib.sha256(text.encode()).hexdigest() != one.sha256:
        return "text_differs"
    inside = 0 <= one.start < one.end <= len(text)
    if not inside or text[one.start : one.end] != one.quote:
        return "quote_differs"
    same = item.original.source_map.locate(one.start, one.end) == one.original
    return None if same else "original_span_differs"


def _same_quotes(pack: Pack) -> bool:
    """Whether the answer in the pack cites what the pack proves, and tells nothing else."""
    try:
        if not tells_its_quotes(pack.answer):
            return False
        told = [[citation[name] for name in FIELDS] for citation in quoted(pack.answer)]
    except (KeyError, TypeError, AttributeError):
        return False
    return told == [[getattr(one, name) for name in FIELDS] for one in pack.quotes]
