"""How messages are understood with the words of the commentary."""

from collections.abc import Callable

import pytest

from qa_service.domain.question import Message, Question
from qa_service.understand import Understanding
from qa_service.wiring import Service


@pytest.fixture(scope="session")
def understanding(service: Service) -> Understanding:
    return service.answering.desk.understanding


@pytest.fixture(scope="session")
def understood(understanding: Understanding) -> Callable[..., Question]:
    """The Question in a message, after these earlier ones: ``understood("Why?", "When did they leave?")``."""

    def question(text: str, *history: str) -> Question:
        return understanding.question(Message(text=text, history=history))

    return question
