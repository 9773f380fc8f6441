"""What became of files, in the cluster. See `qa_service.domain.ports.Arrivals`."""

import logging
import secrets
import time
from collections.abc import Sequence

from qa_service.domain.arrival import Arrival, Fate
from qa_service.domain.errors import StoreError
from qa_service.store import arrivals as limits
from qa_service.store.opensearch.engine import Engine

log = logging.getLogger(__name__)
NAME = "arrivals"
TAKEN = {"terms": {"fate": [Fate.ADDED, Fate.KNOWN]}}
REJECTED = {"term": {"fate": Fate.REJECTED}}


class OpenSearchArrivals:
    """See Arrivals."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, arrivals: Sequence[Arrival]) -> None:
        """See Arrivals."""
        now = time.time_ns()
        rows = [("create", secrets.token_hex(16), _row(one, now + n)) for n, one in enumerate(arrivals)]
        try:
            self._engine.bulk(NAME, rows)
            self._engine.refresh(NAME)
            for query in (TAKEN, REJECTED):
                many = self._engine.count(NAME, query) - limits.KEPT
                if many > 0:
                    self._engine.remove(NAME, query, sort="place:asc", max_docs=str(many))
        except StoreError as error:
            log.warning("What became of %d files could not be noted: %s", len(rows), error)

    def forget(self, document_ids: Sequence[str]) -> None:
        """See Arrivals."""
        try:
            found = list(self._engine.every(NAME, {"match_all": {}}, ["place"]))
            gone = [one["_id"] for one in found if one["_source"]["document_id"] in document_ids]
            self._engine.bulk(NAME, [("delete", one, None) for one in gone])
        except StoreError as error:
            log.warning("The names of files could not be forgotten: %s", error)

    def latest(self) -> Sequence[Arrival]:
        """See Arrivals."""
        found = [one["_source"] for one in self._engine.every(NAME, {"match_all": {}}, ["place"])]
        return [
            Arrival(
                name=row["name"],
                at=row["at"],
                fate=Fate(row["fate"]),
                document_id=row["document_id"],
                reason=row["reason"],
            )
            for row in reversed(found)
        ]


def _row(one: Arrival, place: int) -> dict[str, object]:
    return {
        "name": one.name,
        "at": one.at,
        "fate": one.fate.value,
        "document_id": one.document_id,
        "reason": one.reason,
        "place": place,
    }
