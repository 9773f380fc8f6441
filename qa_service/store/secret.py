"""The secret under which API keys are hashed, and keys that are hashed under it.

A key is `qa_ID_SECRET`, 256 bits of chance. What is kept is its HMAC-SHA256 under a secret that stands in a
file of its own: whoever has a copy of the store alone can neither use a key nor test a guess.
"""

import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from qa_service.domain.errors import StoreError
from qa_service.domain.principal import ApiKey, Scope
from qa_service.store.workplace import settle

PREFIX = "qa_"
ID_BYTES, KEY_BYTES, SECRET_BYTES = 4, 32, 32
SHORTEST_SECRET = 16  # bytes


class Secret:
    """The secret in one file, made with the first key; without it no key is valid."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._secret = b""

    def made_key(self, name: str, scopes: frozenset[Scope], now: int) -> tuple[ApiKey, str, str]:
        """A new key, its text and its hash. Raises StoreError when the secret cannot be made."""
        made = ApiKey(id=secrets.token_hex(ID_BYTES), name=name, scopes=scopes, created=now)
        text = f"{PREFIX}{made.id}_{secrets.token_urlsafe(KEY_BYTES)}"
        self._make()
        return made, text, self.hashed(text)

    def hashed(self, text: str) -> str:
        """The hash of a key; "" while there is no secret. Raises StoreError when it cannot be read."""
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

    def _make(self) -> None:
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
            settle(self._file.parent)  # the name of a file stands in its folder
        except OSError as error:
            raise StoreError(
                f"The secret of the keys cannot be made: {error}. See QA_SECRET_FILE."
            ) from error
