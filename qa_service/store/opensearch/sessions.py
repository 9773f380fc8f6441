"""Sessions of browsers in the cluster. A session and its key are read by id: a revocation is seen at once."""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from qa_service.domain.principal import SESSION_SECONDS, Principal, Scope, Via
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.failures import AbsentError
from qa_service.store.secret import Secret
from qa_service.store.sessions import NAMED, SESSION_BYTES

NAME = "sessions"


class OpenSearchSessions:
    """See `qa_service.domain.ports.Sessions`. ``secret_file`` is that of the keys."""

    def __init__(self, engine: Engine, secret_file: Path, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._secret, self._clock = engine, Secret(secret_file), clock

    def begin(self, text: str) -> str | None:
        """See Sessions."""
        hashed, now = self._secret.hashed(text), int(self._clock())
        if not hashed or self._key(hashed) is None:
            return None
        self._engine.remove(NAME, {"range": {"until": {"lte": now}}})
        made = secrets.token_urlsafe(SESSION_BYTES)
        body = {"key": hashed, "until": now + SESSION_SECONDS}
        self._engine.put(NAME, self._secret.hashed(NAMED + made), body)
        return made

    def holder(self, session: str) -> Principal | None:
        """See Sessions."""
        hashed = self._secret.hashed(NAMED + session)
        try:
            kept = self._engine.get(NAME, hashed)["_source"] if hashed else None
        except AbsentError:
            kept = None
        if kept is None or kept["until"] <= int(self._clock()):
            return None
        return self._key(kept["key"])

    def end(self, session: str) -> None:
        """See Sessions."""
        hashed = self._secret.hashed(NAMED + session)
        with suppress(AbsentError):
            if hashed:
                self._engine.delete(NAME, hashed)

    def _key(self, hashed: str) -> Principal | None:
        """Whose key has this hash; None when it is none, or is revoked."""
        try:
            row = self._engine.get("keys", hashed)["_source"]
        except AbsentError:
            return None
        if row["revoked"] is not None:
            return None
        return Principal(via=Via.KEY, name=row["id"], scopes=frozenset(map(Scope, row["scopes"])))
