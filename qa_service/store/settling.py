"""Files that are waited for a moment after they were written: who answers does not wait for the disk."""

import logging
import threading
import time
from pathlib import Path

from qa_service.store.workplace import settle

log = logging.getLogger(__name__)

AFTER = 0.5  # seconds; with the wait for the disk itself, what was written stands there within a second


class Settling:
    """What one process has written and nobody waited for."""

    def __init__(self) -> None:
        self._lock, self._one = threading.Lock(), threading.Lock()
        self._written: set[Path] = set()

    def soon(self, *written: Path) -> None:
        """See that a file, and the folders in which its name is new, stand on the disk within a second."""
        with self._lock:
            first = not self._written
            self._written.update(written)
        if first:
            try:
                threading.Thread(target=self._wait, name="settling", daemon=True).start()
            except RuntimeError:  # there is no room for another thread
                self.now()

    def _wait(self) -> None:
        time.sleep(AFTER)
        self.now()

    def now(self) -> None:
        """Wait until all of it stands on the disk, also what another thread waits for."""
        with self._one:
            with self._lock:
                written, self._written = self._written, set()
            for one in sorted(written, reverse=True):  # what a folder holds before the folder
                try:
                    settle(one)
                except FileNotFoundError:  # emptied into another file, which was waited for
                    continue
                except OSError as error:
                    log.warning("What was written may be lost should the machine fail: %s", error)
