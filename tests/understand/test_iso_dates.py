from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.domain.question import Window
from qa_service.understand.iso_dates import between, day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2016", "2016-01-01", "2016-12-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2016-02-03", "2016-02-03", "2016-02-03"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_reduced_date_stands_for_its_days(text: str, first: str, last: str) -> None:
    assert day(text, last=False) == first
    assert day(text, last=True) == last


@pytest.mark.parametrize(
    "text",
    [
        "",
        "16",
        "2016-",
        "2016-1",
        "2016-00",
        "2016-13",
        "2016-02-30",
        "0000",
        "2016-01-01T00:00",
        "２０１６",
        " 2016",
    ],
)
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="is "):
        day(text, last=False)


@given(st.dates())
def test_a_whole_date_is_itself(one: date) -> None:
    assert day(one.isoformat(), last=False) == day(one.isoformat(), last=True) == one.isoformat()


def test_a_window_may_be_open() -> None:
    assert between(None, None) is None
    assert between("2016", None) == Window(first="2016-01-01", last=None)
    assert between(None, "2016") == Window(first=None, last="2016-12-31")
