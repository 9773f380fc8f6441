"""How long this request has been worked on, for whoever answers it: also in a thread that goes on with it."""

from contextvars import ContextVar
from time import perf_counter

BEGUN: ContextVar[float | None] = ContextVar("begun", default=None)


def begin() -> None:
    """A request has come."""
    BEGUN.set(perf_counter())


def seconds() -> float | None:
    """Since then; None where nothing is known of a request, as on a terminal."""
    begun = BEGUN.get()
    return None if begun is None else perf_counter() - begun
