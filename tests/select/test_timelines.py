"""Dated sentences of a topic, in order of time."""

import pytest
from telling import Tell, Told

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
