"""Documents and their originals as rows of the cluster, and back.

A document's row holds everything of it but its original: text, what was found in it, its passages. So what an
answer needs of a document is read at once. Its id is told by the document's and the position it came at.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any

from qa_service.domain.annotation import Annotated
from qa_service.domain.document import Document, Original
from qa_service.domain.passage import Passage
from qa_service.domain.ports import IndexedDocument, Ranked
from qa_service.store import rows
from qa_service.store.encoding import dump
from qa_service.store.opensearch.versions import OPEN

NAME, ORIGINALS = "documents", "originals"
# Columns that are read one by one.
APART = ("text", "annotations", "annotations_hash", "entries", "entries_hash", "digest")
TERMS = ("terms", "terms_hash", "hash")  # of a passage, apart: earlier releases read rows without them


def key(document_id: str, since: int) -> str:
    """The id of the row of a document that came at a position."""
    return f"{hashed(document_id)}-{since}"


def hashed(text: str) -> str:
    """A text of any length and any letters as a name of a few."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def body(indexed: IndexedDocument, numbers: range, since: int) -> Mapping[str, object]:
    """The row of a document whose passages have these numbers."""
    row = rows.document_row(indexed)
    head = {name: value for name, value in row.items() if name not in APART}
    passages = [rows.passage_row(*one) for one in zip(numbers, indexed.passages, strict=True)]
    return {
        "id": indexed.document.id,
        "origin": hashed(indexed.original.origin),
        "place": indexed.original.origin,
        "source": indexed.original.sha256,
        "since": since,
        "until": OPEN,
        "head": _text(head),
        "passages": _text([[one[name] for name in rows.PASSAGE] for one in passages]),
        "terms": _text([[one[name] for name in TERMS] for one in passages]),
        **{name: row[name] for name in APART},
    }


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class StoredDocument:
    """A document's row, each part of it made when it is asked for."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        self._source = source

    @property
    def id(self) -> str:
        """The document's id."""
        return str(self._source["id"])

    @property
    def text(self) -> str:
        """The canonical text."""
        return str(self._source["text"])

    @property
    def annotations(self) -> Annotated:
        """What was found in it."""
        told = self._source.get("annotations_hash")
        return rows.annotations(self.id, str(self._source["annotations"]), told)

    @property
    def document(self) -> Document:
        """The document."""
        return rows.document({**json.loads(self._source["head"]), "text": self.text})

    @cached_property
    def passages(self) -> Mapping[int, Passage]:
        """Its passages by their numbers, in text order."""
        told = json.loads(self._source["passages"])
        hashes = (one[-1] for one in self._terms) if self._terms else repeat(None, len(told))
        return {row[0]: rows.passage(*row, one) for row, one in zip(told, hashes, strict=True)}

    @cached_property
    def _terms(self) -> Sequence[Sequence[str]]:
        """`TERMS` of each passage; () of a document that was stored before they were."""
        return tuple(json.loads(self._source.get("terms", "[]")))

    def is_short(self, letters: int) -> bool:
        """Whether it is known what ranks its passages, and that is so many letters at most."""
        return 0 < len(self._source.get("terms", "")) <= letters

    @cached_property
    def ranked(self) -> Mapping[int, Ranked]:
        """What ranks them, by their numbers; {} where it is not known."""
        told = zip(self.passages.items(), self._terms, strict=False)
        return dict(rows.ranked(number, self.id, one.ordinal, *known[:2]) for (number, one), known in told)

    @property
    def size(self) -> int:
        """About how many characters it takes."""
        return sum(len(value) for value in self._source.values() if isinstance(value, str))


def original_body(original: Original) -> Mapping[str, object]:
    """The row of an original."""
    return {
        "name": original.name,
        "media_type": original.media_type,
        "sha256": original.sha256,
        "origin": original.origin,
        "source_map": dump(original.source_map),
        "data": base64.b64encode(original.data).decode(),
    }


def original(document_id: str, row: Mapping[str, Any]) -> Original:
    """What `original_body` wrote, of a document. Raises IntegrityError when it is not the file that came."""
    return rows.original(document_id, row, base64.b64decode(row["data"]))
