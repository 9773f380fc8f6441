"""API keys in the cluster. The id of a key's document is its hash: a look-up sees a revocation at once."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa_service.domain.errors import NotFoundError
from qa_service.domain.principal import ApiKey, Principal, Scope, Via
from qa_service.store.keys import HOUR
from qa_service.store.opensearch.bulk import Found
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.failures import AbsentError, ConflictError
from qa_service.store.opensearch.jotting import Jot, Jotter
from qa_service.store.secret import Secret

NAME = "keys"


class OpenSearchKeys:
    """See Keys. Machines that share the cluster share the file of the secret as well."""

    def __init__(
        self, engine: Engine, jotter: Jotter, secret_file: Path, clock: Callable[[], float] = time.time
    ) -> None:
        self._engine, self._jotter, self._clock = engine, jotter, clock
        self._secret = Secret(secret_file)

    def create(self, name: str, scopes: frozenset[Scope]) -> tuple[ApiKey, str]:
        """See Keys."""
        made, text, hashed = self._secret.made_key(name, scopes, int(self._clock()))
        body = {
            "id": made.id,
            "name": name,
            "scopes": sorted(scopes),
            "created": made.created,
            "place": time.time_ns(),
            "used": None,
            "revoked": None,
        }
        self._engine.put(NAME, hashed, body)
        return made, text

    def all(self) -> Sequence[ApiKey]:
        """See Keys."""
        found = self._engine.every(NAME, {"match_all": {}}, ["place", "id"])
        return [_key(one["_source"]) for one in found]

    def revoke(self, key_id: str) -> None:
        """See Keys."""
        valid = [
            one["_id"]
            for one in self._engine.every(NAME, {"term": {"id": key_id}}, ["place", "id"])
            if one["_source"]["revoked"] is None
        ]
        if not valid:
            raise NotFoundError(f"There is no key {key_id!r} that is valid.", "key_id")
        for hashed in valid:
            self._change(hashed, {"revoked": int(self._clock())})

    def principal(self, text: str) -> Principal | None:
        """See Keys."""
        hashed = self._secret.hashed(text)
        try:
            found = self._engine.get(NAME, hashed) if hashed else None
        except AbsentError:
            found = None
        if found is None or found["_source"]["revoked"] is not None:
            return None
        key = _key(found["_source"])
        now = int(self._clock())
        if key.used is None or now - key.used >= HOUR:
            self._jotter.jot(Jot(lambda patience: self._use(hashed, found, now, patience)))
        return Principal(via=Via.KEY, name=key.id, scopes=key.scopes)

    def _use(self, hashed: str, found: Found, now: int, patience: float) -> None:
        try:
            self._engine.put(NAME, hashed, {**found["_source"], "used": now}, found, patience)
        except ConflictError:
            return  # used elsewhere at the same moment, or revoked: what was written then counts

    def _change(self, hashed: str, values: Mapping[str, object]) -> None:
        while True:
            found = self._engine.get(NAME, hashed)
            try:
                self._engine.put(NAME, hashed, {**found["_source"], **values}, found)
            except ConflictError:
                continue
            return


def _key(row: Mapping[str, Any]) -> ApiKey:
    return ApiKey(
        id=row["id"],
        name=row["name"],
        scopes=frozenset(map(Scope, row["scopes"])),
        created=row["created"],
        used=row["used"],
        revoked=row["revoked"],
    )
