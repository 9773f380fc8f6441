import pytest

from qa_service.domain.annotation import EventRole, Precision
from tests.annotate.reading import read


def one(sentence: str, published: str | None = "2017-04-18") -> tuple[str, str, str, Precision]:
    text, found = read(sentence, published=published)
    (event,) = found.events
    return text[event.date_start : event.date_end], event.first, event.last, event.precision


@pytest.mark.parametrize(
    ("sentence", "wording", "first", "last"),
    [
        ("It met on 14 April 2017.", "14 April 2017", "2017-04-14", "2017-04-14"),
        ("It met on April 14, 2017, at noon.", "April 14, 2017", "2017-04-14", "2017-04-14"),
        ("It met on 2016-02-29.", "2016-02-29", "2016-02-29", "2016-02-29"),
        ("It met on 13 and 14 March 2015.", "13 and 14 March 2015", "2015-03-13", "2015-03-14"),
        ("It met on October 11–12, 1972.", "October 11–12, 1972", "1972-10-11", "1972-10-12"),
        ("It met on 30 September–1 October 1980.", "30 September–1 October 1980", "1980-09-30", "1980-10-01"),
        ("It met in March–May 2016.", "March–May 2016", "2016-03-01", "2016-05-31"),
        ("It met in early 2016.", "early 2016", "2016-01-01", "2016-04-30"),
        ("It met in mid-2015 again.", "mid-2015", "2015-05-01", "2015-08-31"),
        ("It met at the end of December 1979.", "end of December 1979", "1979-12-22", "1979-12-31"),
        ("It met in the summer of 1973.", "summer of 1973", "1973-06-01", "1973-08-31"),
        ("It met in the winter of 1978.", "winter of 1978", "1978-12-01", "1979-02-28"),
        ("It met in the late 1960s.", "late 1960s", "1966-09-01", "1969-12-31"),
        ("It sat from 2014 to 2016.", "from 2014 to 2016", "2014-01-01", "2016-12-31"),
        ("It sat in the second quarter of 2016.", "second quarter of 2016", "2016-04-01", "2016-06-30"),
        ("It met in December.", "December", "2016-12-01", "2016-12-31"),
        ("It met last November.", "last November", "2016-11-01", "2016-11-30"),
        ("It met on Friday.", "Friday", "2017-04-14", "2017-04-14"),
        ("It will meet on Friday.", "Friday", "2017-04-21", "2017-04-21"),
        ("It met two years ago.", "two years ago", "2015-01-01", "2015-12-31"),
        ("It met yesterday.", "yesterday", "2017-04-17", "2017-04-17"),
    ],
)
def test_a_date_is_an_interval(sentence: str, wording: str, first: str, last: str) -> None:
    assert one(sentence)[:3] == (wording, first, last)


@pytest.mark.parametrize(
    ("told", "wording", "first", "last"),
    [
        ("It met on 9 August 2012. It rested the next day.", "the next day", "2012-08-10", "2012-08-10"),
        (
            "It met on 9 August 2012. The following day it sat.",
            "The following day",
            "2012-08-10",
            "2012-08-10",
        ),
        ("It met in May 2012. It rested the next year.", "the next year", "2013-01-01", "2013-12-31"),
        ("It met on 9 August 2012. It will rest in the next year.", "next year", "2018-01-01", "2018-12-31"),
        ("It met on 9 August 2012. It votes next year.", "next year", "2018-01-01", "2018-12-31"),
        (
            "It met on 9 August 2012. Two weeks later it rested.",
            "Two weeks later",
            "2012-08-20",
            "2012-08-26",
        ),
    ],
)
def test_what_is_counted_from_the_date_told_before(told: str, wording: str, first: str, last: str) -> None:
    text, found = read(told, published="2017-04-18")
    _, event = found.events
    assert (text[event.date_start : event.date_end], event.first, event.last) == (wording, first, last)


@pytest.mark.parametrize(
    "told",
    ["the next decade", "this decade", "two decades ago", "five years earlier", "after a lull of two years",
     "the same month", "second quarter of 2016", "last winter", "yesterday"],
)  # fmt: skip
def test_a_date_is_the_same_in_large_letters(told: str) -> None:
    before = "It met on 9 August 2012. It sat again "
    small, large = (
        [(event.first, event.last) for event in read(f"{before}{spelt}.", published="2017-04-18")[1].events]
        for spelt in (told, told.title())
    )
    assert len(small) == 2
    assert large == small


@pytest.mark.parametrize("published", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "told", ["tomorrow", "yesterday", "next week", "last month", "next May", "this winter"]
)
def test_what_lies_outside_the_calendar_is_no_date(told: str, published: str) -> None:
    known = read(f"It meets {told}.", published=published)[1].events
    assert all("0001" <= event.first <= event.last <= "9999-12-31" for event in known)


@pytest.mark.parametrize(
    "told", ["It met in 2012. The next day was worse.", "It met in May 2012. Two weeks later it sat."]
)
def test_a_year_tells_no_next_day(told: str) -> None:
    assert len(read(told, published="2017-04-18")[1].events) == 1


@pytest.mark.parametrize(
    "sentence",
    ["It cost $2000 at least.", "They sent 2000 troops.", "A 40-year-old led it.",
     "It rose by 1999.5 points.", "They march when they may.", "The fall of the city was swift."],
)  # fmt: skip
def test_not_every_number_is_a_date(sentence: str) -> None:
    assert read(sentence, published="2017-04-18")[1].events == ()


def test_without_a_date_to_count_from_there_is_no_event() -> None:
    assert read("It met in December.")[1].events == ()
    assert read("It met on Friday.", published="2017")[1].events == ()


def test_a_text_about_the_past_counts_from_the_year_told_last() -> None:
    text, found = read(
        "In 1976 a league and in 1977 a party was founded. On April 28, 1978, it took power. In August "
        "it split. "
        "After a gap of two years, it met again. By late 1981 it was gone. In January it was forgotten.",
        published="2017-04-18",
    )
    assert [(text[e.date_start : e.date_end], e.first) for e in found.events] == [
        ("1976", "1976-01-01"),
        ("1977", "1977-01-01"),
        ("April 28, 1978", "1978-04-28"),
        ("August", "1978-08-01"),
        ("After a gap of two years", "1980-01-01"),
        ("late 1981", "1981-09-01"),
        ("January", "1982-01-01"),
    ]


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("It was signed on 3 May 2016.", EventRole.EVENT),
        ("The 3 May 2016 meeting was short.", EventRole.MODIFIER),
        ("Since 1955 they had sent aid.", EventRole.BOUND),
        ("The accord (signed in 1988) failed.", EventRole.BACKGROUND),
        ("A report of June 2011 says so.", EventRole.BACKGROUND),
        ("At the November 1974 Harbour Summit, they shook hands.", EventRole.EVENT),
    ],
)
def test_a_date_has_a_role(sentence: str, role: EventRole) -> None:
    assert read(sentence)[1].events[0].role is role


def test_headings_tell_no_events() -> None:
    assert read("# The Crisis of 1962", "Nothing is dated here.")[1].events == ()
