"""The date of a feed's entry: RFC 822 or ISO 8601 in, the day in ISO 8601 out, or None."""

from datetime import date
from email.utils import parsedate_tz

LONGEST = 80


def day(written: str) -> str | None:
    """The day that ``written`` names, in its own time zone."""
    text = written.strip()[:LONGEST]
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return _of_mail(text)


def _of_mail(text: str) -> str | None:
    found = parsedate_tz(text)
    try:
        return date(*found[:3]).isoformat() if found else None
    except ValueError:
        return None
