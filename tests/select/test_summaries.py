"""What a document is about, and who wrote it, when, under which title."""

import pytest
from telling import Tell, Told

NOTE = """---
title: On Ferries
author: Oda Lind
publisher: Kerr Papers
published: "2020-03-04"
---

# On Ferries

## Summary

Ferries are late. They are old.

## History

The first ferry sailed in 1901.
"""


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("Who wrote this?", ["Oda Lind"]),
        ("Who is the author?", ["Oda Lind"]),
        ("When was this published?", ["2020-03-04"]),
        ("What is the publication date?", ["2020-03-04"]),
        ("What is the title of this paper?", ["On Ferries"]),
        ("Summarise this", ["Ferries are late.", "Ferries are late. They are old."]),
    ],
)
def test_front_matter_and_synopsis_are_quoted(tell: Tell, question: str, quotes: list[str]) -> None:
    assert set(tell(NOTE).quotes(question)) <= set(quotes)
    assert tell(NOTE).quotes(question)


def test_without_a_synopsis_the_opening_is_quoted(river: Told) -> None:
    assert river.quotes("What is this commentary about?")[0].startswith("This commentary is fiction")


@pytest.mark.parametrize("question", ["When was this published?", "Who is the publisher?"])
def test_what_the_document_does_not_say_of_itself_is_refused(tell: Tell, question: str) -> None:
    told = tell("---\nauthor: Oda Lind\n---\n\n# On Boats\n\nBoats are old and small.\n")
    assert told.check(question) == "byline"
    assert told.quotes("Who wrote this?") == ["Oda Lind"]


def test_a_sentence_that_names_the_author_wins_over_the_byline(tell: Tell) -> None:
    told = tell(
        "---\nauthor: The editors\n---\n\n# A digest\n\nThe author of the commentary is Abdul Basit.\n"
    )
    assert told.quotes("Who is the author?") == ["The author of the commentary is Abdul Basit."]


def test_of_several_documents_the_one_asked_about(tell: Tell) -> None:
    told = tell(
        NOTE, NOTE.replace("Ferries", "Trams").replace("ferry", "tram").replace("Oda Lind", "Ruth Vega")
    )
    assert told.quotes("Who wrote the paper on trams?") == ["Ruth Vega"]
    assert sorted(told.quotes("Who wrote this?")) == ["Oda Lind", "Ruth Vega"]


def test_a_speech_is_summed_up_without_its_greetings(tell: Tell) -> None:
    told = tell(
        "# Remarks\n\nThank you for having me. Let me begin with the numbers. Cod stocks fell by a third.\n"
    )
    assert told.quotes("summary please") == ["Cod stocks fell by a third."]
