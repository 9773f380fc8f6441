"""How much was asked within an hour, and how long answers took: numbers, and nothing of what was asked."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, groupby

# Seconds up to which answers are counted together; what took longer than the last one is counted by itself.
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
HOUR = 3600  # seconds
NONE = (0,) * (len(BOUNDS) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one hour (or of several, added up). ``hour`` counts hours since 1970.

    ``other`` are messages that are no questions, such as greetings. ``took`` counts answers by how long they
    took, one number a bound.
    """

    hour: int
    answered: int = 0
    refused: int = 0
    other: int = 0
    took: tuple[int, ...] = NONE

    @property
    def asked(self) -> int:
        """All of them."""
        return self.answered + self.refused + self.other

    def __add__(self, more: "Tally") -> "Tally":
        return Tally(
            hour=self.hour,
            answered=self.answered + more.answered,
            refused=self.refused + more.refused,
            other=self.other + more.other,
            took=tuple(map(sum, zip(self.took, more.took, strict=True))),
        )

    def within(self, share: float) -> float | None:
        """The seconds within which this share of the answers came, as the next larger bound; None for none.

        Infinite when it took longer than the last bound.
        """
        total = sum(self.took)
        if not total:
            return None
        reached = bisect_left(list(accumulate(self.took)), share * total)
        return BOUNDS[reached] if reached < len(BOUNDS) else float("inf")


def slot(seconds: float) -> int:
    """The place among the counts of ``took`` of an answer that took so long."""
    return bisect_left(BOUNDS, seconds)


def summed(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """One tally an hour, of tallies that come in the order of their hours."""
    hours = groupby(tallies, key=lambda one: one.hour)
    return tuple(reduce(Tally.__add__, group) for _, group in hours)
