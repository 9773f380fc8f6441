"""Dated sentences of a topic, in order of time."""

import pytest
from telling import Tell, Told

from qa_service.select.timelines import MOST

COAST = """# The coast

## The lighthouse affair

In 1990 the keeper of the lighthouse resigned. In March 1994 the coup at Kerr took place.
In 1996 the tower was painted red. On 5 May 1998 the great flood began. In 2001 the tower fell.

## Fishing

Since 1980 the herring has been scarce. In 1985 a ferry sank.
"""


def dates(told: Told, question: str) -> list[str]:
    return [moment.event.first for moment in told.findings(question).moments]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What happened in 1994?", ["1994-03-01"]),
        ("What happened between 1990 and 1996?", ["1990-01-01", "1994-03-01", "1996-01-01"]),
        ("What happened after 1996?", ["1998-05-05", "2001-01-01"]),
        ("What happened before 1990?", ["1985-01-01"]),
        (
            "Give me a timeline of the lighthouse affair",
            ["1990-01-01", "1994-03-01", "1996-01-01", "1998-05-05", "2001-01-01"],
        ),
        (
            "Give me a timeline from the coup at Kerr to the great flood",
            ["1994-03-01", "1996-01-01", "1998-05-05"],
        ),
    ],
)
def test_events_of_the_window_oldest_first(tell: Tell, question: str, expected: list[str]) -> None:
    assert dates(tell(COAST), question) == expected


def test_a_heading_stands_for_its_section_also_where_the_topic_is_one_word(tell: Tell) -> None:
    text = """# The coast

The harbour talks began in 1989.

## A history of the talks

In 1990 the first round opened. In 1992 the envoys met in Kerr. In 1995 the hotline fell silent.
"""
    expected = ["1990-01-01", "1992-01-01", "1995-01-01"]
    assert dates(tell(text), "Give me a timeline of the talks") == expected


def test_nothing_dated_is_refused(tell: Tell) -> None:
    assert tell(COAST).check("What happened in 1950?") == "dated_sentences"


def test_a_sentence_is_told_once_and_in_order(river: Told) -> None:
    for question in ("What is the timeline of the talks?", "What happened since 2014?"):
        findings = river.findings(question)
        starts = [moment.evidence.start for moment in findings.moments]
        assert len(starts) == len(set(starts))
        assert dates(river, question) == sorted(dates(river, question))


def test_an_end_told_as_an_event_is_the_event_not_a_bound(tell: Tell) -> None:
    text = """# The dyke at Kerr

By 1992 the great flood was expected every spring. In March 1994 the council dismissed its engineer.
In 1996 the pumps stopped. On 5 May 1998 the great flood began. In 2001 the tower fell.
"""
    told = tell(text)
    assert dates(told, "Give me a timeline from the dismissal of the engineer to the great flood") == [
        "1994-03-01",
        "1996-01-01",
        "1998-05-05",
    ]


TREATY = """# The Kerr harbour treaty

In 1990 the council proposed to share the piers. In 1992 the talks began at the inn. In March 1994 the
treaty was signed. In 2001 it lapsed.
"""
STATEMENT = """# {who}: statement in the assembly

In 1991 our fishing treaty with the isles ended.

In 1993 the harvest of {who} failed. In 1995 {who} welcomed the Kerr harbour treaty with joy. In 1996 a
library was opened in the capital.
"""


def statements(*names: str) -> list[str]:
    return [STATEMENT.format(who=name) for name in names]


def test_what_others_say_has_to_be_about_the_topic(tell: Tell) -> None:
    told = tell(TREATY, *statements("Overby", "Quarrel"))
    found = dates(told, "Give me a timeline of the Kerr harbour treaty")
    assert found == ["1990-01-01", "1992-01-01", "1994-03-01", "1995-01-01", "1995-01-01", "2001-01-01"]


def test_ends_told_as_events_bind_to_the_documents_that_tell_them(tell: Tell) -> None:
    told = tell(COAST, *statements("Overby", "Quarrel"))
    found = dates(told, "Give me a timeline from the coup at Kerr to the great flood")
    assert found == ["1994-03-01", "1996-01-01", "1998-05-05"]


def test_a_title_that_many_share_is_not_what_they_are_about(tell: Tell) -> None:
    """The statements of one speaker are by him, and seldom of him."""
    session = "\n\nThe assembly of {year} heard the speakers. In {year} a bridge was opened in the north."
    titled = "# Overby: statement in the assembly\n\nIn {year} Overby rebuilt its port." + session
    told = tell(*(titled.format(year=year) for year in range(1960, 1965)))
    assert dates(told, "Give me a timeline of Overby") == [f"{year}-01-01" for year in range(1960, 1965)]
    quotes = told.quotes("Give me a timeline of Overby")
    assert all("rebuilt its port" in quote for quote in quotes), quotes


def test_when_too_many_are_dated_the_document_about_it_comes_first(tell: Tell) -> None:
    named = [f"Shore{letter}" for letter in "abcdefghijklmn"]
    told = tell(TREATY, *statements(*named))
    found = dates(told, "Give me a timeline of the Kerr harbour treaty")
    assert len(found) == MOST
    assert {"1990-01-01", "1992-01-01", "1994-03-01", "2001-01-01"} <= set(found)
