"""What documents that come and go add up to: counts over all passages, the directory, size and version."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping

from qa_service.domain.directory import Entries, Entry
from qa_service.domain.ports import Size
from qa_service.store.damage import decoding
from qa_service.store.encoding import remembered
from qa_service.store.hashes import hashed

FULL = 300_000  # counts that are held in memory before they are written
MODULUS = 2**256  # digests of documents are added up: the sum does not depend on their order
REMEMBERED = ("version", "contents", "number", "position", *(f"size:{name}" for name in Size.__slots__))


class Tally:
    """Documents that come and go are counted. Who keeps the counts takes them when it is `full`."""

    def __init__(self, size: Size, contents: int) -> None:
        self.passages: Counter[str] = Counter()
        self.sentences: Counter[str] = Counter()
        self.entries: Counter[Entry] = Counter()
        self.contents = contents
        self._size = Counter({name: getattr(size, name) for name in Size.__slots__})

    @property
    def size(self) -> Size:
        """The size after all of it."""
        return Size(**self._size)

    @property
    def full(self) -> bool:
        """Whether the counts should be taken."""
        return len(self.passages) + len(self.sentences) + len(self.entries) > FULL

    def document(self, digest: str, entries: Entries, sign: int) -> None:
        """A document comes (sign 1) or goes (-1). Raises StoreError for a digest that is none."""
        self._size["documents"] += sign
        with decoding("documents.digest"):
            self.contents = (self.contents + sign * int(digest, 16)) % MODULUS
        for entry, count in entries.items():
            self.entries[entry] += sign * count

    def passage(self, terms: Iterable[str], sentences: Iterable[Iterable[str]], sign: int) -> None:
        """A passage comes or goes, with its terms and those of its sentences."""
        terms = tuple(terms)
        self._size["passages"] += sign
        self._size["terms"] += sign * len(terms)
        for stem in set(terms):
            self.passages[stem] += sign
        for sentence in sentences:
            self._size["sentences"] += sign
            for stem in set(sentence):
                self.sentences[stem] += sign

    def taken(self) -> None:
        """Begin the counts anew; the size and the contents go on."""
        for counter in (self.passages, self.sentences, self.entries):
            counter.clear()


def version(derivation: str, contents: str) -> str:
    """A name for the contents: equal contents, derived alike, have equal versions."""
    return hashlib.sha256(f"{derivation} {contents}".encode()).hexdigest()[:16]


def hash_of(meta: Mapping[str, str]) -> str:
    """A hash of what a store remembers of its version."""
    return hashed(*(meta.get(name) for name in REMEMBERED))


def size_of(meta: Mapping[str, str]) -> Size:
    """The size that a store remembers."""
    return Size(**{name: remembered(meta, f"size:{name}") for name in Size.__slots__})
