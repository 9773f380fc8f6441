"""The tables of the store, and domain values as their rows and back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_service.domain.document import Block, BlockKind, Document, Original, PageStart
from qa_service.domain.passage import Passage, Sentence
from qa_service.domain.ports import IndexedPassage
from qa_service.store.encoding import dump, load
from qa_service.store.engine import database, sqlite3

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

TABLES: dict[str, dict[str, Any]] = {
    "documents": dict.fromkeys(METADATA, str) | {"blocks": str, "pages": str, "annotations": str},
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
        "id": str,
        "document_id": str,
        "ordinal": int,
        "start": int,
        "end": int,
        "section": str,
        "terms": str,
    },
    "sentences": {
        "passage_id": str,
        "ordinal": int,
        "start": int,
        "end": int,
        "kind": str,
        "block": int,
        "terms": str,
    },
    "meta": {"key": str, "value": str},
    "answers": {
        "id": str,
        "question": str,
        "history": str,
        "documents": str,
        "index_version": str,
        "answered": int,
        "body": str,
    },
    "conversations": {"id": str, "owner": str, "key": str, "begun": int},
    "turns": {"id": str, "conversation_id": str, "question": str, "answer_id": str, "said": int},
    "feedback": {"answer_id": str, "giver": str, "thumb": str, "comment": str},
    "deliveries": {"key": str, "claimed": float, "done": int},
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
    "passages": "id",
    "sentences": ("passage_id", "ordinal"),
    "meta": "key",
    "answers": "id",
    "conversations": "id",
    "turns": "id",
    "feedback": ("answer_id", "giver"),
    "deliveries": "key",
    "keys": "id",
}
INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "originals": (("sha256",),),
    "passages": (("document_id",),),
    "turns": (("conversation_id",),),
}
UNIQUE: dict[str, tuple[tuple[str, ...], ...]] = {"conversations": (("owner", "key"),), "keys": (("hash",),)}


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
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        uri, uri=True, timeout=busy, isolation_level=None, check_same_thread=not shared
    )
    try:
        connection.execute("PRAGMA synchronous=NORMAL")
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
        blocks=load(tuple[Block, ...], row["blocks"]),
        pages=load(tuple[PageStart, ...], row["pages"]),
    )


def passage(row: Mapping[str, Any], sentences: Sequence[Mapping[str, Any]]) -> IndexedPassage:
    """A passage with its sentences, and their stems."""
    return IndexedPassage(
        passage=Passage(
            id=row["id"],
            document_id=row["document_id"],
            ordinal=row["ordinal"],
            start=row["start"],
            end=row["end"],
            section=row["section"],
            sentences=tuple(sentence(one) for one in sentences),
        ),
        terms=tuple(row["terms"].split()),
        sentence_terms=tuple(tuple(one["terms"].split()) for one in sentences),
    )


def sentence(row: Mapping[str, Any]) -> Sentence:
    """A sentence of a passage."""
    return Sentence(start=row["start"], end=row["end"], kind=BlockKind(row["kind"]), block=row["block"])


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


def passage_row(found: IndexedPassage) -> dict[str, Any]:
    """The columns of a passage."""
    passage = found.passage
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "section": passage.section,
        "terms": " ".join(found.terms),
    }


def sentence_rows(found: IndexedPassage) -> Iterator[dict[str, Any]]:
    """The columns of a passage's sentences."""
    for ordinal, (sentence, terms) in enumerate(
        zip(found.passage.sentences, found.sentence_terms, strict=True)
    ):
        yield {
            "passage_id": found.passage.id,
            "ordinal": ordinal,
            "start": sentence.start,
            "end": sentence.end,
            "kind": sentence.kind.value,
            "block": sentence.block,
            "terms": " ".join(terms),
        }
