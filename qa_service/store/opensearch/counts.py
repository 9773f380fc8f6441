"""Counts over all passages, and the directory of names, as rows of the cluster.

Each stem and each entry is a row: its ``key`` is what it is asked for by, its ``name`` tells it from all
others. A stem's ``count`` is that of the sentences that hold it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from qa_service.domain.directory import Entry
from qa_service.domain.sounds import sound
from qa_service.store.opensearch.documents import hashed
from qa_service.store.opensearch.versions import OPEN

NAME = "counts"
STEM = "stem"  # the kind of the rows of stems, beside those of `EntryKind`


class Counted(NamedTuple):
    """What is counted: a stem, or an entry of the directory."""

    kind: str
    key: str
    value: str

    @classmethod
    def stem(cls, stem: str) -> "Counted":
        """A stem."""
        return cls(STEM, stem, stem)

    @classmethod
    def entry(cls, entry: Entry) -> "Counted":
        """An entry."""
        kind, key, value = entry
        return cls(kind.value, key, value)

    @property
    def name(self) -> str:
        """What tells its row from all others."""
        return hashed("\0".join(self))


def asked(kind: str, key: str) -> str:
    """What the rows of a key are asked for by."""
    return hashed(f"{kind}\0{key}")


def body(counted: Counted, count: int, passages: int, since: int) -> Mapping[str, object]:
    """The row of a count."""
    told: dict[str, object] = {
        "name": counted.name,
        "key": asked(counted.kind, counted.key),
        "value": counted.value,
        "count": count,
        "passages": passages,
        "since": since,
        "until": OPEN,
    }
    if counted.kind == STEM:
        told |= {"stem": counted.value, "sound": sound(counted.value)}
    return told
