"""What the changes of one publish add up to: counts over all passages, the directory, the size."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from qa_service.domain.directory import Entries, Entry
from qa_service.domain.ports import Size
from qa_service.domain.sounds import sound

FULL = 300_000  # counts that are held in memory before they are written
MODULUS = 2**256  # digests of documents are added up: the sum does not depend on their order

STEMS = (
    "INSERT INTO stems (stem, passages, sentences, sound) VALUES (?, ?, ?, ?) ON CONFLICT (stem) DO UPDATE "
    "SET passages = passages + excluded.passages, sentences = sentences + excluded.sentences"
)
ENTRIES = (
    "INSERT INTO entries (kind, key, value, count) VALUES (?, ?, ?, ?) ON CONFLICT (kind, key, value) "
    "DO UPDATE SET count = count + excluded.count"
)
NO_STEM = "DELETE FROM stems WHERE stem = ? AND passages <= 0"
NO_ENTRY = "DELETE FROM entries WHERE kind = ? AND key = ? AND value = ? AND count <= 0"


class Ledger:
    """Documents that come and go are counted; `write` puts what is counted into the tables."""

    def __init__(self, connection: Any, meta: Mapping[str, str]) -> None:
        self._connection = connection
        self._passages: Counter[str] = Counter()
        self._sentences: Counter[str] = Counter()
        self._entries: Counter[Entry] = Counter()
        self._size = Counter({name: int(meta.get(f"size:{name}", 0)) for name in Size.__slots__})
        self._contents = int(meta.get("contents", "0"), 16)

    def document(self, digest: str, entries: Entries, sign: int) -> None:
        """A document comes (sign 1) or goes (-1)."""
        self._size["documents"] += sign
        self._contents = (self._contents + sign * int(digest, 16)) % MODULUS
        for entry, count in entries.items():
            self._entries[entry] += sign * count

    def passage(self, terms: Iterable[str], sentences: Iterable[Iterable[str]], sign: int) -> None:
        """A passage comes or goes, with its terms and those of its sentences."""
        terms = tuple(terms)
        self._size["passages"] += sign
        self._size["terms"] += sign * len(terms)
        for stem in set(terms):
            self._passages[stem] += sign
        for sentence in sentences:
            self._size["sentences"] += sign
            for stem in set(sentence):
                self._sentences[stem] += sign
        if len(self._passages) + len(self._sentences) + len(self._entries) > FULL:
            self.write()

    def write(self) -> None:
        """Put what was counted into the tables."""
        stems = {**self._passages, **self._sentences}
        counted = [(stem, self._passages[stem], self._sentences[stem], sound(stem)) for stem in stems]
        execute = self._connection.executemany
        execute(STEMS, [row for row in counted if row[1] or row[2]])
        execute(NO_STEM, [(stem,) for stem, passages, _, _ in counted if passages < 0])
        execute(ENTRIES, [(*entry, count) for entry, count in self._entries.items() if count])
        execute(NO_ENTRY, [entry for entry, count in self._entries.items() if count < 0])
        for counter in (self._passages, self._sentences, self._entries):
            counter.clear()

    @property
    def meta(self) -> dict[str, str]:
        """What is to be remembered for the next ledger, and for readers."""
        sizes = {f"size:{name}": str(count) for name, count in self._size.items()}
        return sizes | {"contents": f"{self._contents:x}"}


def size_of(meta: Mapping[str, str]) -> Size:
    """The size that a ledger remembered."""
    return Size(**{name: int(meta.get(f"size:{name}", 0)) for name in Size.__slots__})
