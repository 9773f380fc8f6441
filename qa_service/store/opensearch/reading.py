"""Reads of one version of the cluster's rows, and what a process remembers of them."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any, Generic, TypeVar

from qa_service.store.opensearch import documents
from qa_service.store.opensearch.documents import StoredDocument
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.state import Standing, State
from qa_service.store.opensearch.versions import Query, term

CHARACTERS = 32 * 2**20  # of documents that a process remembers
KEYS = 8192

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """The values that were used last, as many as weigh ``most`` together. For all threads."""

    def __init__(self, most: int) -> None:
        self._most, self._weight = most, 0
        self._kept: OrderedDict[object, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object) -> Value | None:
        """The value, if it is remembered."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: object, value: Value, weight: int = 1) -> None:
        """Remember it; those that were not used for longest make room."""
        with self._lock:
            earlier = self._kept.pop(key, None)
            self._weight += weight - (earlier[1] if earlier else 0)
            self._kept[key] = (value, weight)
            while self._weight > self._most and len(self._kept) > 1:
                _, (_, lighter) = self._kept.popitem(last=False)
                self._weight -= lighter


class Memory(Remembered[StoredDocument]):
    """Documents of any version by the ids of their rows, which never change."""

    def __init__(self) -> None:
        super().__init__(CHARACTERS)


class Reading:
    """The rows of one version. A read raises MovedError when that version is too long ago."""

    def __init__(self, engine: Engine, standing: Standing, state: State, memory: Memory) -> None:
        self.state = state
        self._engine, self._standing, self._memory = engine, standing, memory
        self._keys: Remembered[str] = Remembered(KEYS)  # of the documents' rows, by their ids

    def hits(self, name: str, body: Mapping[str, Any]) -> Sequence[Any]:
        """The hits of a search, whose query is that of a view."""
        self._standing.check(self.state.position)
        if not self.state.version:
            return ()
        found: Sequence[Any] = self._engine.search(name, {"track_total_hits": False, **body})["hits"]["hits"]
        return found

    def pages(self, name: str, body: Mapping[str, Any]) -> Iterator[Any]:
        """All hits of a search that sorts, read little by little."""
        self._standing.check(self.state.position)
        return self._engine.pages(name, body) if self.state.version else iter(())

    def query(self, *filters: Query) -> Query:
        """The rows of this version that pass these filters."""
        return self.state.view.query(*filters)

    def document(self, document_id: str) -> StoredDocument | None:
        """The document of that id."""
        key = self._keys.get(document_id)
        found = self._memory.get(key) if key else None
        if found is None:
            for hit in self.hits(documents.NAME, {"query": self.query(term("id", document_id)), "size": 1}):
                found = self._remember(hit)
        return found

    def foresee(self, came: Iterable[tuple[str, int]]) -> None:
        """Read the documents of these ids, which came at these positions, at once."""
        keys = {documents.key(*one): one[0] for one in came}
        missing = []
        for key, document_id in keys.items():
            self._keys.put(document_id, key)
            if self._memory.get(key) is None:
                missing.append(key)
        self._standing.check(self.state.position)
        for hit in self._engine.many(documents.NAME, missing):
            self._remember(hit)

    def _remember(self, hit: Mapping[str, Any]) -> StoredDocument:
        found = StoredDocument(hit["_source"])
        self._keys.put(found.id, hit["_id"])
        self._memory.put(hit["_id"], found, found.size)
        return found
