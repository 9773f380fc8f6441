"""Counts of what was answered, by the hour: kept in memory, written a moment later by a thread."""

import atexit
import logging
import secrets
import threading
import time
from collections.abc import Callable

from qa_service.domain.errors import StoreError
from qa_service.domain.ports import Tallies
from qa_service.domain.tally import HOUR, NONE, Tally, slot

log = logging.getLogger(__name__)

GATHER = 1.0  # seconds from the first count to its writing
ENDING_SECONDS = 5.0  # how long the end of the process waits for the last one
TELLER_BYTES = 6
LOGGED_EVERY = 60.0  # seconds between two complaints


class Tallying:
    """The counts of one process. Counting returns at once and never raises; after a fork, make a new one.

    What is written of an hour is all that this process counted in it: written again, it stays the same.
    """

    def __init__(self, tallies: Tallies, clock: Callable[[], float] = time.time) -> None:
        self._tallies, self._clock = tallies, clock
        self._teller = secrets.token_hex(TELLER_BYTES)
        self._lock = threading.Lock()
        self._current = Tally(hour=0)
        self._unwritten: dict[int, Tally] = {}
        self._wake, self._closing = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._complained = float("-inf")

    def count(self, *, answered: bool, refused: bool, seconds: float | None) -> None:
        """Count an answer, a refusal or else something that is neither; ``seconds`` if they are known."""
        hour = int(self._clock() // HOUR)
        took = NONE if seconds is None else tuple(int(n == slot(seconds)) for n in range(len(NONE)))
        one = Tally(
            hour=hour,
            answered=int(answered),
            refused=int(refused),
            other=int(not answered and not refused),
            took=took,
        )
        with self._lock:
            before = self._current if self._current.hour == hour else Tally(hour=hour)
            self._current = self._unwritten[hour] = before + one
            if self._thread is None:
                self._start()
        self._wake.set()

    def close(self) -> None:
        """Write what is not written, and end the thread."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(ENDING_SECONDS)

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._write_on, name="tallying", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def _write_on(self) -> None:
        """The thread: what was counted, over and over, until there is an end to it."""
        while not self._closing.is_set():
            self._wake.wait()
            self._closing.wait(GATHER)
            self._wake.clear()
            self._write()

    def _write(self) -> None:
        with self._lock:
            unwritten, self._unwritten = self._unwritten, {}
        for hour, tally in unwritten.items():
            try:
                self._tallies.keep(self._teller, tally)
            except StoreError as error:
                self._complain(error)
                with self._lock:
                    self._unwritten.setdefault(hour, tally)  # with the next one

    def _complain(self, error: StoreError) -> None:
        now = time.monotonic()
        if now - self._complained >= LOGGED_EVERY:
            self._complained = now
            log.warning("What was counted waits to be written: %s", error)
