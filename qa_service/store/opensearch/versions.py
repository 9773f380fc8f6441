"""Which rows a position of the store sees. A row is there from one position (``since``) until another.

A publish writes rows of its own position, which nobody sees until that position is the store's; so it is seen
whole, and what a publish left that came to no end is never seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

OPEN = 2**62  # where a row ends that has not ended

Query = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class View:
    """A position, and the publishes before it that came to no end: what they wrote is not there."""

    position: int
    undone: tuple[int, ...] = ()

    def query(self, *filters: Query) -> Query:
        """The rows that are there and pass these filters."""
        return {"bool": {"filter": list(filters), "must_not": self.absent}}

    @property
    def absent(self) -> list[Query]:
        """What a row that is there does not match. Few do, so a search hardly notices."""
        after: Query = {"range": {"since": {"gt": self.position}}}
        return [self.ended, after, *([term("since", *self._before)] if self._before else [])]

    @property
    def ended(self) -> Query:
        """What ended at the position or before it."""
        ended: Query = {"range": {"until": {"lte": self.position}}}
        if not self._before:
            return ended
        return {"bool": {"filter": [ended], "must_not": [term("until", *self._before)]}}

    @property
    def _before(self) -> list[int]:
        return [one for one in self.undone if one <= self.position]


def term(field: str, *values: object) -> Query:
    """The filter for a field that has one of these values."""
    wanted: Sequence[object] = list(values)
    return {"terms": {field: wanted}}
