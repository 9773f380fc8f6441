"""Who may publish: one process at a time, by a document that it renews.

A holder that died is one whose document does not change for `LEASE_SECONDS` by the clock of who waits. It may
only have been asleep; so each holder has a number of its own, and what was written under the number of one
that lost its lease is told to everybody as undone.
"""

import logging
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from qa_service.domain.errors import StoreError
from qa_service.store.opensearch.bulk import Found
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.failures import AbsentError, ConflictError

log = logging.getLogger(__name__)

NAME, LEASE = "state", "lease"
LEASE_SECONDS = 20.0  # without a sign of life
RENEWED_EVERY = 4.0  # seconds
WAITING_SECONDS = 600.0  # that a publisher waits for those before it
LOOK_SECONDS = 0.1  # between two looks
NOBODY = ""
TRIES = 3  # at a document that only its holder changes


class Turn:
    """One publish's turn. Its ``number`` is that of no other; ``unfinished`` ones are to be undone first.

    Use it in a `with`: ended by an error, its own number is among those that the next one undoes.
    """

    def __init__(self, engine: Engine, number: int, unfinished: Sequence[int]) -> None:
        self.number, self.unfinished = number, tuple(unfinished)
        self.holder = secrets.token_hex(8)
        self._engine = engine
        self._lost = False
        self._ended = threading.Event()
        self._renewing = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> "Turn":
        self._renewing.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._ended.set()
        self._renewing.join()
        left = () if kind is None else (*self.unfinished, self.number)
        try:
            self._write(NOBODY, left)
        except StoreError as error:  # the next one takes it when it has waited
            log.warning("The right to publish could not be given back: %s", error)

    def check(self) -> None:
        """Raises StoreError when another publisher has taken over."""
        if self._lost:
            raise StoreError("Another process publishes now, since this one gave no sign of life: try again.")

    def body(self, holder: str, unfinished: Sequence[int]) -> Mapping[str, object]:
        """The document that says who holds it."""
        return {"number": self.number, "holder": holder, "unfinished": unfinished, "at": time.time()}

    def _renew(self) -> None:
        while not self._ended.wait(RENEWED_EVERY):
            try:
                self._write(self.holder, self.unfinished)
            except StoreError as error:
                log.warning("The right to publish could not be renewed: %s", error)

    def _write(self, holder: str, unfinished: Sequence[int]) -> None:
        """Write it over what this turn wrote last, if nobody else has."""
        for _ in range(TRIES):
            found = self._engine.get(NAME, LEASE)
            self._lost = found["_source"]["number"] != self.number
            if self._lost:
                return
            try:
                self._engine.put(NAME, LEASE, self.body(holder, unfinished), found)
            except ConflictError:  # a try of ours that seemed lost, or somebody else's
                continue
            return


def taken(engine: Engine) -> Turn:
    """The next turn. Raises StoreError when those before it take too long."""
    deadline = time.monotonic() + WAITING_SECONDS
    seen, since = None, time.monotonic()
    while True:
        found, kept = _read(engine)
        if found is not None and found["_seq_no"] != seen:
            seen, since = found["_seq_no"], time.monotonic()
        if kept["holder"] == NOBODY or time.monotonic() - since > LEASE_SECONDS:
            turn = _tried(engine, found, kept)
            if turn is not None:
                return turn
        if time.monotonic() > deadline:
            raise StoreError("Another process publishes into QA_STORE and comes to no end: try again later.")
        time.sleep(LOOK_SECONDS)


def _read(engine: Engine) -> tuple[Found | None, Mapping[str, Any]]:
    try:
        found = engine.get(NAME, LEASE)
    except AbsentError:
        return None, {"number": 0, "holder": NOBODY, "unfinished": []}
    return found, found["_source"]


def _tried(engine: Engine, found: Found | None, kept: Mapping[str, Any]) -> Turn | None:
    """The turn, unless somebody else has just got it."""
    died = [] if kept["holder"] == NOBODY else [kept["number"]]
    turn = Turn(engine, kept["number"] + 1, [*kept["unfinished"], *died])
    body = turn.body(turn.holder, turn.unfinished)
    try:
        if found is None:
            engine.create(NAME, LEASE, body)
        else:
            engine.put(NAME, LEASE, body, found)
    except ConflictError:
        _, now = _read(engine)
        return turn if now["holder"] == turn.holder else None  # a try that seemed lost was not
    return turn
