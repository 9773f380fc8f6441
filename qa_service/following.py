"""The candidate index follows the store: a position of the one is a position of the other.

The store is the truth. What it publishes is told to the index while it is written, and committed there right
after it; whoever finds the index behind (its writer was killed between the two) brings it up to date.
"""

import logging
from collections.abc import Callable, Iterable
from functools import cached_property
from time import monotonic, sleep

from qa_service.domain.errors import MovedError, StoreError
from qa_service.domain.ports import CandidateSource, IndexedPassage, Moment, Size, Snapshot, Store
from qa_service.search.embedded import EmbeddedIndex, State, Writing

log = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds that a reader waits for who is about to commit
WORN = 0.1  # share of the passages that may be deleted ones before the index is made anew
FEW = 2000  # deleted passages that never matter


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

    def source(self, snapshot: Snapshot) -> CandidateSource:
        """Candidates of this snapshot. Raises MovedError when the store has gone on from it."""
        deadline = monotonic() + PATIENCE
        while True:
            found = self.index.current()
            if found.state.moment == snapshot.moment:
                return found.candidates(snapshot.size)
            if self._store.moment() != snapshot.moment:
                raise MovedError("The index was published anew while it was being opened: ask again.")
            if found.state.moment.position >= snapshot.moment.position or monotonic() > deadline:
                self.catch_up()
            sleep(0.002)

    def telling(self) -> "Telling":
        """A Follower for one publish."""
        return Telling(self, self._store)

    def catch_up(self) -> None:
        """Bring the index to the store's position; make it anew when it cannot be brought there."""
        writing = self.index.writing()
        try:
            snapshot = self._store.snapshot()
            state = writing.state
            if state.moment != snapshot.moment or _worn(state, snapshot.size):
                self._told(writing, snapshot)
                writing.commit(snapshot.moment)
        finally:
            writing.abandon()

    def _told(self, writing: Writing, snapshot: Snapshot) -> None:
        state = writing.state
        changed = None if _worn(state, snapshot.size) else self._store.changed_since(state.moment)
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
        except StoreError as error:
            log.warning("The candidate index does not follow yet: %s", error)

    def forget(self) -> None:
        """See Follower."""
        if self._writing:
            self._writing.abandon()
