"""Words that ask nothing of the documents, and words that only begin so."""

import pytest

from qa_service.understand.small_talk import is_small_talk


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Hello there!",
        "Good morning, team",
        "thanks a lot",
        "ok great",
        "How are you?",
        "What can you do?",
        "HELP",
    ],
)
def test_greetings_and_thanks_are_small_talk(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "???",
        "Hello, what is the SFA?",
        "thanks, and why did Sweden leave?",
        "What is this about?",
        "help 24",
        "good good good good good good good good good",
        "Who are they?",
    ],
)
def test_what_asks_something_is_not(text: str) -> None:
    assert not is_small_talk(text)
