"""Moments and sizes as the desk writes them."""

from datetime import UTC, datetime

UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
STEP = 1024


def moment(at: int) -> str:
    """Seconds since 1970 for a program: 2026-11-22T21:45:00Z."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def day(at: int) -> str:
    """The same for a reader: 22 November 2026, 21:45 UTC."""
    found = datetime.fromtimestamp(at, UTC)
    return f"{found.day} {found:%B %Y, %H:%M} UTC"


def size(count: int) -> str:
    """Bytes for a reader: 640 bytes, 1.3 MiB."""
    left, unit = float(count), 0
    while left >= STEP and unit < len(UNITS) - 1:
        left, unit = left / STEP, unit + 1
    return f"{left:.1f}".removesuffix(".0") + f" {UNITS[unit]}"
