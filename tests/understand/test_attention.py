"""Of long messages a part is read, the same part each time; of those that people write, all."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.domain.question import Term
from qa_service.understand.attention import CHARACTERS, EARLIER, TERMS, asked_by, read, remembered
from qa_service.understand.cleaning import clean

QUESTIONS = Path(__file__).parents[1] / "questions.jsonl"
FILLING = "The gauges were read every hour and the figures were written down. " * 20


def test_every_question_of_ours_is_read_whole() -> None:
    for line in QUESTIONS.read_text("utf-8").splitlines():
        asked = clean(json.loads(line)["question"])
        assert read(asked) == asked


@given(st.text(max_size=3 * CHARACTERS))
def test_never_more_than_there_is_room_for_and_always_some(text: str) -> None:
    cleaned = clean(text)

    assert len(read(cleaned)) <= CHARACTERS
    assert bool(read(cleaned)) is bool(cleaned)


def test_of_a_long_message_its_questions_are_read() -> None:
    assert read(f"Who mediated? {FILLING}") == "Who mediated?"
    assert read(f"{FILLING}Who mediated? {FILLING}And why?") == "Who mediated? And why?"


@pytest.mark.parametrize(
    "question",
    [
        "What is the position of the U.S. on Pakistan?",
        "What happened on 18 Jan. 2016?",
        "Who is Mr. Kent?",
        "Why did 3.5% of the ships leave?",
        "What does http://a.example/p?id=1 say of the gauges?",
    ],
)
def test_a_point_inside_a_question_does_not_cut_it(question: str) -> None:
    assert read(f"{FILLING}{question}") == question


def test_the_last_questions_when_not_all_fit() -> None:
    questions = [f"What does Norway say about gauge number {number}?" for number in range(40)]
    kept = read(" ".join(questions))

    assert kept.endswith(questions[-1])
    assert questions[0] not in kept
    assert kept in " ".join(questions)


def test_its_beginning_when_it_asks_nothing_or_too_long_a_question() -> None:
    assert FILLING.startswith(read(FILLING.strip()))
    assert len(read("a" * 900 + "?")) == CHARACTERS


def test_the_latest_questions_before_as_far_as_there_is_room() -> None:
    history = [f"{number}: {'why ' * 24}" for number in range(20)]
    kept = remembered(history, lambda text: read(clean(text)))

    assert kept == [clean(one) for one in history][-len(kept) :]
    assert sum(map(len, kept)) <= EARLIER < sum(map(len, kept)) + 110
    assert remembered([], clean) == []


def test_a_question_is_asked_by_its_first_words_each_with_its_greatest_weight() -> None:
    terms = [Term(stem=str(number), weight=0.5) for number in range(TERMS + 5)]
    found = asked_by([*terms, Term(stem="3", weight=1.0)])

    assert [one.stem for one in found] == [str(number) for number in range(TERMS)]
    assert [one.stem for one in found if one.weight == 1.0] == ["3"]
