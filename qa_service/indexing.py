"""The offline sentence: ingest files, chunk, annotate and analyse them, publish a new index version."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

from qa_service import ingest as ingesting
from qa_service.deriving import Deriving
from qa_service.domain.document import Ingested, Rejected
from qa_service.domain.errors import IntegrityError, MovedError, NotFoundError
from qa_service.domain.ports import Arrivals, Follower, IndexedDocument, Store
from qa_service.gathering import Batch, Report
from qa_service.sources import fingerprint, listed

SAME = ("sha256", "title", "author", "published", "publisher", "url", "language")  # what citations show
AT_ONCE = 5000  # passages that are published together


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


Item = Ingested | Rejected
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
    arrivals: Arrivals
    clock: Callable[[], float] = time.time

    def ingest(
        self, paths: Sequence[Path], *, more: Iterable[Item] = (), progress: Progress = _silent
    ) -> Report:
        """Take what can be taken, of files and of what was read elsewhere; the same bytes twice are one
        document.

        Up to `AT_ONCE` passages become one new version. More become one after the other, so that what was
        taken stays when the ingest is ended, and the next one goes on from there.
        """
        batch = self._batch()
        self._read(paths, batch, progress, more)
        return self._published(batch)

    def receive(self, files: Iterable[tuple[str, bytes]]) -> Report:
        """The same for files that were sent: their names and bytes."""
        batch = self._batch()
        for name, data in files:
            wanted = batch.wanted(ingesting.received(name, data, self.limits))
            batch.fresh += [self.deriving.one(item) for item in wanted]
        return self._published(batch)

    def _published(self, batch: Batch) -> Report:
        moved = [self.deriving.one(item) for item in batch.moved]
        if batch.fresh or batch.gone or moved:
            self._publish([*batch.fresh, *moved], batch.gone)
        return self._reported(batch, self.store.version())

    def _reported(self, batch: Batch, version: str) -> Report:
        if batch.arrivals:
            self.arrivals.note(batch.arrivals)
        return batch.report(version)

    def _publish(
        self,
        added: Iterable[IndexedDocument],
        removed: Sequence[str] = (),
        notes: Mapping[str, str] | None = None,
    ) -> str:
        return self.store.publish(added, removed=removed, notes=notes, follower=self.follower())

    def _batch(self) -> Batch:
        return Batch(self.store.known_sources(), self.store.origins(), self.clock)

    def _read(
        self, paths: Sequence[Path], batch: Batch, progress: Progress, more: Iterable[Item] = ()
    ) -> None:
        """Fill the batch; what is more than it holds at once is published on the way."""
        files = ingesting.discover(paths)
        read = (item for path in files for item in ingesting.read(path, self.limits))
        items = chain(read, (self._settled(item, batch) for item in more))
        with progress(files) as step:
            for indexed in self.deriving.many(batch.wanted(items)):
                step(len(indexed.original.data), len(indexed.passages))
                batch.fresh.append(indexed)
                if sum(len(one.passages) for one in batch.fresh) > AT_ONCE:
                    self._publish(batch.fresh)
                    batch.fresh.clear()

    def _settled(self, item: Item, batch: Batch) -> Item:
        """A page whose bytes changed and whose words did not is the document that stood there: the date of
        today or the token of a form would make another one of it each time.
        """
        before = batch.origins.get(item.original.origin) if isinstance(item, Ingested) else None
        if isinstance(item, Rejected) or before is None:
            return item
        with suppress(MovedError, IntegrityError):
            stood = self.store.snapshot().document(before)
            if stood and all(getattr(stood, name) == getattr(item.document, name) for name in SAME):
                return Ingested(document=stood, original=self.store.original(before))
        return item

    def remove(self, document_id: str) -> str:
        """Take one document out, and forget the name of its file; the new version. Raises NotFoundError."""
        with suppress(IntegrityError):  # a damaged one is there
            if self.store.snapshot().title(document_id) is None:
                raise NotFoundError(f"There is no document {document_id!r}.", "document_id")
        version = self._publish((), [document_id])
        self.arrivals.forget([document_id])
        return version

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
        return self._reported(batch, self._publish([*batch.fresh, *moved], gone, notes))
