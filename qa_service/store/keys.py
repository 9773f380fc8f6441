"""API keys in the store's file, as keyed hashes. See `qa_service.domain.ports.Keys`."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from qa_service.domain.errors import NotFoundError
from qa_service.domain.principal import ApiKey, Principal, Scope, Via
from qa_service.store.damage import decoding
from qa_service.store.notebook import Notebook
from qa_service.store.secret import Secret
from qa_service.store.spool import Change

HOUR = 3600  # seconds

FIELDS = "id, name, scopes, created, used, revoked"
ADD = "INSERT INTO keys (id, name, scopes, hash, created) VALUES (?, ?, ?, ?, ?)"
ALL = f"SELECT {FIELDS} FROM keys ORDER BY rowid"  # noqa: S608 - constants
FIND = f"SELECT {FIELDS} FROM keys WHERE hash = ? AND revoked IS NULL"  # noqa: S608 - constants
USE = "UPDATE keys SET used = ? WHERE id = ?"
REVOKE = "UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL"


class SqliteKeys:
    """See Keys. ``secret_file`` is made with the first key; without it no key is valid."""

    def __init__(self, notebook: Notebook, secret_file: Path, clock: Callable[[], float] = time.time) -> None:
        self._notebook, self._secret, self._clock = notebook, Secret(secret_file), clock

    def create(self, name: str, scopes: frozenset[Scope]) -> tuple[ApiKey, str]:
        """See Keys."""
        made, text, hashed = self._secret.made_key(name, scopes, int(self._clock()))
        row = [made.id, name, " ".join(sorted(scopes)), hashed, made.created]
        self._notebook.write(Change(ADD, row), lasting=True)
        return made, text

    def all(self) -> Sequence[ApiKey]:
        """See Keys."""
        return [_key(*row) for row in self._notebook.read("keys", ALL)]

    def revoke(self, key_id: str) -> None:
        """See Keys."""
        if not self._notebook.write(Change(REVOKE, [int(self._clock()), key_id]), lasting=True):
            raise NotFoundError(f"There is no key {key_id!r} that is valid.", "key_id")

    def principal(self, text: str) -> Principal | None:
        """See Keys. A hash is looked up: the time tells nothing of how much of a key is right."""
        hashed = self._secret.hashed(text)
        found = self._notebook.read("keys", FIND, [hashed]) if hashed else []
        if not found:
            return None
        key = _key(*found[0])
        now = int(self._clock())
        if key.used is None or now - key.used >= HOUR:
            self._notebook.jot(Change(USE, [now, key.id]))
        return Principal(via=Via.KEY, name=key.id, scopes=key.scopes)


@decoding("keys")
def _key(key_id: str, name: str, scopes: str, *times: int | None) -> ApiKey:
    created, used, revoked = times
    return ApiKey(
        id=key_id,
        name=name,
        scopes=frozenset(map(Scope, scopes.split())),
        created=created or 0,
        used=used,
        revoked=revoked,
    )
