"""What is indexed, and what came of the files that were to be: a page of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import Any

from qa_service.answering import Desk
from qa_service.compose.dates import spelled
from qa_service.domain.arrival import Arrival, Fate
from qa_service.domain.document import Document
from qa_service.domain.web import is_address
from qa_service.wiring import Service

PAGE = 50  # documents
SHOWN = 20  # files that came in


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document of the index. ``at`` is when it came in, in seconds since 1970, as far as that is known."""

    document: Document
    date: str | None
    passages: int
    at: int | None


def shown(service: Service, *, wanted: str, first: int) -> dict[str, Any]:
    """The documents from the ``first`` one on whose ids hold ``wanted``, and the latest files."""
    arrivals = service.arrivals.latest()
    came = {one.document_id: one.at for one in reversed(arrivals) if one.fate is Fate.ADDED}

    def read(desk: Desk) -> dict[str, Any]:
        edition = desk.edition
        matching = (one for one in edition.documents if wanted.lower() in one.lower())
        start = min(first, len(edition.documents))
        ids = list(islice(matching, start, start + PAGE + 1))
        found = [edition.documents[one] for one in ids[:PAGE]]
        starts = edition.snapshot.starts
        return {
            "entries": [
                Entry(
                    document=one,
                    date=spelled(one.published),
                    passages=len(starts(one.id)),
                    at=came.get(one.id),
                )
                for one in found
            ],
            "total": edition.snapshot.size.documents,
            "next": first + PAGE if len(ids) > PAGE else None,
        }

    return service.answering.read(read) | {
        "wanted": wanted,
        "first": first,
        "previous": max(first - PAGE, 0) if first else None,
        "rejected": rejected(arrivals),
        "arrivals": arrivals[:SHOWN],
    }


def rejected(arrivals: Sequence[Arrival]) -> tuple[Arrival, ...]:
    """The files that were rejected, each name once, but those that were taken since; the newest first.

    A file that was rejected on the command line is named with its folders, one that was taken is not; a page
    of the web is named by its address either way.
    """
    seen: dict[str, Arrival] = {}
    for one in arrivals:
        seen.setdefault(one.name if is_address(one.name) else PurePath(one.name).name, one)
    return tuple(one for one in seen.values() if one.fate is Fate.REJECTED)
