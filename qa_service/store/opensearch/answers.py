"""Recorded answers in the cluster. See `qa_service.store.recording.Answers`."""

import time
from collections.abc import Mapping, Sequence

from qa_service.store import recording
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.failures import RefusedError
from qa_service.store.recording import Row

NAME = "answers"
DAY, HOUR = 86_400 * 10**9, 3600 * 10**9  # nanoseconds
TIDIED_EVERY = 1000  # answers of one process


class OpenSearchAnswers:
    """See Answers. What is written is found by its id at once, on every machine."""

    def __init__(self, engine: Engine, days: int = recording.DAYS) -> None:
        self._engine, self._days = engine, days
        self._written = 0
        self._removed = float("-inf")

    def write(self, rows: Sequence[Row]) -> None:
        """See Answers."""
        now = time.time_ns()
        made = [("create", row["id"], {**row, "recorded": now + place}) for place, row in enumerate(rows)]
        try:
            self._engine.bulk(NAME, made)
        except RefusedError as error:
            raise ValueError(str(error)) from error
        self._remove_old(now)
        self._written += len(rows)
        if self._written >= min(TIDIED_EVERY, recording.KEPT):
            self._written = 0
            self._tidy()

    def of(self, ids: Sequence[str]) -> Sequence[Row]:
        """See Answers."""
        return [found["_source"] for found in self._engine.many(NAME, ids)]

    def unanswered(self, most: int) -> Sequence[Row]:
        """See Answers."""
        self._engine.refresh(NAME)
        order = [{"recorded": "desc"}, {"id": "desc"}]
        found = self._engine.search(NAME, {"query": {"term": {"answered": 0}}, "sort": order, "size": most})
        return [one["_source"] for one in reversed(found["hits"]["hits"])]

    def release(self) -> None:
        """See Answers."""

    def _remove_old(self, now: int) -> None:
        """What has had its days, once an hour."""
        if now - self._removed >= HOUR:
            self._removed = now
            past = now - self._days * DAY
            for name, when in ((NAME, "recorded"), ("feedback", "given")):
                self._engine.remove(name, {"range": {when: {"lt": past}}})

    def _tidy(self) -> None:
        """The oldest make room."""
        self._engine.refresh(NAME)
        query: Mapping[str, object] = {"match_all": {}}
        many = self._engine.count(NAME, query) - recording.KEPT
        if many > 0:
            self._engine.remove(NAME, query, sort="recorded:asc", max_docs=str(many))
