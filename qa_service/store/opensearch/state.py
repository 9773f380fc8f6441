"""What the store has come to: one document, whose change is what publishes."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from qa_service.domain.errors import MovedError, StoreError
from qa_service.domain.ports import Moment, Size
from qa_service.store.opensearch.bulk import Found
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.failures import AbsentError
from qa_service.store.opensearch.versions import View

SCHEMA = 1
NAME, CURRENT = "state", "current"
RECENT = 200  # publishes that are remembered
KEPT_SECONDS = 600.0  # that a version can be read after the next one came
LOOKED_SECONDS = 60.0  # that a reader believes so without looking


@dataclass(frozen=True, slots=True)
class State:
    """A published version. Numbers of publishes never return, and are positions.

    Rows that ended at ``floor`` or before are gone: older versions can no longer be read. ``undone`` are
    publishes that came to no end, ``recent`` those that did, with mark and time (seconds since 1970).
    """

    schema: int = SCHEMA
    version: str = ""
    position: int = 0
    mark: str = ""
    floor: int = 0
    derivation: str = ""
    contents: str = "0"
    size: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    undone: tuple[int, ...] = ()
    recent: tuple[tuple[int, str, float], ...] = ()

    @classmethod
    def of(cls, source: Mapping[str, Any]) -> "State":
        """What `body` wrote."""
        recent = tuple((position, mark, at) for position, mark, at in source["recent"])
        return cls(**{**source, "undone": tuple(source["undone"]), "recent": recent})

    @property
    def body(self) -> Mapping[str, object]:
        """The document."""
        return asdict(self)

    @property
    def moment(self) -> Moment:
        """See Store.moment."""
        return Moment(self.version, self.position, self.mark)

    @property
    def view(self) -> View:
        """The rows of this version."""
        return View(self.position, self.undone)

    @property
    def sizes(self) -> Size:
        """How much it holds."""
        return Size(**self.size)

    def passed(self, now: float) -> int:
        """The oldest position that a reader may still be at: the last that is older than `KEPT_SECONDS`."""
        old = [position for position, _, at in self.recent if at <= now - KEPT_SECONDS]
        return max([self.floor, *old])


class Standing:
    """The state as this process last saw it, for all its threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: tuple[object, State] = (None, State())
        self._looked = float("-inf")

    def state(self) -> State:
        """The current state. Costs one look by id, and a second one when it has changed."""
        stamp, _ = self._seen
        found = self._found(bare=True)
        if found is not None and _stamp(found) != stamp:
            found = self._found()
        if found is None:
            self._seen = (None, State())
        elif _stamp(found) != stamp:
            self._seen = (_stamp(found), self._read(found))
        self._looked = time.monotonic()
        return self._seen[1]

    def found(self) -> tuple[State, Found | None]:
        """The current state and its document, to be written over."""
        found = self._found()
        return (State(), None) if found is None else (self._read(found), found)

    def check(self, position: int) -> None:
        """Raises MovedError when a version of that position can no longer be read."""
        if time.monotonic() - self._looked > LOOKED_SECONDS:
            self.state()
        if position < self._seen[1].floor:
            raise MovedError("The index was published anew while it was being read: ask again.")

    def _found(self, *, bare: bool = False) -> Found | None:
        if not self._engine.there(NAME):
            return None
        try:
            return self._engine.get(NAME, CURRENT, bare=bare)
        except AbsentError:
            return None

    def _read(self, found: Found) -> State:
        schema = found["_source"].get("schema")
        if schema != SCHEMA:
            raise StoreError(
                f"The store {self._engine.address.prefix!r} in OpenSearch at {self._engine.address} has "
                f"schema {schema}; this version reads {SCHEMA}. Use the qa-service version that made it, "
                "or name another prefix in QA_STORE and ingest again."
            )
        return State.of(found["_source"])


def _stamp(found: Found) -> object:
    return found["_seq_no"], found["_primary_term"]
