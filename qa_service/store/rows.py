"""Domain values as rows of the store's tables, and back."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

from pydantic_core import from_json

from qa_service.domain.directory import Entries, EntryKind
from qa_service.domain.document import Block, Document, Original, PageStart, SourceMap
from qa_service.domain.errors import ANEW, REMEDY, IntegrityError
from qa_service.domain.passage import Passage, Sentence
from qa_service.domain.ports import IndexedDocument, IndexedPassage, Ranked
from qa_service.store.annotated import StoredAnnotations
from qa_service.store.damage import decoding
from qa_service.store.encoding import Several, dump, load
from qa_service.store.hashes import differs, hashed, prove
from qa_service.store.tables import METADATA

# What is hashed of a passage together, because it is read together; the hash is the last column that is read.
PASSAGE = ("number", "id", "document_id", "ordinal", "start", "end", "section", "sentences")
ORIGINAL = ("document_id", "name", "media_type", "sha256", "origin", "source_map")
RANKED = ("number", "document_id", "ordinal", "terms")
SENTENCE = (int, int, str, int, int)  # what is kept of one


def document(row: Mapping[str, Any]) -> Document:
    """A document of the store."""
    metadata = {name: row[name] for name in METADATA}
    return Document(
        **metadata,
        blocks=Several(Block, row["blocks"]),
        pages=Several(PageStart, row["pages"]),
    )


@decoding("passages")
def passage(*row: Any) -> Passage:
    """A passage of the store, from the columns of `PASSAGE` and their hash.

    Raises StoreError, IntegrityError.
    """
    *values, told = row
    _, identifier, document_id, ordinal, start, end, section, sentences = values
    prove(document_id, told, *values)
    return Passage(
        id=identifier,
        document_id=document_id,
        ordinal=ordinal,
        start=start,
        end=end,
        section=section,
        sentences=_Sentences(Sentence, sentences),
    )


class _Sentences(Several[Sentence]):
    """The sentences of a passage, from their JSON: most passages that are found are not looked at."""

    @cached_property
    @decoding("passages")
    def _plain(self) -> list[Any]:
        return [plain[:-1] for plain in _sentences(str(self._told))]


def _sentences(text: str) -> list[list[Any]]:
    """Start, end, kind, block and number of stems of each sentence. Raises ValueError, TypeError."""
    plain = from_json(text)
    if not isinstance(plain, list) or not {tuple(map(type, one)) for one in plain} <= {SENTENCE}:
        raise ValueError("no sentences")
    return plain


@decoding("passages")
def ranked(*row: Any) -> tuple[int, Ranked]:
    """The number of a passage and what ranks it, from the columns of `RANKED` and their hash; likewise."""
    number, document_id, ordinal, terms, told = row
    prove(document_id, told, number, document_id, ordinal, terms)
    return number, Ranked(document_id=document_id, ordinal=ordinal, terms=tuple(terms.split()))


@decoding("passages")
def stems(row: Mapping[str, Any]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The terms of a passage, and those of each of its sentences. Raises StoreError."""
    terms = tuple(row["terms"].split())
    counts = [one[-1] for one in _sentences(row["sentences"])]
    ends = list(accumulate(counts, initial=len(terms) - sum(counts)))
    return terms, [terms[start:end] for start, end in pairwise(ends)]


def original_row(document_id: str, original: Original) -> dict[str, Any]:
    """The columns of an original."""
    row = {
        "document_id": document_id,
        "name": original.name,
        "media_type": original.media_type,
        "data": original.data,
        "sha256": original.sha256,
        "origin": original.origin,
        "source_map": dump(original.source_map),
    }
    return row | {"hash": _hash_of(row, ORIGINAL)}


def original(document_id: str, row: Mapping[str, Any], data: bytes) -> Original:
    """What `original_row` wrote, of a document. Raises IntegrityError when it is not the file that came."""
    if hashlib.sha256(data).hexdigest() != row["sha256"]:
        raise IntegrityError(f"The original of {document_id} is not what was ingested. {ANEW}")
    told = {**row, "document_id": document_id}
    prove(document_id, row.get("hash"), *(told[name] for name in ORIGINAL))
    return Original(
        name=row["name"],
        media_type=row["media_type"],
        data=data,
        sha256=row["sha256"],
        origin=row["origin"],
        source_map=load(SourceMap, row["source_map"]),
    )


def document_row(indexed: IndexedDocument) -> dict[str, Any]:
    """The columns of a document. ``digest`` tells whether two stores hold the same document."""
    document = indexed.document
    metadata = {name: getattr(document, name) for name in METADATA}
    text = {"blocks": dump(document.blocks), "pages": dump(document.pages)}
    digest = digest_of(metadata | text)
    found, entries = dump(indexed.annotations), _entries_text(indexed.entries)
    hashes = {"annotations_hash": hashed(document.id, found), "entries_hash": hashed(document.id, entries)}
    return metadata | text | {"annotations": found, "entries": entries, "digest": digest} | hashes


def digest_of(row: Mapping[str, Any]) -> str:
    """A hash of all that is told of a document but its text, which has one of its own."""
    told = [row[name] for name in (*METADATA, "blocks", "pages") if name != "text"]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def annotations(document_id: str, text: str, told: str | None) -> StoredAnnotations:
    """What was found in a document, from its text and hash. Raises StoreError, IntegrityError."""
    prove(document_id, told, document_id, text)
    return StoredAnnotations(text)


def _entries_text(entries: Entries) -> str:
    told = [[kind.value, key, value, count] for (kind, key, value), count in entries.items()]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


@decoding("documents.entries")
def entries(document_id: str, text: str, told: str | None) -> Entries:
    """What a document brought to the directory, from its text and hash. Raises StoreError, IntegrityError."""
    if differs(told, document_id, text):  # to remove the document would need them
        raise IntegrityError(f"What {document_id} brought to the directory is not what was stored. {REMEDY}")
    return {(EntryKind(kind), key, value): count for kind, key, value, count in from_json(text)}


def passage_row(number: int, found: IndexedPassage) -> dict[str, Any]:
    """The columns of a passage."""
    passage = found.passage
    sentences = [
        [one.start, one.end, one.kind.value, one.block, len(terms)]
        for one, terms in zip(passage.sentences, found.sentence_terms, strict=True)
    ]
    row = {
        "number": number,
        "id": passage.id,
        "document_id": passage.document_id,
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "section": passage.section,
        "sentences": json.dumps(sentences, separators=(",", ":")),
        "terms": " ".join(found.terms),
    }
    return row | {"hash": _hash_of(row, PASSAGE), "terms_hash": _hash_of(row, RANKED)}


def _hash_of(row: Mapping[str, Any], names: Sequence[str]) -> str:
    return hashed(*(row[name] for name in names))
