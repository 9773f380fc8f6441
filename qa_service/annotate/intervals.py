"""Years, months, days and words such as "late" go in; intervals of days come out."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from qa_service.domain.annotation import Precision

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12, "decade": 120}
_PRECISION = {
    "day": Precision.DAY,
    "week": Precision.DAY,
    "month": Precision.MONTH,
    "quarter": Precision.QUARTER,
    "year": Precision.YEAR,
    "decade": Precision.DECADE,
}


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``first`` to ``last``, both included; ``modifier`` is early, mid or late."""

    first: date
    last: date
    precision: Precision
    modifier: str | None = None


def of_day(year: int, month: int, day: int) -> Interval | None:
    """One day; None where the calendar has no such day."""
    if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    found = date(year, month, day)
    return Interval(found, found, Precision.DAY)


def of_month(year: int, month: int) -> Interval:
    """One month."""
    return Interval(date(year, month, 1), date(year, month, monthrange(year, month)[1]), Precision.MONTH)


def of_year(year: int) -> Interval:
    """One year."""
    return Interval(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)


def of_decade(year: int) -> Interval:
    """Ten years from ``year``."""
    return Interval(date(year, 1, 1), date(year + 9, 12, 31), Precision.DECADE)


def of_quarter(year: int, number: int) -> Interval:
    """Three months; 1 is January to March."""
    return Interval(
        date(year, 3 * number - 2, 1), of_month(year, 3 * number).last, precision=Precision.QUARTER
    )


def of_season(year: int, season: str) -> Interval:
    """Three months of the north; winter begins in December of ``year``."""
    month = SEASONS[season]
    last = of_month(year + 1, 2) if month == 12 else of_month(year, month + 2)
    return Interval(date(year, month, 1), last.last, Precision.SEASON)


def spanning(first: Interval | None, last: Interval | None) -> Interval | None:
    """From the first day of one to the last day of the other; None when they are not in this order."""
    if first is None or last is None or last.last < first.first:
        return None
    return Interval(first.first, last.last, last.precision)


def narrowed(whole: Interval, modifier: str | None) -> Interval:
    """The early, middle or late third; the first or second half ("first", "second")."""
    if modifier is None:
        return whole
    parts = {"early": (0, 1, 3), "mid": (1, 2, 3), "late": (2, 3, 3), "first": (0, 1, 2), "second": (1, 2, 2)}
    low, high, of = parts[modifier]
    first = _cut(whole, low / of)
    last = _cut(whole, high / of) - timedelta(days=1)
    name = {"first": "early", "second": "late"}.get(modifier, modifier)
    return Interval(first, last, whole.precision, name)


def _cut(whole: Interval, share: float) -> date:
    """The day at which ``share`` of the interval is over: years are cut between months."""
    days = (whole.last - whole.first).days + 1
    if days < 360:
        return whole.first + timedelta(days=round(days * share))
    months = whole.first.year * 12 + round((whole.last.year - whole.first.year + 1) * 12 * share)
    return date(months // 12, months % 12 + 1, 1)


def shifted(day: date, count: int, unit: str) -> date | None:
    """``count`` units after ``day`` (before it when negative); None outside the calendar."""
    try:
        if unit in _DAYS:
            return day + timedelta(days=count * _DAYS[unit])
        months = day.year * 12 + day.month - 1 + count * _MONTHS.get(unit, 3)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return None


def containing(day: date | None, unit: str) -> Interval | None:
    """The calendar unit that holds ``day``; for a week, Monday to Sunday."""
    if day is None:
        return None
    if unit == "day":
        return Interval(day, day, Precision.DAY)
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return Interval(monday, monday + timedelta(days=6), Precision.DAY)
    if unit == "month":
        return of_month(day.year, day.month)
    if unit == "quarter":
        return of_quarter(day.year, (day.month + 2) // 3)
    return of_year(day.year) if unit == "year" else of_decade(day.year // 10 * 10)


def of_iso(text: str | None) -> Interval | None:
    """The interval of an ISO 8601 date of reduced precision: 2017, 2017-04, 2017-04-18."""
    try:
        parts = [int(part) for part in (text or "")[:10].split("-") if part]
    except ValueError:
        return None
    if not parts or not 1 <= parts[0] <= 9999 or (len(parts) > 1 and not 1 <= parts[1] <= 12):
        return None
    if len(parts) == 1:
        return of_year(parts[0])
    return of_month(*parts) if len(parts) == 2 else of_day(parts[0], parts[1], parts[2])
