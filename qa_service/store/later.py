"""Writes that nobody waits for, in their order, by a thread of their own."""

import atexit
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

WAITING = 2000  # items that may wait
AGAIN_SECONDS = 1.0  # from one try to the next

Item = TypeVar("Item")


class StillWaitingError(Exception):
    """These cannot be written yet."""


class Later(Generic[Item]):
    """What waits in one process to be written. The thread starts with the first item.

    ``write`` gets at most ``together`` items at once; what it cannot write is lost, and told in the log.
    After StillWaitingError the same items are tried again in a second. ``drained`` is called when none is
    left, while nobody can add one. ``closing_seconds`` is how long the end of the process waits for the rest.
    """

    def __init__(
        self,
        name: str,
        write: Callable[[Sequence[Item]], None],
        closing_seconds: float,
        together: int = WAITING,
        drained: Callable[[], None] = lambda: None,
    ) -> None:
        self.order = threading.RLock()  # held by who must not be overtaken
        self.closing = False
        self._name, self._write = name, write
        self._seconds, self._together = closing_seconds, together
        self._drained = drained
        self._room = threading.Event()
        self._room.set()
        self._items: deque[Item] = deque()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """What is not written yet. Read this before the store, so that nothing is missed in between."""
        if not self._items:
            return ()
        with self.order:
            return tuple(self._items)

    def room(self, seconds: float) -> None:
        """Wait until there is room for one more, at most so long."""
        self._room.wait(seconds)

    def put(self, item: Item) -> bool:
        """Write it when those before it are written; whether it will be."""
        with self.order:
            if len(self._items) >= WAITING or self.closing:
                log.warning("It could not be written: too many wait for the store")
                return False
            self._items.append(item)
            if len(self._items) >= WAITING:
                self._room.clear()
            if self._thread is None:
                self._thread = threading.Thread(target=self._catch_up, name=self._name, daemon=True)
                self._thread.start()
                atexit.register(self.close)
        self._wake.set()
        return True

    def close(self) -> None:
        """Write what waits."""
        self.closing = True
        self._wake.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(self._seconds)

    def _catch_up(self) -> None:
        """The thread: everything that waits, over and over, until there is an end to it."""
        while not self.closing or self._items:
            self._wake.wait()
            self._wake.clear()
            while batch := self._next():
                if not self._written(batch):
                    if self.closing:
                        return
                    self._wake.wait(AGAIN_SECONDS)
                    continue
                with self.order:
                    for _ in batch:
                        self._items.popleft()
                    self._room.set()
                    if not self._items:
                        self._drained()

    def _written(self, batch: Sequence[Item]) -> bool:
        """Whether these need not be tried again."""
        try:
            self._write(batch)
        except StillWaitingError as error:
            log.warning("%s", error)
            return False
        except Exception as error:
            log.warning("It could not be written: %s: %s", type(error).__name__, error)
        return True

    def _next(self) -> tuple[Item, ...]:
        with self.order:
            return tuple(islice(self._items, self._together))
