"""Small writes that nobody waits for: at once where the cluster answers, else in the background."""

import atexit
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from qa_service.domain.errors import StoreError
from qa_service.store.opensearch.failures import RefusedError

log = logging.getLogger(__name__)

MOMENT = 0.5  # seconds that who answers waits for the cluster
LATER = 60.0  # seconds that the background waits for it
CLOSING = 5.0  # and while the process ends
WAITING = 2000  # writes that may wait in the background


@dataclass(frozen=True, slots=True)
class Jot:
    """A write that may be done twice, in the seconds it is given. ``about`` is whatever it tells."""

    write: Callable[[float], None]
    about: object = None


class Jotter:
    """One process's writes that may wait. The thread starts with the first one that has to."""

    def __init__(self) -> None:
        self._waiting: deque[Jot] = deque()
        self._order = threading.Lock()
        self._wake = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> tuple[object, ...]:
        """What the writes tell that are not done yet. Read this before the store, to miss nothing."""
        with self._order:
            return tuple(jot.about for jot in self._waiting)

    def jot(self, jot: Jot) -> None:
        """Write it now, or as soon as may be. Never raises."""
        if not self._waiting:
            try:
                jot.write(MOMENT)
            except RefusedError as error:
                log.warning("It could not be written: %s", error)
                return
            except StoreError as error:
                log.info("It waits to be written: %s", error)
            else:
                return
        with self._order:
            if len(self._waiting) >= WAITING or self._closing:
                log.warning("It could not be written: too many wait for the store")
                return
            self._waiting.append(jot)
            self._start()
        self._wake.set()

    def close(self) -> None:
        """Write what waits, as far as the cluster answers."""
        self._closing = True
        self._wake.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(2 * CLOSING)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._catch_up, name="jotting", daemon=True)
            self._thread.start()
            atexit.register(self.close)

    def _catch_up(self) -> None:
        """The thread: one write after the other, until there is an end to them."""
        while not self._closing or self._waiting:
            self._wake.wait()
            self._wake.clear()
            while self._waiting:
                try:
                    self._waiting[0].write(CLOSING if self._closing else LATER)
                except StoreError as error:
                    log.warning("It could not be written: %s", error)
                with self._order:
                    self._waiting.popleft()
