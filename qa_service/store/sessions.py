"""Sessions of browsers in the store's file, as keyed hashes. See `qa_service.domain.ports.Sessions`."""

import secrets
import time
from collections.abc import Callable
from pathlib import Path

from qa_service.domain.principal import SESSION_SECONDS, Principal, Scope, Via
from qa_service.store.damage import decoding
from qa_service.store.notebook import Notebook
from qa_service.store.secret import Secret
from qa_service.store.spool import Change

SESSION_BYTES = 32  # of chance
NAMED = "session:"  # before a session that is hashed: it can never be taken for a key

BEGIN = """INSERT INTO sessions (hash, key_id, until)
    SELECT ?, id, ? FROM keys WHERE hash = ? AND revoked IS NULL"""
HOLDER = """SELECT keys.id, keys.scopes FROM sessions JOIN keys ON keys.id = sessions.key_id
    WHERE sessions.hash = ? AND sessions.until > ? AND keys.revoked IS NULL"""
END = "DELETE FROM sessions WHERE hash = ?"
OVER = "DELETE FROM sessions WHERE until <= ?"


class SqliteSessions:
    """See Sessions. ``secret_file`` is that of the keys."""

    def __init__(self, notebook: Notebook, secret_file: Path, clock: Callable[[], float] = time.time) -> None:
        self._notebook, self._secret, self._clock = notebook, Secret(secret_file), clock

    def begin(self, text: str) -> str | None:
        """See Sessions."""
        made, now = secrets.token_urlsafe(SESSION_BYTES), int(self._clock())
        hashed = self._secret.hashed(text)
        row = [self._secret.hashed(NAMED + made), now + SESSION_SECONDS, hashed]
        begun = hashed and self._notebook.write(Change(OVER, [now]), Change(BEGIN, row))
        return made if begun else None

    def holder(self, session: str) -> Principal | None:
        """See Sessions."""
        hashed = self._secret.hashed(NAMED + session)
        found = self._notebook.read("keys", HOLDER, [hashed, int(self._clock())]) if hashed else []
        if not found:
            return None
        key_id, scopes = found[0]
        with decoding("keys"):
            return Principal(via=Via.KEY, name=key_id, scopes=frozenset(map(Scope, scopes.split())))

    def end(self, session: str) -> None:
        """See Sessions."""
        self._notebook.write(Change(END, [self._secret.hashed(NAMED + session)]))
