"""The sentence that answers, and how many others are shown with it."""

import pytest
from telling import Tell, Told

from qa_service.select.facts import MOST, likeliest
from qa_service.select.ranking import Ranked


def scored(told: Told, *scores: float) -> list[Ranked]:
    view = told.inquiry("Where did the talks open?").ranked[0].view
    return [Ranked(view, score, (), 0.0) for score in scores]


def test_a_clear_winner_stands_alone(river: Told) -> None:
    best, *others = scored(river, 9.0, 6.0, 5.0)
    assert likeliest(best, others) == [best]


def test_rivals_are_shown_until_the_answer_is_nine_in_ten_among_them(river: Told) -> None:
    best, *others = scored(river, 9.0, 8.5, 7.5, 5.0, 4.0)
    assert likeliest(best, others) == [best, *others[:2]]


def test_no_more_than_a_few_are_shown_however_near_they_are(river: Told) -> None:
    best, *others = scored(river, *[9.0] * 20)
    assert len(likeliest(best, others)) == MOST


def test_a_chosen_sentence_below_the_best_comes_first(river: Told) -> None:
    best, second = scored(river, 9.0, 8.0)
    assert likeliest(second, [best]) == [second, best]


HARBOUR = """# The harbour of Moss

Fishermen thronged to Moss to hear the preacher. Europe with a fleet of 300 boats envied the harbour of Moss.
The Moss Lantern is a lighthouse of granite that a storm threw down, so that ships had to wait for the day.
"""


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Who went to Moss to hear the preacher?", "Fishermen thronged"),
        ("How many boats had the fleet?", "300 boats"),
    ],
)
def test_a_group_and_a_thing_that_is_nobodys_answer(tell: Tell, question: str, quote: str) -> None:
    assert quote in tell(HARBOUR).quotes(question)[0]


def test_sentences_without_a_day_do_not_stand_beside_one_with_a_day(river: Told) -> None:
    assert len(river.quotes("When did the talks open in Gothenburg?")) == 1
