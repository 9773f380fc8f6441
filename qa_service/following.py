"""The candidate index follows the store: a position of the one is a position of the other.

The store is the truth. What it publishes is told to the index while it is written, and committed there right
after it; whoever finds the index behind (its writer was killed between the two) brings it up to date.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from time import monotonic, sleep
from typing import TypeVar

from qa_service.domain.errors import DamagedIndexError, IntegrityError, MovedError, StoreError
from qa_service.domain.ports import (
    Candidates,
    CandidateSource,
    IndexedPassage,
    Moment,
    Size,
    Snapshot,
    Store,
)
from qa_service.search.embedded import Committed, EmbeddedIndex, State, Writing

log = logging.getLogger(__name__)

TRIES = 3  # of what is read of an index that is damaged and made anew
PATIENCE = 1.0  # seconds that a reader waits for who is about to commit
WORN = 0.1  # share of the passages that may be deleted ones before the index is made anew
FEW = 2000  # deleted passages that never matter

Value = TypeVar("Value")


class Following:
    """A store and the index that follows it while it is of a size that is ``wanted``."""

    def __init__(
        self, store: Store, index: Callable[[], EmbeddedIndex], wanted: Callable[[Size], bool]
    ) -> None:
        self._store = store
        self._open = index
        self.wanted = wanted

    @cached_property
    def index(self) -> EmbeddedIndex:
        """The index, opened when first needed."""
        return self._open()

    def source(self, snapshot: Snapshot) -> "Followed":
        """Candidates of this snapshot. Raises MovedError when the store has gone on from it."""
        return Followed(self, snapshot)

    def found(self, snapshot: Snapshot) -> CandidateSource:
        """The index of this snapshot, brought up to date when it is not. Raises likewise, and StoreError."""
        deadline, tries = monotonic() + PATIENCE, 0
        while tries < TRIES:
            found = self._mended(EmbeddedIndex.current)
            if found.state.moment == snapshot.moment and not _lost(found, snapshot):
                return found.candidates(snapshot.size)
            if self._store.moment() != snapshot.moment:
                raise MovedError("The index was published anew while it was being opened: ask again.")
            if found.state.moment.position >= snapshot.moment.position or monotonic() > deadline:
                self.catch_up()
                tries += 1
            sleep(0.002)
        raise StoreError(f"{self.index} cannot be brought up to date. Delete the folder.")

    def doubt(self) -> None:
        """Look at all of the index again, next time."""
        self.index.doubt()

    def _mended(self, read: Callable[[EmbeddedIndex], Value]) -> Value:
        """What is read of the index. A damaged one is taken away before: then it has followed nothing."""
        for _ in range(TRIES):
            told = self.index.told()
            try:
                return read(self.index)
            except DamagedIndexError as error:
                log.warning("The candidate index is damaged and made anew: %s", error.__cause__)
                self.index.discard(told)
        return read(self.index)

    def telling(self) -> "Telling":
        """A Follower for one publish."""
        return Telling(self, self._store)

    def catch_up(self) -> None:
        """Bring the index to the store's position; make it anew when it cannot be brought there."""
        writing = self._mended(EmbeddedIndex.writing)
        try:
            snapshot = self._store.snapshot()
            anew = _worn(writing.state, snapshot.size) or _lost(writing.before, snapshot)
            if anew or writing.state.moment != snapshot.moment:
                self._told(writing, snapshot, anew=anew)
                writing.commit(snapshot.moment)
        finally:
            writing.abandon()

    def _told(self, writing: Writing, snapshot: Snapshot, *, anew: bool) -> None:
        changed = None if anew else self._store.changed_since(writing.state.moment)
        with snapshot.pinned():
            if changed is None:
                writing.clear()
                changed = tuple(snapshot.ids())
            for document_id in changed:
                writing.remove(document_id)
                ranked = snapshot.everything(document_id)
                writing.add(document_id, ((number, one.terms) for number, one in ranked))


def _worn(state: State, size: Size) -> bool:
    return state.deleted > max(FEW, WORN * size.passages)


def _lost(index: Committed, snapshot: Snapshot) -> bool:
    """Whether an index of this snapshot holds another number of passages."""
    return index.state.moment == snapshot.moment and index.passages != snapshot.size.passages


class Followed:
    """See `ports.CandidateSource`: the index of a snapshot. One that is damaged meanwhile is made anew."""

    def __init__(self, following: Following, snapshot: Snapshot) -> None:
        self._following, self._snapshot = following, snapshot
        self._found = following.found(snapshot)

    def candidates(
        self, terms: Mapping[str, float], k: int, documents: Sequence[str] = ()
    ) -> Iterator[Candidates]:
        """See ports.CandidateSource."""
        try:
            yield from self._found.candidates(terms, k, documents)
        except DamagedIndexError:
            self._following.doubt()
            self._found = self._following.found(self._snapshot)
            yield from self._found.candidates(terms, k, documents)


class Telling:
    """See `ports.Follower`: tells the index of one publish, as far as it is at the store's position."""

    def __init__(self, following: Following, store: Store) -> None:
        self._following = following
        self._store = store
        self._begun = False
        self._writing: Writing | None = None

    def _told(self) -> Writing | None:
        """None when the index cannot follow from where it is: then it catches up afterwards.

        Begun with the first change, in the store's transaction: nobody else can move the store meanwhile.
        """
        if not self._begun:
            self._begun = True
            try:
                self._writing = self._following_on()
            except StoreError as error:
                log.warning("The candidate index does not follow yet: %s", error)
        return self._writing

    def _following_on(self) -> Writing | None:
        snapshot = self._store.snapshot()
        if not self._following.wanted(snapshot.size):
            return None
        writing = self._following.index.writing()
        if writing.state.moment == snapshot.moment:
            return writing
        writing.abandon()
        return None

    def removed(self, document_id: str) -> None:
        """See Follower."""
        if writing := self._told():
            writing.remove(document_id)

    def added(self, document_id: str, passages: Iterable[tuple[int, IndexedPassage]]) -> None:
        """See Follower."""
        if writing := self._told():
            writing.add(document_id, ((number, one.terms) for number, one in passages))

    def keep(self, moment: Moment) -> None:
        """See Follower. An index that cannot be written now is brought up to date by its next reader."""
        try:
            if self._writing:
                self._writing.commit(moment)
            elif self._following.wanted(self._store.snapshot().size):
                self._following.catch_up()
        except (StoreError, IntegrityError) as error:
            log.warning("The candidate index does not follow yet: %s", error)

    def forget(self) -> None:
        """See Follower."""
        if self._writing:
            self._writing.abandon()
