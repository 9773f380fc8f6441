"""The items of a timeline become marks on an axis: points and spans, and gaps that say how long they are."""

from dataclasses import dataclass

from qa_service.domain.answer import TimelineItem

LENGTHS = (1.1, 6.1, 12.1)  # months up to which a span is drawn as short, middling, long
COMPRESSED = 24  # months; a longer gap is drawn broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An item as it is drawn: ``look`` names a class of the style sheet, ``years`` a gap before it."""

    item: TimelineItem
    look: str
    gap: int  # 0 none, 1 to 3 by length
    years: int | None  # of a gap that is compressed


def moments(items: tuple[TimelineItem, ...]) -> tuple[Moment, ...]:
    """The items in their order, each with the gap since the latest end before it."""
    found: list[Moment] = []
    reached: float | None = None
    for item in items:
        begin, end = _begin(item.date), _end(item.end or item.date)
        gap = 0.0 if reached is None else begin - reached
        reached = end if reached is None else max(reached, end)
        found.append(
            Moment(
                item=item,
                look="point" if end - begin < 0.1 else f"span span{_step(end - begin)}",
                gap=min(_step(gap), 3) if gap > 0 else 0,
                years=round(gap / 12) if gap >= COMPRESSED else None,
            )
        )
    return tuple(found)


def _step(months: float) -> int:
    return sum(months > limit for limit in LENGTHS) + 1


def _begin(iso: str) -> float:
    """Months since the year 0."""
    year, *rest = (int(part) for part in iso.split("-"))
    return year * 12 + (rest[0] - 1 if rest else 0) + ((rest[1] - 1) / 31 if len(rest) > 1 else 0)


def _end(iso: str) -> float:
    year, *rest = (int(part) for part in iso.split("-"))
    if not rest:
        return year * 12 + 12
    return year * 12 + rest[0] - 1 + (rest[1] / 31 if len(rest) > 1 else 1)
