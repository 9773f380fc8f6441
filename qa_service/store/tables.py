"""The tables of a store's file: their columns, what may stand in them, and how a file with them is opened."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

TABLES: dict[str, dict[str, Any]] = {
    "documents": dict.fromkeys(METADATA, str)
    | {"blocks": str, "pages": str, "annotations": str, "entries": str, "digest": str}
    | {"annotations_hash": str, "entries_hash": str},
    "originals": {
        "document_id": str,
        "name": str,
        "media_type": str,
        "data": bytes,
        "sha256": str,
        "origin": str,
        "source_map": str,
        "hash": str,  # of all but the data, which has its own
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
        "hash": str,  # of what `rows.PASSAGE` names
        "terms_hash": str,  # of what `rows.RANKED` names: these are read apart
    },
    "stems": {"stem": str, "passages": int, "sentences": int, "sound": str},
    "entries": {"kind": str, "key": str, "value": str, "count": int, "hash": str},
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
        "hash": str,
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
# Columns that may be empty; no other one is.
MAY_LACK: Mapping[str, frozenset[str]] = {
    "documents": frozenset(
        {"author", "published", "publisher", "url", "language", "based_on", "entries_hash"}
    ),
    "originals": frozenset({"hash"}),
    "passages": frozenset({"section"}),
    "changes": frozenset({"mark"}),
    "answers": frozenset({"recorded", "hash"}),
    "feedback": frozenset({"given"}),
    "conversations": frozenset({"key"}),
    "keys": frozenset({"used", "revoked"}),
}


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
