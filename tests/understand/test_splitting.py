import pytest

from qa_service.understand.splitting import MOST, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Who built the dam? When was it opened?", ("Who built the dam?", "When was it opened?")),
        ("1. Who built it? 2. Who paid for it?", ("Who built it?", "Who paid for it?")),
        ("Is it safe? Really?", ("Is it safe? Really?",)),
        ("What does “who pays?” mean here", ("What does “who pays?” mean here",)),
        ("Tell me about the dam. Is it safe?", ("Tell me about the dam. Is it safe?",)),
        ("Who built the dam", ("Who built the dam",)),
        ("", ("",)),
    ],
)
def test_a_message_is_cut_where_a_question_ends(text: str, parts: tuple[str, ...]) -> None:
    assert split(text) == parts


def test_at_most_a_handful_of_questions_is_answered() -> None:
    assert len(split("Who was there? " * 40)) == MOST
