"""Small writes that nobody waits for: at once where the cluster answers, else in the background."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa_service.domain.errors import StoreError
from qa_service.store.later import Later
from qa_service.store.opensearch.failures import RefusedError

log = logging.getLogger(__name__)

MOMENT = 0.5  # seconds that who answers waits for the cluster
LATER = 60.0  # seconds that the background waits for it
CLOSING = 5.0  # and while the process ends


@dataclass(frozen=True, slots=True)
class Jot:
    """A write that may be done twice, in the seconds it is given. ``about`` is whatever it tells."""

    write: Callable[[float], None]
    about: object = None


class Jotter:
    """One process's writes that may wait."""

    def __init__(self) -> None:
        self._later: Later[Jot] = Later("jotting", self._write, 2 * CLOSING, together=1)

    @property
    def waiting(self) -> tuple[object, ...]:
        """What the writes tell that are not done yet. Read this before the store, to miss nothing."""
        return tuple(jot.about for jot in self._later.items)

    def jot(self, jot: Jot) -> None:
        """Write it now, or as soon as may be. Never raises."""
        if not self._later.items:
            try:
                jot.write(MOMENT)
            except RefusedError as error:
                log.warning("It could not be written: %s", error)
                return
            except StoreError as error:
                log.info("It waits to be written: %s", error)
            else:
                return
        self._later.put(jot)

    def close(self) -> None:
        """Write what waits, as far as the cluster answers."""
        self._later.close()

    def _write(self, jots: Sequence[Jot]) -> None:
        for jot in jots:
            jot.write(CLOSING if self._later.closing else LATER)
