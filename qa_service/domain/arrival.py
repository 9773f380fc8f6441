"""What became of a file that was to be ingested, as whoever runs the service sees it afterwards."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of it."""

    ADDED = "added"
    KNOWN = "known"  # the same bytes were there already
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file, or a line of a .jsonl file. ``at`` is in seconds since 1970.

    ``document_id`` is what it became, "" when it was rejected; then ``reason`` says why, in words for its
    owner.
    """

    name: str
    at: int
    fate: Fate
    document_id: str = ""
    reason: str = ""
