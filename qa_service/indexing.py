"""The offline sentence: ingest files, chunk, annotate and analyse them, publish a new index version."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from qa_service import chunk
from qa_service import ingest as ingesting
from qa_service.annotate.aliases import Aliases
from qa_service.annotate.annotations import annotate
from qa_service.annotate.directory import entries
from qa_service.domain.document import Document, Ingested, Original, Rejected
from qa_service.domain.passage import Passage
from qa_service.domain.ports import Analyser, Follower, IndexedDocument, IndexedPassage, Store
from qa_service.sources import fingerprint, listed

TITLE_WEIGHT = 1  # times that a title counts in each of its passages


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


def _silent(_: Sequence[Path]) -> Iterable[Path]:
    return _


Progress = Callable[[Sequence[Path]], Iterable[Path]]


@dataclass(frozen=True)
class Indexing:
    """Puts documents into one store."""

    analyser: Analyser
    aliases: Aliases
    store: PublishingStore
    limits: ingesting.Limits
    follower: Callable[[], Follower]

    def ingest(self, paths: Sequence[Path], *, progress: Progress = _silent) -> Report:
        """Take what can be taken, in one new version; the same bytes twice are one document."""
        return self._published(self._read(paths, progress))

    def receive(self, files: Iterable[tuple[str, bytes]]) -> Report:
        """The same for files that were sent: their names and bytes."""
        batch = self._batch()
        for name, data in files:
            for item in ingesting.received(name, data, self.limits):
                batch.take(item, self._indexed)
        return self._published(batch)

    def _published(self, batch: "_Batch") -> Report:
        if not batch.changes:
            return batch.report(self.store.version())
        version = self._publish(batch.fresh.values(), batch.gone)
        return batch.report(version)

    def _publish(
        self,
        added: Iterable[IndexedDocument],
        removed: Sequence[str] = (),
        notes: Mapping[str, str] | None = None,
    ) -> str:
        return self.store.publish(added, removed=removed, notes=notes, follower=self.follower())

    def _batch(self) -> "_Batch":
        return _Batch(dict(self.store.known_sources()), self.store.origins())

    def _read(self, paths: Sequence[Path], progress: Progress) -> "_Batch":
        batch = self._batch()
        for path in progress(ingesting.discover(paths)):
            for item in ingesting.read(path, self.limits):
                batch.take(item, self._indexed)
        return batch

    def remove(self, document_id: str) -> str:
        """Take one document out; the new version. Raises NotFoundError."""
        self.store.original(document_id)
        return self._publish((), [document_id])

    def refresh(self) -> bool:
        """Derive everything anew from the canonical texts when the rules have changed; whether it did."""
        if not self.store.stale():
            return False
        snapshot = self.store.snapshot()
        found = (snapshot.document(document_id) for document_id in snapshot.ids())
        self._publish(self._indexed(one, self.store.original(one.id)) for one in found if one)
        return True

    def follow(self, sources: Path, *, progress: Progress = _silent) -> Report | None:
        """Bring the store in line with a sources.toml; None when it is already.

        What the list no longer names is taken out; what was ingested otherwise stays. A list with a file
        that was rejected is read again at the next start.
        """
        seen = fingerprint(sources)
        if self.store.note("sources") == seen:
            return None
        batch = self._read(listed(sources), progress)
        present = {*batch.fresh, *batch.known}
        earlier = json.loads(self.store.note("followed") or "[]")
        gone = [*batch.gone, *(one for one in earlier if one not in present)]
        notes = {"followed": json.dumps(sorted(present)), "sources": "" if batch.rejected else seen}
        return batch.report(self._publish(batch.fresh.values(), gone, notes))

    def _indexed(self, document: Document, original: Original) -> IndexedDocument:
        sentences = chunk.sentences(document)
        passages = chunk.passages(document, sentences)
        annotations = annotate(document, sentences, self.aliases)
        return IndexedDocument(
            document=document,
            original=original,
            passages=tuple(self._passage(document, passage) for passage in passages),
            annotations=annotations,
            entries=entries(document, annotations, self.aliases, self.analyser),
        )

    def _passage(self, document: Document, passage: Passage) -> IndexedPassage:
        return IndexedPassage(
            passage=passage,
            context=self._stems(document.title) * TITLE_WEIGHT + self._stems(passage.section or ""),
            sentence_terms=tuple(
                self._stems(document.text[one.start : one.end]) for one in passage.sentences
            ),
        )

    def _stems(self, text: str) -> tuple[str, ...]:
        return tuple(token.stem for token in self.analyser.tokens(text) if token.content)


@dataclass
class _Batch:
    """What one ingest has seen so far; ``sources`` maps the hash of each known file to its document,
    ``origins`` the place where it was read.
    """

    sources: dict[str, str]
    origins: Mapping[str, str]
    fresh: dict[str, IndexedDocument] = field(default_factory=dict)
    known: dict[str, None] = field(default_factory=dict)
    replaced: dict[str, None] = field(default_factory=dict)  # what stood where something else stands now
    rejected: list[Rejected] = field(default_factory=list)

    def take(self, item: Ingested | Rejected, index: Callable[[Document, Original], IndexedDocument]) -> None:
        if isinstance(item, Rejected):
            self.rejected.append(item)
            return
        same = self.sources.get(item.original.sha256)
        if same is None:
            same = self.sources[item.original.sha256] = item.document.id
            self.fresh[same] = index(item.document, item.original)
        elif same not in self.fresh:
            self.known[same] = None
        before = self.origins.get(item.original.origin)
        if before is not None and before != same:
            self.replaced[before] = None

    @property
    def gone(self) -> tuple[str, ...]:
        return tuple(one for one in self.replaced if one not in self.fresh and one not in self.known)

    @property
    def changes(self) -> bool:
        return bool(self.fresh or self.gone)

    def report(self, version: str) -> Report:
        return Report(
            added=tuple(self.fresh),
            known=tuple(self.known),
            rejected=tuple(self.rejected),
            version=version,
        )
