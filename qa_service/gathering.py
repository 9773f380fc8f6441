"""What one ingest has seen so far: files become what is to be published, and a report on them."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from qa_service.domain.arrival import Arrival, Fate
from qa_service.domain.document import Ingested, Original, Rejected
from qa_service.domain.ports import IndexedDocument
from qa_service.domain.web import is_address

NOTED = 500  # files of one ingest that were taken, and as many that were not


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the files: ids that are new, ids that were there already, and what was rejected."""

    added: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    version: str = ""


@dataclass
class Batch:
    """What one ingest has seen so far; ``sources`` maps the hash of each known file to its document,
    ``origins`` the place where it was read. ``fresh`` waits to be published.
    """

    sources: Mapping[str, str]
    origins: Mapping[str, str]
    clock: Callable[[], float]
    seen: dict[str, str] = field(default_factory=dict)  # of the sources: those that this ingest has met
    fresh: list[IndexedDocument] = field(default_factory=list)
    added: dict[str, None] = field(default_factory=dict)
    known: dict[str, None] = field(default_factory=dict)
    replaced: dict[str, None] = field(default_factory=dict)  # what stood where something else stands now
    elsewhere: dict[str, Ingested] = field(default_factory=dict)  # known documents, read in another place
    rejected: list[Rejected] = field(default_factory=list)
    came: deque[Arrival] = field(default_factory=lambda: deque(maxlen=NOTED))  # and was taken
    failed: deque[Arrival] = field(default_factory=lambda: deque(maxlen=NOTED))

    def wanted(self, items: Iterable[Ingested | Rejected]) -> Iterator[Ingested]:
        """Those that are neither known nor rejected."""
        for item in items:
            if isinstance(item, Rejected):
                self.rejected.append(item)
                self.failed.append(self._arrival(item.name, Fate.REJECTED, reason=item.reason))
            elif self._is_new(item):
                self.came.append(self._arrival(_named(item.original), Fate.ADDED, self._id(item)))
                yield item
            else:
                self.came.append(self._arrival(_named(item.original), Fate.KNOWN, self._id(item)))

    def _arrival(self, name: str, fate: Fate, document_id: str = "", reason: str = "") -> Arrival:
        return Arrival(name=name, at=int(self.clock()), fate=fate, document_id=document_id, reason=reason)

    def _id(self, item: Ingested) -> str:
        return self.seen[item.original.sha256]

    def _is_new(self, item: Ingested) -> bool:
        source = item.original.sha256
        same = self.seen.get(source) or self.sources.get(source)
        new = same is None
        same = self.seen[source] = same or item.document.id
        if new:
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
        """Documents whose place was taken by something else, and that stand nowhere now."""
        return tuple(one for one in self.replaced if one not in self.added and one not in self.known)

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """What became of the latest files."""
        return tuple(sorted((*self.came, *self.failed), key=lambda one: one.at))

    def report(self, version: str) -> Report:
        """What became of the files, now that the store has this version."""
        return Report(
            added=tuple(self.added),
            known=tuple(self.known),
            rejected=tuple(self.rejected),
            version=version,
        )


def _named(original: Original) -> str:
    """What an arrival is called: a page by its address, a file by its name."""
    return original.origin if is_address(original.origin) else original.name
