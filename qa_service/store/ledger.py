"""What the changes of one publish add up to, into the tables of a SQLite store."""

from collections.abc import Iterable, Mapping
from typing import Any

from qa_service.domain.directory import Entries
from qa_service.domain.sounds import sound
from qa_service.store.encoding import remembered
from qa_service.store.hashes import hashed
from qa_service.store.tally import Tally, size_of

STEMS = (
    "INSERT INTO stems (stem, passages, sentences, sound) VALUES (?, ?, ?, ?) ON CONFLICT (stem) DO UPDATE "
    "SET passages = passages + excluded.passages, sentences = sentences + excluded.sentences"
)
ENTRIES = (
    "INSERT INTO entries (kind, key, value, count, hash) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (kind, key, value) DO UPDATE SET count = count + excluded.count, hash = excluded.hash"
)
NO_STEM = "DELETE FROM stems WHERE stem = ? AND passages <= 0"
NO_ENTRY = "DELETE FROM entries WHERE kind = ? AND key = ? AND value = ? AND count <= 0"


class Ledger:
    """Documents that come and go are counted; `write` puts what is counted into the tables."""

    def __init__(self, connection: Any, meta: Mapping[str, str]) -> None:
        self._connection = connection
        self._tally = Tally(size_of(meta), remembered(meta, "contents", 16))

    def document(self, digest: str, entries: Entries, sign: int) -> None:
        """A document comes (sign 1) or goes (-1)."""
        self._tally.document(digest, entries, sign)

    def passage(self, terms: Iterable[str], sentences: Iterable[Iterable[str]], sign: int) -> None:
        """A passage comes or goes, with its terms and those of its sentences."""
        self._tally.passage(terms, sentences, sign)
        if self._tally.full:
            self.write()

    def write(self) -> None:
        """Put what was counted into the tables."""
        passages, sentences, entries = self._tally.passages, self._tally.sentences, self._tally.entries
        stems = {**passages, **sentences}
        counted = [(stem, passages[stem], sentences[stem], sound(stem)) for stem in stems]
        execute = self._connection.executemany
        execute(STEMS, [row for row in counted if row[1] or row[2]])
        execute(NO_STEM, [(stem,) for stem, held, _, _ in counted if held < 0])
        execute(ENTRIES, [(*entry, count, hashed(*entry)) for entry, count in entries.items()])
        execute(NO_ENTRY, [entry for entry, count in entries.items() if count <= 0])
        self._tally.taken()

    @property
    def meta(self) -> dict[str, str]:
        """What is to be remembered for the next ledger, and for readers."""
        size = self._tally.size
        sizes = {f"size:{name}": str(getattr(size, name)) for name in size.__slots__}
        return sizes | {"contents": f"{self._tally.contents:x}"}
