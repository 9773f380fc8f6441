"""When the documents do not say: the check that refuses."""

import pytest
from telling import Tell, Told

TALKS = """# The talks at Kerr

The first round of the talks opened at Kerr in 1994. The third round ended at Moss in 1996.
Norway sent the envoy Ruth Vega to both rounds. The envoys dined with the mayor.
"""


@pytest.mark.parametrize(
    ("question", "check"),
    [
        ("Where did the fourth round of the talks end?", "foreign_words"),
        ("When did the second round of the talks open?", "foreign_words"),
        ("Did the first round of the talks open in 1955?", "foreign_words"),
        ("Which opera did the orchestra play?", "sentences_found"),
        ("Who is the king of Norway?", "predicate"),
        ("Why did Ruth Vega resign?", "predicate"),
        ("the way and the time", "words"),
    ],
)
def test_the_check_that_refuses(tell: Tell, question: str, check: str) -> None:
    assert tell(TALKS).check(question) == check


@pytest.mark.parametrize(
    "question",
    [
        "Where did the third round end?",
        "Who was sent to both rounds?",
        "With whom did the envoys dine?",
        "talks at Kerr",
    ],
)
def test_what_the_text_says_is_not_refused(tell: Tell, question: str) -> None:
    assert tell(TALKS).check(question) is None


def test_a_refusal_shows_what_stands_nearest(river: Told) -> None:
    answer = river.answer("When did Norway leave the talks?")
    assert answer.refusal is not None
    assert "Sweden left the talks" in answer.refusal.nearest[0].quote


def test_words_of_the_question_before_may_be_absent(river: Told) -> None:
    assert river.answer("Where did the talks open?", "When did Norway leave the talks?").answered


def test_what_stands_near_nothing_is_no_near_miss(river: Told) -> None:
    found = river.findings("What does Brazil say?")
    assert found.nearest == ()
    assert found.reason == "not_in_corpus"


@pytest.mark.parametrize("own", ["What is the zeppelin?", "What about the zeppelin?"])
def test_words_of_the_question_before_do_not_answer_for_those_that_no_passage_holds(
    tell: Tell, own: str
) -> None:
    before = "When did the first round of the talks open?"
    assert tell(TALKS).check(own, before) == "own_words"
    assert tell(TALKS).findings(own, before).missing == ("zeppelin",)


@pytest.mark.parametrize("own", ["And where?", "Who opened it?", "In which city?", "What was the venue?"])
def test_they_do_for_what_is_asked_of_the_same(tell: Tell, own: str) -> None:
    assert tell(TALKS).check(own, "When did the first round of the talks open?") is None


def test_a_word_that_some_document_holds_is_not_said_to_be_nowhere(tell: Tell) -> None:
    talks = "# Talks\n\n" + "The first round of the talks opened at Kerr in 1994. " * 80
    found = tell(talks, "# Air\n\nThe zeppelin landed.").findings(
        "What is the zeppelin?", "When did the first round of the talks open?"
    )
    assert "zeppelin" not in found.missing
