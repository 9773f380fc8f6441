"""What a chat client sends becomes plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.understand.cleaning import clean


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("<@U02ABCDEF> what is the SFA?", "what is the SFA?"),
        ("<@U02ABCDEF|bot>, what is the SFA?", ", what is the SFA?"),
        ("<!here> why?", "why?"),
        ("see <#C0123|river-talks> please", "see river-talks please"),
        ("<https://example.org/a|the report> says what?", "the report says what?"),
        (":wave: hello :slightly_smiling_face:", "hello"),
        ("  what\n\tis \u00a0 it  ", "what is it"),
        ("at 10:30: now", "at 10:30: now"),
        ("a < b and c > d", "a < b and c > d"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_only_the_words_stay(sent: str, words: str) -> None:
    assert clean(sent) == words


@given(st.text(max_size=200))
def test_spaces_are_single_and_none_at_the_ends(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())
