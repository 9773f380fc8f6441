"""API keys in the store's file, as keyed hashes. See `qa_service.domain.ports.Keys`.

A key is `qa_ID_SECRET`, 256 bits of chance. What is kept is its HMAC-SHA256 under a secret that stands in a
file of its own: whoever has a copy of the store alone can neither use a key nor test a guess.
"""

import hmac
import os
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from qa_service.domain.errors import NotFoundError, StoreError
from qa_service.domain.principal import ApiKey, Principal, Scope, Via
from qa_service.store.notebook import Change, Notebook

PREFIX = "qa_"
ID_BYTES, KEY_BYTES, SECRET_BYTES = 4, 32, 32
SHORTEST_SECRET = 16  # bytes
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
        self._notebook, self._file, self._clock = notebook, secret_file, clock
        self._secret = b""

    def create(self, name: str, scopes: frozenset[Scope]) -> tuple[ApiKey, str]:
        """See Keys."""
        made = ApiKey(id=secrets.token_hex(ID_BYTES), name=name, scopes=scopes, created=int(self._clock()))
        text = f"{PREFIX}{made.id}_{secrets.token_urlsafe(KEY_BYTES)}"
        self._make_secret()
        row = [made.id, name, " ".join(sorted(scopes)), self._hash(text), made.created]
        self._notebook.write(Change(ADD, row))
        return made, text

    def all(self) -> Sequence[ApiKey]:
        """See Keys."""
        return [_key(*row) for row in self._notebook.read(ALL)]

    def revoke(self, key_id: str) -> None:
        """See Keys."""
        if not self._notebook.write(Change(REVOKE, [int(self._clock()), key_id])):
            raise NotFoundError(f"There is no key {key_id!r} that is valid.", "key_id")

    def principal(self, text: str) -> Principal | None:
        """See Keys. A hash is looked up: the time tells nothing of how much of a key is right."""
        hashed = self._hash(text)
        found = self._notebook.read(FIND, [hashed]) if hashed else []
        if not found:
            return None
        key = _key(*found[0])
        now = int(self._clock())
        if key.used is None or now - key.used >= HOUR:
            self._notebook.jot(Change(USE, [now, key.id]))
        return Principal(via=Via.KEY, name=key.id, scopes=key.scopes)

    def _hash(self, text: str) -> str:
        """ "" while there is no secret."""
        try:
            secret = self._secret or self._file.read_bytes()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise StoreError(
                f"The secret of the keys cannot be read: {error}. See QA_SECRET_FILE."
            ) from error
        if len(secret) < SHORTEST_SECRET:
            raise StoreError(f"The secret of the keys is too short: {len(secret)} bytes. See QA_SECRET_FILE.")
        self._secret = secret
        return hmac.digest(secret, text.encode("utf-8", "replace"), "sha256").hex()

    def _make_secret(self) -> None:
        """The file, whole or not at all: of several processes that make it at once, one does."""
        if self._file.exists():
            return
        try:
            with NamedTemporaryFile(dir=self._file.parent, prefix=f"{self._file.name}.") as made:  # 0600
                made.write(secrets.token_bytes(SECRET_BYTES))
                made.flush()
                os.fsync(made.fileno())
                with suppress(FileExistsError):
                    os.link(made.name, self._file)
        except OSError as error:
            raise StoreError(
                f"The secret of the keys cannot be made: {error}. See QA_SECRET_FILE."
            ) from error


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
