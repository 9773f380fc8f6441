"""The days that a question speaks of."""

import pytest

from qa_service.domain.question import Window
from qa_service.understand.windows import window


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("What happened in 2016?", "2016-01-01", "2016-12-31"),
        ("what happened in april 2017", "2017-04-01", "2017-04-30"),
        ("events of Feb. 2016", "2016-02-01", "2016-02-29"),
        ("What happened during 3 May 2017?", "2017-05-03", "2017-05-03"),
        ("events between 2013 and 2016", "2013-01-01", "2016-12-31"),
        ("from March 2017 to 2 May 2018", "2017-03-01", "2018-05-02"),
        ("the talks, 2014–2016", "2014-01-01", "2016-12-31"),
        ("the talks 2014-2016", "2014-01-01", "2016-12-31"),
        ("events since 2013", "2013-01-01", None),
        ("from 2013 on", "2013-01-01", None),
        ("until June 2015", None, "2015-06-30"),
        ("by 2015", None, "2015-12-31"),
        ("since 2013 and until 2015", "2013-01-01", "2015-12-31"),
    ],
)
def test_a_window_has_both_its_ends(text: str, first: str | None, last: str | None) -> None:
    assert window(text) == Window(first=first, last=last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("What happened after 2019?", "2020-01-01", None),
        ("after December 2019", "2020-01-01", None),
        ("after 28 February 2016", "2016-02-29", None),
        ("What happened before 2018?", None, "2017-12-31"),
        ("before 1 March 2017", None, "2017-02-28"),
        ("after 2015 and before 2018", "2016-01-01", "2017-12-31"),
    ],
)
def test_before_and_after_leave_out_what_they_name(text: str, first: str | None, last: str | None) -> None:
    assert window(text) == Window(first=first, last=last)


@pytest.mark.parametrize(
    "text",
    ["", "Why?", "in May", "between the two", "resolution 2014", "in 1200", "since the coup", "in 201"],
)
def test_a_text_without_a_year_has_no_window(text: str) -> None:
    assert window(text) is None


@pytest.mark.parametrize(
    "text", ["in February 2015", "since 31 April 2015", "until 0 May 2015", "before 1 January 1500"]
)
def test_days_that_no_calendar_has_are_moved_to_the_month(text: str) -> None:
    found = window(text)
    assert found is not None
    assert all(day is None or len(day) == len("2015-02-28") for day in (found.first, found.last))
