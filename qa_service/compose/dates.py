"""ISO dates as readers write them, and intervals as precise as the text."""

from calendar import month_name

from qa_service.domain.annotation import Event, Precision

KEPT = {Precision.DAY: 10, Precision.MONTH: 7, Precision.QUARTER: 7, Precision.SEASON: 7, Precision.YEAR: 4}


def spelled(date: str | None) -> str | None:
    """2017-04-14 as "14 April 2017", 2017-04 as "April 2017"; None stays None."""
    if date is None:
        return None
    year, *rest = date.split("-")
    named = [month_name[int(rest[0])]] if rest else []
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    return " ".join([*day, *named, year])


def interval(event: Event) -> tuple[str, str | None]:
    """The event's date, no more precise than the text, and its end when it spans more than one."""
    kept = KEPT.get(event.precision, 4)
    if event.modifier:  # early 2016: the part of the year that is meant
        kept = max(kept, 7)
    first, last = event.first[:kept], event.last[:kept]
    return first, None if first == last else last
