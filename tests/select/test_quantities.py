"""Whether a sentence counts what is asked for, and nobody else's."""

import pytest
from building import ANALYSER
from telling import Tell

from qa_service.select.quantities import counted_words, number_places

FLEET = """# The two fleets

Norway has 40 ships and Sweden has 55 ships. The repair cost 3 million euros. Danish sailors number 900.
A third of the harbour is empty. The fleets met four times. The third harbour opened in 1990.
Swedish officers command 70 boats. The feast was attended by 2000 guests. The old bridge was open until 1931.
The boiler burns 8 lb of coal an hour. One-eighth of the crews are women.
"""


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("How many ships does Norway have?", "Norway has 40 ships"),
        ("How much did the repair cost?", "3 million euros"),
        ("What share of the harbour is empty?", "A third"),
        ("How many times did the fleets meet?", "four times"),
        ("How many sailors do the Danes have?", "900"),
        ("How many boats do Swedish officers command?", "70 boats"),
        ("How many guests attended the feast?", "2000 guests"),
        ("How long was the old bridge open?", "until 1931"),
        ("How many pounds of coal does the boiler burn in an hour?", "8 lb"),
        ("What proportion of the crews are women?", "One-eighth"),
    ],
)
def test_the_sentence_that_counts_it_answers(tell: Tell, question: str, quote: str) -> None:
    assert quote in tell(FLEET).quotes(question)[0]


@pytest.mark.parametrize(
    "question",
    [
        "How many boats do Norwegian officers command?",
        "How many anchors does Norway have?",
        "How many sailors does Norway have?",
        "How long is the harbour?",
    ],
)
def test_what_counts_something_else_or_is_anothers_does_not(tell: Tell, question: str) -> None:
    assert tell(FLEET).check(question) is not None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3,000 to 4,000 troops", ["3,000", "4,000"]),
        ("the third meeting of nine", ["nine"]),
        ("a third of it", ["third"]),
        ("one quarter went, three quarters stayed", ["one", "quarter", "three", "quarters"]),
        ("in 2017 they met twice", ["twice"]),
        ("in May", []),
    ],
)
def test_words_that_count(text: str, words: list[str]) -> None:
    tokens = ANALYSER.tokens(text)
    assert [text[tokens[n].start : tokens[n].end] for n in number_places(tokens)] == words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many troops does Russia have?", "troops"),
        ("how many north sea ferries left", "north sea ferries"),
        ("What is the number of members?", "members"),
        ("Who left?", ""),
    ],
)
def test_what_is_counted(question: str, words: str) -> None:
    assert counted_words(question) == words


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many trawlers are licensed?", "The number of licensed trawlers rose from 1,140 to 1,306."),
        ("What share of vessels had illegal nets?", "Inspectors found illegal nets on one vessel in nine."),
    ],
)
def test_thousands_are_no_years_and_one_in_nine_is_a_share(tell: Tell, question: str, told: str) -> None:
    fleet = "# Fish\n\nThe number of licensed trawlers rose from 1,140 to 1,306. The sea is wide."
    nets = " Inspectors found illegal nets on one vessel in nine.\n"
    assert tell(fleet + nets).quotes(question)[0] == told
