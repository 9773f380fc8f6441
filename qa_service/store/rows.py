"""The tables of the store, and domain values as their rows and back."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_service.domain.directory import Entries, EntryKind
from qa_service.domain.document import Block, BlockKind, Document, Original, PageStart
from qa_service.domain.passage import Passage, Sentence
from qa_service.domain.ports import IndexedDocument, IndexedPassage
from qa_service.store.encoding import Several, dump
from qa_service.store.engine import address, database, frozen, sqlite3

if TYPE_CHECKING:
    from sqlite_utils import Database

METADATA = (
    "id",
    "title",
    "text",
    "sha256",
    "author",
    "published",
    "publisher",
    "url",
    "language",
    "based_on",
)

PASSAGE = ("id", "document_id", "ordinal", "start", "end", "section", "sentences")  # what `passage` reads

TABLES: dict[str, dict[str, Any]] = {
    "documents": dict.fromkeys(METADATA, str)
    | {"blocks": str, "pages": str, "annotations": str, "entries": str, "digest": str},
    "originals": {
        "document_id": str,
        "name": str,
        "media_type": str,
        "data": bytes,
        "sha256": str,
        "origin": str,
        "source_map": str,
    },
    "passages": {
        "number": int,
        "id": str,
        "document_id": str,
        "ordinal": int,
        "start": int,
        "end": int,
        "section": str,
        "sentences": str,  # start, end, kind, block and number of stems of each
        "terms": str,  # of the title and heading it stands under, then of its sentences
    },
    "stems": {"stem": str, "passages": int, "sentences": int, "sound": str},
    "entries": {"kind": str, "key": str, "value": str, "count": int},
    "changes": {"position": int, "document_id": str, "mark": str},  # mark: of the last of a publish
    "meta": {"key": str, "value": str},
    "answers": {
        "id": str,
        "question": str,
        "history": str,
        "documents": str,
        "index_version": str,
        "answered": int,
        "body": str,
        "recorded": int,
    },
    "conversations": {"id": str, "owner": str, "key": str, "begun": int},
    "turns": {"id": str, "conversation_id": str, "question": str, "answer_id": str, "said": int},
    "feedback": {"answer_id": str, "giver": str, "thumb": str, "comment": str, "given": int},
    "deliveries": {"key": str, "claimed": float, "done": int},
    "erased": {"mark": str, "at": int},
    "sessions": {"hash": str, "key_id": str, "until": int},
    "tallies": {"hour": int, "teller": str, "answered": int, "refused": int, "other": int, "took": str},
    "arrivals": {"number": int, "name": str, "at": int, "fate": str, "document_id": str, "reason": str},
    "keys": {
        "id": str,
        "name": str,
        "scopes": str,
        "hash": str,
        "created": int,
        "used": int,
        "revoked": int,
    },
}
KEYS = {
    "documents": "id",
    "originals": "document_id",
    "passages": "number",
    "stems": "stem",
    "entries": ("kind", "key", "value"),
    "changes": "position",
    "meta": "key",
    "answers": "id",
    "conversations": "id",
    "turns": "id",
    "feedback": ("answer_id", "giver"),
    "deliveries": "key",
    "erased": "mark",
    "sessions": "hash",
    "arrivals": "number",
    "tallies": ("hour", "teller"),
    "keys": "id",
}
INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "originals": (("sha256",), ("origin",)),
    "passages": (("document_id", "ordinal"),),
    "stems": (("sound",),),
    "turns": (("conversation_id",),),
}
UNIQUE: dict[str, tuple[tuple[str, ...], ...]] = {"conversations": (("owner", "key"),), "keys": (("hash",),)}


KINDS = {kind.value: kind for kind in BlockKind}


def create(db: "Database", names: Iterable[str]) -> None:
    """Make these tables with their indexes, where they are missing."""
    for name in names:
        table = db.table(name)
        table.create(TABLES[name], pk=KEYS[name], if_not_exists=True)
        for columns in INDEXES.get(name, ()):
            table.create_index(columns, if_not_exists=True)
        for columns in UNIQUE.get(name, ()):
            table.create_index(columns, unique=True, if_not_exists=True)


def ensure(connection: Any, names: Sequence[str]) -> None:
    """The same for a store that an earlier version made. Where nothing is missing, this is one look."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not there.issuperset(names):
        create(database(connection), names)


def opened(path: Path, names: Sequence[str], busy: float, *, shared: bool = False) -> Any:
    """A connection to a store that is there, with these tables; it waits ``busy`` seconds for a writer.

    ``shared`` between threads that take turns. Its writes do not wait for the disk.
    """
    connection = sqlite3.connect(
        address(path), uri=True, timeout=busy, isolation_level=None, check_same_thread=not shared
    )
    try:
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA secure_delete=ON")
        if not frozen(path):
            ensure(connection, names)
    except BaseException:
        connection.close()
        raise
    return connection


def document(row: Mapping[str, Any]) -> Document:
    """A document of the store."""
    metadata = {name: row[name] for name in METADATA}
    return Document(
        **metadata,
        blocks=Several(Block, row["blocks"]),
        pages=Several(PageStart, row["pages"]),
    )


def passage(*row: Any) -> Passage:
    """A passage of the store, from its columns: id, document_id, ordinal, start, end, section, sentences."""
    identifier, document_id, ordinal, start, end, section, sentences = row
    return Passage(
        id=identifier,
        document_id=document_id,
        ordinal=ordinal,
        start=start,
        end=end,
        section=section,
        sentences=tuple(
            [
                Sentence(start=first, end=last, kind=KINDS[kind], block=block)
                for first, last, kind, block, _ in json.loads(sentences)
            ]
        ),
    )


def stems(row: Mapping[str, Any]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The terms of a passage, and those of each of its sentences."""
    terms = tuple(row["terms"].split())
    counts = [one[-1] for one in json.loads(row["sentences"])]
    ends = list(accumulate(counts, initial=len(terms) - sum(counts)))
    return terms, [terms[start:end] for start, end in pairwise(ends)]


def original_row(document_id: str, original: Original) -> dict[str, Any]:
    """The columns of an original."""
    return {
        "document_id": document_id,
        "name": original.name,
        "media_type": original.media_type,
        "data": original.data,
        "sha256": original.sha256,
        "origin": original.origin,
        "source_map": dump(original.source_map),
    }


def document_row(indexed: IndexedDocument) -> dict[str, Any]:
    """The columns of a document. ``digest`` tells whether two stores hold the same document."""
    document = indexed.document
    metadata = {name: getattr(document, name) for name in METADATA}
    text = {"blocks": dump(document.blocks), "pages": dump(document.pages)}
    digest = digest_of(metadata | text)
    derived = {"annotations": dump(indexed.annotations), "entries": _entries_text(indexed.entries)}
    return metadata | text | derived | {"digest": digest}


def digest_of(row: Mapping[str, Any]) -> str:
    """A hash of all that is told of a document but its text, which has one of its own."""
    told = [row[name] for name in (*METADATA, "blocks", "pages") if name != "text"]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _entries_text(entries: Entries) -> str:
    told = [[kind.value, key, value, count] for (kind, key, value), count in entries.items()]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def entries(text: str) -> Entries:
    """What a document brought to the directory."""
    return {(EntryKind(kind), key, value): count for kind, key, value, count in json.loads(text)}


def passage_row(number: int, found: IndexedPassage) -> dict[str, Any]:
    """The columns of a passage."""
    passage = found.passage
    sentences = [
        [one.start, one.end, one.kind.value, one.block, len(terms)]
        for one, terms in zip(passage.sentences, found.sentence_terms, strict=True)
    ]
    return {
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
