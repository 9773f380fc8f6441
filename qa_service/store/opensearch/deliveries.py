"""Which messages have been taken on, in the cluster: whoever makes a key's document has its message."""

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from qa_service.store.deliveries import KEPT, LEASE
from qa_service.store.opensearch.bulk import Found
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.failures import AbsentError, ConflictError

NAME = "deliveries"


class OpenSearchDeliveries:
    """See `qa_service.domain.ports.Deliveries`. ``now`` gives seconds since 1970.

    Keys are taken in one order by everyone: of two who want the same message, one finds its first key taken.
    """

    def __init__(self, engine: Engine, now: Callable[[], float] = time.time) -> None:
        self._engine, self._now = engine, now
        self._tidied = float("-inf")

    def claim(self, keys: Sequence[str]) -> bool:
        """See Deliveries."""
        now, mine = self._now(), secrets.token_hex(8)
        self._tidy(now)
        taken: list[str] = []
        for key in _ids(keys):
            if not self._taken(key, now, mine):
                for one in taken:
                    with suppress(AbsentError, ConflictError):
                        self._engine.delete(NAME, one)
                return False
            taken.append(key)
        return True

    def _taken(self, key: str, now: float, mine: str) -> bool:
        """Whether a key is this claim's now."""
        body = {"claimed": now, "done": False, "by": mine}
        try:
            self._engine.create(NAME, key, body)
        except ConflictError:
            try:
                found = self._engine.get(NAME, key)
            except AbsentError:  # given up meanwhile
                return self._taken(key, now, mine)
            return found["_source"]["by"] == mine or self._taken_over(key, found, body)
        return True

    def _taken_over(self, key: str, found: Found, body: dict[str, object]) -> bool:
        """Whether a key that was lost, or is long past, is this claim's now."""
        kept = found["_source"]
        if kept["claimed"] >= float(str(body["claimed"])) - (KEPT if kept["done"] else LEASE):
            return False
        try:
            self._engine.put(NAME, key, body, found)
        except ConflictError:  # another one has just taken it
            return bool(self._engine.get(NAME, key)["_source"]["by"] == body["by"])
        return True

    def finish(self, keys: Sequence[str]) -> None:
        """See Deliveries."""
        for key in _ids(keys):
            with suppress(AbsentError):
                kept = self._engine.get(NAME, key)["_source"]
                self._engine.put(NAME, key, {**kept, "done": True})

    def _tidy(self, now: float) -> None:
        if now - self._tidied >= KEPT:
            self._tidied = now
            self._engine.remove(NAME, {"range": {"claimed": {"lt": now - KEPT}}})


def _ids(keys: Sequence[str]) -> list[str]:
    return sorted({hashlib.sha256(key.encode("utf-8", "replace")).hexdigest() for key in keys})
