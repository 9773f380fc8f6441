"""Counts by the hour become two charts: what was asked, and how long answers took. Coordinates, no drawing.

A chart has as many columns as its span has steps. Heights are whole units of a square of `WIDTH` by `HEIGHT`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce

from qa_service.domain.tally import HOUR, Tally

WIDTH, HEIGHT = 720, 200  # of the drawing area, in the units of the picture
GAP = 0.25  # of a column
TOPS = (1, 2, 4, 6, 8, 10)  # and ten times as much, as far as the half is a whole number
INFINITE = 20.0  # seconds at which an answer is drawn that took longer than the last bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How far back is looked: ``steps`` of so many hours each."""

    name: str
    label: str
    hours: int
    steps: int


SPANS = (
    Span(name="day", label="24 hours", hours=1, steps=24),
    Span(name="week", label="7 days", hours=6, steps=28),
    Span(name="month", label="30 days", hours=24, steps=30),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A step of the span: when it begins, what was counted, and where it is drawn."""

    at: int  # seconds since 1970
    label: str
    tally: Tally
    x: float
    width: float
    bars: tuple[tuple[str, float, float], ...]  # name, y, height, from below
    half: float | None  # y of the median of seconds
    most: float | None  # y of their 95th percentile


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line across a chart, and what it stands for."""

    y: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """Both charts over one span."""

    span: Span
    columns: tuple[Column, ...]
    total: Tally
    asked: tuple[Line, ...]
    seconds: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]  # x and label of some columns


def span_of(name: str) -> Span:
    """The span of that name; the first one for any other."""
    return next((one for one in SPANS if one.name == name), SPANS[0])


def first_hour(span: Span, now: float) -> int:
    """The hour with which a span begins that ends with this moment's step."""
    last = int(now // HOUR) // span.hours * span.hours
    return last - span.hours * (span.steps - 1)


def drawn(span: Span, tallies: Sequence[Tally], now: float) -> Charts:
    """The charts of these tallies."""
    first = first_hour(span, now)
    steps = [Tally(hour=first + n * span.hours) for n in range(span.steps)]
    for one in tallies:
        place = (one.hour - first) // span.hours
        if 0 <= place < span.steps:
            steps[place] += one
    asked = ceiling(max((one.asked for one in steps), default=0))
    slowest = seconds_ceiling(steps)
    columns = tuple(_column(n, one, span, asked, slowest) for n, one in enumerate(steps))
    every = max(1, span.steps // 6)
    return Charts(
        span=span,
        columns=columns,
        total=reduce(Tally.__add__, steps),
        asked=tuple(Line(y=HEIGHT * (1 - share), label=f"{asked * share:,.0f}") for share in (0, 0.5, 1)),
        seconds=tuple(Line(y=HEIGHT * (1 - share), label=spelled(slowest * share)) for share in (0, 0.5, 1)),
        ticks=tuple((one.x, one.label) for n, one in enumerate(columns) if n % every == 0),
    )


def _column(n: int, tally: Tally, span: Span, asked: int, slowest: float) -> Column:
    step = WIDTH / span.steps
    at = tally.hour * HOUR
    bars, y = [], float(HEIGHT)
    for name in ("answered", "refused", "other"):
        height = HEIGHT * getattr(tally, name) / asked
        y -= height
        if height:
            bars.append((name, round(y, 1), round(height, 1)))
    return Column(
        at=at,
        label=_label(at, span),
        tally=tally,
        x=round(n * step + step * GAP / 2, 1),
        width=round(step * (1 - GAP), 1),
        bars=tuple(bars),
        half=_height(tally.within(0.5), slowest),
        most=_height(tally.within(0.95), slowest),
    )


def _height(seconds: float | None, slowest: float) -> float | None:
    return None if seconds is None else round(HEIGHT * (1 - min(seconds, slowest) / slowest), 1)


def _label(at: int, span: Span) -> str:
    found = datetime.fromtimestamp(at, UTC)
    return f"{found:%H:%M}" if span.hours == 1 else f"{found.day} {found:%b}"


def ceiling(most: int) -> int:
    """The next even, round number for the top of a chart: 0 becomes 2, 51 becomes 60."""
    power = 10 ** int(math.log10(most)) if most else 1
    return next(one * power for one in TOPS if one * power >= most and one * power % 2 == 0)


def seconds_ceiling(tallies: Sequence[Tally]) -> float:
    """The slowest 95th percentile, for the top of a chart."""
    found = [one.within(0.95) for one in tallies]
    return max((min(one, INFINITE) for one in found if one is not None), default=0.01)


def told(seconds: float | None) -> str:
    """Within how long, for a reader."""
    if seconds is None:
        return "not known"
    return "more than 10 s" if math.isinf(seconds) else spelled(seconds)


def spelled(seconds: float) -> str:
    """0.005 as 5 ms, 2 as 2 s."""
    return f"{seconds:g} s" if seconds >= 1 or not seconds else f"{seconds * 1000:g} ms"
