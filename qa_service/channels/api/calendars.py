"""A timeline as an iCalendar file (RFC 5545): the same timeline gives the same bytes, on any day."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from qa_service.domain.overview import Chronicle, Happening
from qa_service.understand.iso_dates import day

PRODUCT = "-//qa_service//timeline//EN"
UNDATED = "1970-01-01"  # stamp of what a document without a date tells
LONGEST_SUMMARY = 120  # characters


def calendar(value: Chronicle, describe: Callable[[Happening], str]) -> bytes:
    """All-day events; what is less precise than a day spans the days that may be meant.

    ``describe`` words the description of an event.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415 - no other request needs it

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    for item in value.items:
        event = Event()
        event.add("uid", f"{_identity(item)}@qa-service")
        event.add("dtstamp", _stamp(item))
        event.add("dtstart", date.fromisoformat(item.first))
        event.add("dtend", _after(item.last))
        event.add("summary", _summary(item.citation.quote))
        event.add("description", describe(item))
        event.add("transp", "TRANSPARENT")
        if item.citation.url:
            event.add("url", item.citation.url)
        made.add_component(event)
    return bytes(made.to_ical())


def _identity(item: Happening) -> str:
    """The same sentence of the same text, with the same date, is the same event."""
    citation = item.citation
    parts = [citation.document_id, citation.sha256, citation.start, citation.end, item.first, item.last]
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def _stamp(item: Happening) -> datetime:
    published = day(item.citation.published or UNDATED, last=False)
    return datetime.fromisoformat(published).replace(tzinfo=UTC)


def _after(last: str) -> date:
    """The day after, since DTEND is exclusive; the calendar's very last day ends itself."""
    ends = date.fromisoformat(last)
    return ends if ends == date.max else ends + timedelta(days=1)


def _summary(quote: str) -> str:
    if len(quote) <= LONGEST_SUMMARY:
        return quote
    return quote[:LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"
