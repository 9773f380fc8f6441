"""Counts by the hour in the cluster. See `qa_service.domain.ports.Tallies`."""

from collections.abc import Sequence

from qa_service.domain.tally import Tally, summed
from qa_service.store.opensearch.engine import PATIENCE, Engine
from qa_service.store.tallies import KEPT_HOURS

NAME = "tallies"


class OpenSearchTallies:
    """See Tallies. A process has one document for each hour."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tidied = 0  # the hour

    def keep(self, teller: str, tally: Tally) -> None:
        """See Tallies."""
        body = {
            "hour": tally.hour,
            "teller": teller,
            "answered": tally.answered,
            "refused": tally.refused,
            "other": tally.other,
            "took": list(tally.took),
        }
        self._engine.put(NAME, f"{tally.hour}-{teller}", body, patience=PATIENCE)
        if self._tidied != tally.hour:
            self._tidied = tally.hour
            self._engine.remove(NAME, {"range": {"hour": {"lt": tally.hour - KEPT_HOURS}}})

    def since(self, hour: int) -> Sequence[Tally]:
        """See Tallies."""
        found = self._engine.every(NAME, {"range": {"hour": {"gte": hour}}}, ["hour", "teller"])
        rows = (one["_source"] for one in found)
        return summed(
            Tally(
                hour=row["hour"],
                answered=row["answered"],
                refused=row["refused"],
                other=row["other"],
                took=tuple(row["took"]),
            )
            for row in rows
        )
