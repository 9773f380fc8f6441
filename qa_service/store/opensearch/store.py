"""The Store in an OpenSearch cluster, for all machines that name it.

A version is a position: rows tell from which position to which they are there. A publish writes rows of the
next position; the one document that names the store's position, written last, makes them seen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from qa_service.domain.document import Original
from qa_service.domain.errors import NotFoundError, StoreError
from qa_service.domain.ports import Follower, IndexedDocument, Moment, Snapshot
from qa_service.store.opensearch import documents, lease, tidying
from qa_service.store.opensearch.bulk import Found
from qa_service.store.opensearch.candidates import OpenSearchCandidates
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.failures import AbsentError, ConflictError
from qa_service.store.opensearch.publishing import Change
from qa_service.store.opensearch.reading import Memory, Reading
from qa_service.store.opensearch.snapshot import OpenSearchSnapshot
from qa_service.store.opensearch.state import Standing
from qa_service.store.opensearch.versions import Query, term


class OpenSearchStore:
    """See `qa_service.domain.ports.Store`. Safe to share between threads, and after a fork.

    ``derivation`` is what it is to `SqliteStore`.
    """

    kind = "OpenSearch"

    def __init__(self, engine: Engine, derivation: str) -> None:
        self._engine = engine
        self._derivation = derivation
        self._standing = Standing(engine)
        self._memory = Memory()

    @cached_property
    def engine(self) -> str:
        """The version that the cluster's nodes run."""
        return str(self._engine.ask("GET", "/")["version"]["number"])

    @property
    def bytes(self) -> int:
        """What its indices take, one copy of each."""
        told = self._engine.ask("GET", f"/{self._engine.full('*')}/_stats/store")
        return int(told["_all"]["primaries"].get("store", {}).get("size_in_bytes", 0))

    def candidates(self, snapshot: Snapshot) -> OpenSearchCandidates | None:
        """Where passages of one of its snapshots are found."""
        return OpenSearchCandidates(snapshot) if isinstance(snapshot, OpenSearchSnapshot) else None

    def close(self) -> None:
        """Release the connections."""
        self._engine.close()

    def version(self) -> str:
        """See Store. Costs a look at one document, by its id."""
        return self.moment().version

    def moment(self) -> Moment:
        """See Store. Costs as much."""
        return self._standing.state().moment

    def stale(self) -> bool:
        """Whether what is stored was derived by other rules than these."""
        state = self._standing.state()
        return bool(state.version) and state.derivation != self._derivation

    def note(self, key: str) -> str:
        """A remembered value, "" when there is none; see `publish`."""
        return self._standing.state().notes.get(key, "")

    def snapshot(self) -> OpenSearchSnapshot:
        """See Store."""
        state = self._standing.state()
        return OpenSearchSnapshot(Reading(self._engine, self._standing, state, self._memory))

    def changed_since(self, moment: Moment) -> Sequence[str] | None:
        """See Store."""
        state = self._standing.state()
        known = {(position, mark) for position, mark, _ in state.recent}
        if moment.position < state.floor or (moment.position, moment.mark) not in known:
            return None
        came: Query = {"range": {"since": {"gt": moment.position, "lte": state.position}}}
        went: Query = {"range": {"until": {"gt": moment.position, "lte": state.position}}}
        query = {"bool": {"should": [came, went], "must_not": [term("since", *state.undone)]}}
        return tuple(sorted({row["id"] for row in self._documents(query, ["id"])}))

    def original(self, document_id: str) -> Original:
        """See Store."""
        state = self._standing.state()
        query = state.view.query(term("id", document_id))
        found = self._rows(query, ["since"]) if state.version else iter(())
        row = next(found, None)
        if row is None:
            raise NotFoundError(f"There is no document {document_id!r}.", "document_id")
        try:
            kept = self._engine.get(documents.ORIGINALS, row["_id"])["_source"]
        except AbsentError as error:
            raise StoreError(f"The original of {document_id!r} is gone from OpenSearch.") from error
        return documents.original(document_id, kept)

    def known_sources(self) -> Mapping[str, str]:
        """See Store."""
        return {row["source"]: row["id"] for row in self._all("source")}

    def origins(self) -> Mapping[str, str]:
        """See Store."""
        return {row["place"]: row["id"] for row in self._all("place")}

    def _all(self, field: str) -> Iterator[Mapping[str, str]]:
        state = self._standing.state()
        return self._documents(state.view.query(), [field]) if state.version else iter(())

    def _documents(self, query: Query, fields: Sequence[str]) -> Iterator[Mapping[str, str]]:
        for found in self._rows(query, fields):
            yield found["_source"]

    def _rows(self, query: Query, fields: Sequence[str]) -> Iterator[Found]:
        body = {"query": query, "sort": ["id", "since"], "_source": ["id", *fields]}
        return self._engine.pages(documents.NAME, body)

    def publish(
        self,
        added: Iterable[IndexedDocument],
        *,
        removed: Sequence[str] = (),
        notes: Mapping[str, str] | None = None,
        follower: Follower | None = None,
    ) -> str:
        """See Store. ``notes`` are remembered in the same step."""
        with lease.taken(self._engine) as turn:
            before, over = tidying.begun(self._engine, self._standing, turn)
            change = Change(self._engine, turn, before)
            try:
                change.remove(removed)
                change.add(added)
                after = change.come_to(self._derivation, notes or {})
            except ConflictError as error:
                raise StoreError("Another process has published meanwhile: try again.") from error
            tidying.put(self._engine, after, over)
            tidying.purge(self._engine, before, after)
        return after.version
