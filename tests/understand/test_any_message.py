"""Whatever is sent is understood as something, always as the same, and without much work."""

import re
import time
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.domain.question import Message
from qa_service.select import answer_types, divergences, positions, quantities, summaries, timelines, verdicts
from qa_service.understand import (
    Understanding,
    cleaning,
    followups,
    kinds,
    small_talk,
    windows,
)
from qa_service.understand import (
    understanding as understand_module,
)

LONGEST = 2000  # characters of a message
SECOND = 1.0
WORDS = (
    "what does norway think of the dam and sweden who is why it they 2017 in between May since <@U1> :x: "
    "differ the author “quoted” ' - ? , (SFA) Dr. vs"
).split(" ")
WORST = {
    "one letter": "a" * LONGEST,
    "capitals": "A" * LONGEST,
    "letters and spaces": "a " * (LONGEST // 2),
    "capitalised words": "Aa " * (LONGEST // 3),
    "capitals and dots": "A." * (LONGEST // 2),
    "digits": "1" * LONGEST,
    "years": "2017 " * (LONGEST // 5),
    "open mentions": "<@" * (LONGEST // 2),
    "colons": ":a" * (LONGEST // 2),
    "open questions": "what do " + "aaa " * (LONGEST // 4),
    "one long word": "what do " + "a" * LONGEST,
    "possessives": "a's " * (LONGEST // 4),
    "lists": "list " * (LONGEST // 5),
    "between": "between " * (LONGEST // 8),
    "greetings": "hi, " * (LONGEST // 4),
    "polite": "please could you please " * (LONGEST // 24),
    "i would": "i would " * (LONGEST // 8),
    "meaning": "what does " + "mean " * (LONGEST // 5),
    "quotes": "“" * LONGEST,
    "spaces": " " * LONGEST,
    "slips": "salmin quotta sluicas " * (LONGEST // 22),
    "unknown words": " ".join(
        f"zq{'abcdefghij'[n % 10]}x{'klmnopqrst'[n // 10 % 10]}vw" for n in range(LONGEST // 8)
    ),
    "accents": "é\u0301" * (LONGEST // 2),
    "surrogate": "\ud800" * LONGEST,
}
MODULES = (
    cleaning, followups, kinds, small_talk, understand_module, windows,
    answer_types, divergences, positions, quantities, summaries, timelines, verdicts,
)  # fmt: skip


def patterns(module: ModuleType) -> list[tuple[str, re.Pattern[str]]]:
    return [(name, one) for name, one in vars(module).items() if isinstance(one, re.Pattern)]


@given(st.text(max_size=LONGEST), st.lists(st.text(max_size=100), max_size=3))
def test_any_text_is_understood_and_always_as_the_same(
    understanding: Understanding, text: str, history: list[str]
) -> None:
    message = Message(text=text, history=tuple(history))
    question = understanding.question(message)
    assert question.asked == text
    assert understanding.question(message) == question


@given(
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
)
def test_any_order_of_question_words_is_understood(
    understanding: Understanding, text: str, earlier: str
) -> None:
    message = Message(text=text, history=(earlier,))
    question = understanding.question(message)
    assert understanding.question(message) == question
    stems = [term.stem for term in question.terms]
    assert len(stems) == len(set(stems))
    assert all(0 < term.weight <= 1 for term in question.terms)


@pytest.mark.parametrize("text", WORST.values(), ids=WORST)
def test_no_message_takes_long(understanding: Understanding, text: str) -> None:
    start = time.process_time()
    understanding.question(Message(text=text, history=(text, text)))
    assert time.process_time() - start < SECOND


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
def test_no_pattern_backtracks_without_end(module: ModuleType) -> None:
    for name, pattern in patterns(module):
        for kind, text in WORST.items():
            start = time.process_time()
            pattern.search(text)
            assert time.process_time() - start < SECOND, (name, kind)
