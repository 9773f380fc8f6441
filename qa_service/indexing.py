"""The offline sentence: ingest files, chunk, annotate and analyse them, publish a new index version."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from qa_service import ingest as ingesting
from qa_service.deriving import Deriving
from qa_service.domain.document import Ingested, Rejected
from qa_service.domain.errors import MovedError
from qa_service.domain.ports import Follower, IndexedDocument, Store
from qa_service.sources import fingerprint, listed

AT_ONCE = 5000  # passages that are published together


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the files: ids that are new, ids that were there already, and what was rejected."""

    added: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    version: str = ""


class PublishingStore(Store, Protocol):
    """A Store that also remembers notes and knows when what it derived is out of date."""

    def stale(self) -> bool:
        """Whether what is stored was derived by other rules."""
        ...

    def note(self, key: str) -> str:
        """A remembered value."""
        ...

    def publish(
        self,
        added: Iterable[IndexedDocument],
        *,
        removed: Sequence[str] = (),
        notes: Mapping[str, str] | None = None,
        follower: Follower | None = None,
    ) -> str:
        """See Store.publish."""
        ...


Step = Callable[[int, int], None]
Progress = Callable[[Sequence[Path]], AbstractContextManager[Step]]  # told of bytes read, passages made


@contextmanager
def _silent(_: Sequence[Path]) -> Iterator[Step]:
    yield lambda _bytes, _passages: None


@dataclass(frozen=True)
class Indexing:
    """Puts documents into one store."""

    deriving: Deriving
    store: PublishingStore
    limits: ingesting.Limits
    follower: Callable[[], Follower]

    def ingest(self, paths: Sequence[Path], *, progress: Progress = _silent) -> Report:
        """Take what can be taken; the same bytes twice are one document.

        Up to `AT_ONCE` passages become one new version. More become one after the other, so that what was
        taken stays when the ingest is ended, and the next one goes on from there.
        """
        batch = self._batch()
        self._read(paths, batch, progress)
        return self._published(batch)

    def receive(self, files: Iterable[tuple[str, bytes]]) -> Report:
        """The same for files that were sent: their names and bytes."""
        batch = self._batch()
        for name, data in files:
            wanted = batch.wanted(ingesting.received(name, data, self.limits))
            batch.fresh += [self.deriving.one(item) for item in wanted]
        return self._published(batch)

    def _published(self, batch: "_Batch") -> Report:
        moved = [self.deriving.one(item) for item in batch.moved]
        if batch.fresh or batch.gone or moved:
            self._publish([*batch.fresh, *moved], batch.gone)
        return batch.report(self.store.version())

    def _publish(
        self,
        added: Iterable[IndexedDocument],
        removed: Sequence[str] = (),
        notes: Mapping[str, str] | None = None,
    ) -> str:
        return self.store.publish(added, removed=removed, notes=notes, follower=self.follower())

    def _batch(self) -> "_Batch":
        return _Batch(dict(self.store.known_sources()), self.store.origins())

    def _read(self, paths: Sequence[Path], batch: "_Batch", progress: Progress) -> None:
        """Fill the batch; what is more than it holds at once is published on the way."""
        files = ingesting.discover(paths)
        items = (item for path in files for item in ingesting.read(path, self.limits))
        with progress(files) as step:
            for indexed in self.deriving.many(batch.wanted(items)):
                step(len(indexed.original.data), len(indexed.passages))
                batch.fresh.append(indexed)
                if sum(len(one.passages) for one in batch.fresh) > AT_ONCE:
                    self._publish(batch.fresh)
                    batch.fresh.clear()

    def remove(self, document_id: str) -> str:
        """Take one document out; the new version. Raises NotFoundError."""
        self.store.original(document_id)
        return self._publish((), [document_id])

    def refresh(self) -> bool:
        """Derive everything anew from the canonical texts when the rules have changed; whether it did."""
        while self.store.stale():
            with suppress(MovedError):  # another process has done so meanwhile
                self._derive_anew()
                return True
        return False

    def _derive_anew(self) -> None:
        snapshot = self.store.snapshot()
        found = (snapshot.document(document_id) for document_id in snapshot.ids())
        originals = (Ingested(document=one, original=self.store.original(one.id)) for one in found if one)
        self._publish(self.deriving.many(originals))

    def follow(self, sources: Path, *, progress: Progress = _silent) -> Report | None:
        """Bring the store in line with a sources.toml; None when it is already.

        What the list no longer names is taken out; what was ingested otherwise stays. A list with a file
        that was rejected is read again at the next start.
        """
        seen = fingerprint(sources)
        if self.store.note("sources") == seen:
            return None
        batch = self._batch()
        self._read(listed(sources), batch, progress)
        present = {*batch.added, *batch.known}
        earlier = json.loads(self.store.note("followed") or "[]")
        gone = [*batch.gone, *(one for one in earlier if one not in present)]
        notes = {"followed": json.dumps(sorted(present)), "sources": "" if batch.rejected else seen}
        moved = [self.deriving.one(item) for item in batch.moved]
        return batch.report(self._publish([*batch.fresh, *moved], gone, notes))


@dataclass
class _Batch:
    """What one ingest has seen so far; ``sources`` maps the hash of each known file to its document,
    ``origins`` the place where it was read. ``fresh`` waits to be published.
    """

    sources: dict[str, str]
    origins: Mapping[str, str]
    fresh: list[IndexedDocument] = field(default_factory=list)
    added: dict[str, None] = field(default_factory=dict)
    known: dict[str, None] = field(default_factory=dict)
    replaced: dict[str, None] = field(default_factory=dict)  # what stood where something else stands now
    elsewhere: dict[str, Ingested] = field(default_factory=dict)  # known documents, read in another place
    rejected: list[Rejected] = field(default_factory=list)

    def wanted(self, items: Iterable[Ingested | Rejected]) -> Iterator[Ingested]:
        """Those that are neither known nor rejected."""
        for item in items:
            if isinstance(item, Rejected):
                self.rejected.append(item)
            elif self._is_new(item):
                yield item

    def _is_new(self, item: Ingested) -> bool:
        same = self.sources.get(item.original.sha256)
        new = same is None
        if same is None:
            same = self.sources[item.original.sha256] = item.document.id
            self.added[same] = None
        elif same not in self.added:
            self.known[same] = None
        before = self.origins.get(item.original.origin)
        if before is not None and before != same:
            self.replaced[before] = None
        if same in self.known and before != same:
            self.elsewhere.setdefault(same, item)
        return new

    @property
    def moved(self) -> tuple[Ingested, ...]:
        """Known documents whose place was taken by something else, and that stand in another one now."""
        return tuple(item for one, item in self.elsewhere.items() if one in self.replaced)

    @property
    def gone(self) -> tuple[str, ...]:
        return tuple(one for one in self.replaced if one not in self.added and one not in self.known)

    def report(self, version: str) -> Report:
        return Report(
            added=tuple(self.added),
            known=tuple(self.known),
            rejected=tuple(self.rejected),
            version=version,
        )
