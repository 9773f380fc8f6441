import pytest

from qa_service.compose.dates import interval, spelled
from qa_service.domain.annotation import Event, Precision


@pytest.mark.parametrize(
    ("date", "words"),
    [
        (None, None),
        ("2017", "2017"),
        ("2017-04", "April 2017"),
        ("2017-04-09", "9 April 2017"),
        ("2017-12-31", "31 December 2017"),
    ],
)
def test_a_date_is_spelled_as_exactly_as_it_is_known(date: str | None, words: str | None) -> None:
    assert spelled(date) == words


@pytest.mark.parametrize(
    ("first", "last", "precision", "modifier", "expected"),
    [
        ("2017-05-03", "2017-05-03", Precision.DAY, None, ("2017-05-03", None)),
        ("2017-05-03", "2017-05-05", Precision.DAY, None, ("2017-05-03", "2017-05-05")),
        ("2018-10-01", "2018-10-31", Precision.MONTH, None, ("2018-10", None)),
        ("2018-01-01", "2018-03-31", Precision.QUARTER, None, ("2018-01", "2018-03")),
        ("2018-06-01", "2018-08-31", Precision.SEASON, None, ("2018-06", "2018-08")),
        ("2018-01-01", "2018-12-31", Precision.YEAR, None, ("2018", None)),
        ("2001-01-01", "2014-12-31", Precision.YEAR, None, ("2001", "2014")),
        ("2020-01-01", "2020-04-30", Precision.YEAR, "early", ("2020-01", "2020-04")),
        ("1980-01-01", "1989-12-31", Precision.DECADE, None, ("1980", "1989")),
    ],
)
def test_an_interval_is_no_more_precise_than_the_text(
    first: str, last: str, precision: Precision, modifier: str | None, expected: tuple[str, str | None]
) -> None:
    event = Event(
        start=0,
        end=1,
        date_start=0,
        date_end=1,
        first=first,
        last=last,
        precision=precision,
        modifier=modifier,
    )
    assert interval(event) == expected
