"""One process publishes into a store at a time; who comes meanwhile waits for it, however long it takes.

SQLite's own lock is waited for in seconds. To derive everything anew may take many minutes.
"""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)

ASKED_EVERY = 0.02  # seconds
TOLD_AFTER = 1.0  # seconds of waiting


def lock_of(store: Path) -> Path:
    """The file whose lock it is; there once something was published."""
    return store.with_name(f"{store.name}.publishing")


@contextmanager
def alone(store: Path) -> Iterator[None]:
    """Hold the right to publish. A process that dies gives it up. Raises OSError."""
    held = os.open(lock_of(store), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(held, store)
        yield
    finally:
        os.close(held)


def _wait(held: int, store: Path) -> None:
    begun = time.monotonic()
    told = False
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not told and time.monotonic() - begun > TOLD_AFTER:
                told = True
                log.warning("Another process publishes into %s: waiting until it has ended", store)
            time.sleep(ASKED_EVERY)
        else:
            return
