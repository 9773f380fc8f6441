"""A question that names its days is not answered by what happened on others."""

import pytest
from telling import Tell, Told

from qa_service.select.days import of_its_days

TALKS = """# The talks on the Skarn

In April 2017 the third round of the talks was held in Bergen, where Norway and Sweden met the mediator.
In December 2016 Norway opened the talks by hosting a meeting in Uppsala with Sweden.

Since 2014 the mediator has been Finland. The talks were never held in Oslo.
"""


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("Where were the talks held in December 2016?", "Uppsala", "Bergen"),
        ("Where were the talks held in April 2017?", "Bergen", "Uppsala"),
        ("Where were the talks held in 2016?", "Uppsala", "Bergen"),
    ],
)
def test_only_what_happened_then_is_quoted(tell: Tell, question: str, said: str, unsaid: str) -> None:
    quotes = " ".join(tell(TALKS).quotes(question))
    assert said in quotes
    assert unsaid not in quotes


def left(told: Told, question: str) -> set[str]:
    """The first words of the sentences that are left."""
    inquiry = told.inquiry(question)
    return {" ".join(one.view.text.split()[:2]) for one in of_its_days(inquiry, inquiry.ranked)}


def test_what_has_no_date_or_lasted_until_then_may_still_answer(tell: Tell) -> None:
    assert left(tell(TALKS), "Where were the talks held in December 2016?") == {
        "In December",
        "Since 2014",
        "The talks",
    }


@pytest.mark.parametrize(
    "question",
    [
        "Where were the talks held in May 1990?",  # of which nothing is told
        "Where were the talks held since 2016?",
        "Where were the talks held?",
    ],
)
def test_otherwise_all_is_looked_at(tell: Tell, question: str) -> None:
    assert left(tell(TALKS), question) >= {"In April", "In December"}
