"""A conversation of any form becomes the question and the questions before it."""

import time
from typing import Any

import pytest

from qa_service.channels.openai.bodies import ChatBody, ResponsesBody, Turn
from qa_service.channels.openai.errors import Refused
from qa_service.channels.openai.reading import message, said
from qa_service.settings import Settings

WITHIN = 5.0  # seconds; a pattern that looks back takes hours over a megabyte
TEMPLATE = "### Task:\nRespond to the user query.\n<context>\n<source>A</source>\n</context>\n"


def heard(*messages: dict[str, Any]) -> tuple[str, ...]:
    return said(ChatBody.model_validate({"messages": messages}).messages, "messages")


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Who?", "Who?"),
        ("  Who?\n", "Who?"),
        ([{"type": "text", "text": "Who?"}], "Who?"),
        ([{"type": "input_text", "text": "Who?"}], "Who?"),
        (["Who?"], "Who?"),
        (
            [
                {"type": "text", "text": "Who"},
                {"type": "image_url", "image_url": {"url": "x"}},
                {"text": "it?"},
            ],
            "Who\nit?",
        ),
        ("Who\x00 \ud800is it?", "Who   is it?"),
        (f"{TEMPLATE}\nWho?", "Who?"),
        (f"{TEMPLATE}<user_query>\nWho?\n</user_query>", "Who?"),
        ("### Task:\n<context>A</context>\n ", "### Task:\n<context>A</context>"),
        ("### Task:\n</context> Who? <context>", "### Task:\n</context> Who? <context>"),
    ],
)
def test_the_text_of_a_message(content: Any, text: str) -> None:
    assert heard(user(content)) == (text,)


@pytest.mark.parametrize(
    "unit",
    ["<context>", "</context>", "<context></context>", "<context></context> ", "<", "<user_query>"],
)
@pytest.mark.parametrize("tail", ["", " " * 100_000, " Who?"])
def test_a_text_of_any_form_is_read_in_one_pass(unit: str, tail: str) -> None:
    started = time.perf_counter()
    said([Turn(role="user", content="### Task:" + unit * (900_000 // len(unit)) + tail)], "messages")

    assert time.perf_counter() - started < WITHIN


def test_the_last_user_message_is_the_question_and_those_before_its_history(settings: Settings) -> None:
    texts = heard(
        {"role": "developer", "content": "Be brief."},
        user("First?"),
        {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
        {"role": "tool", "content": "Something.", "tool_call_id": "1"},
        user(""),
        user("Second?"),
        {"role": "assistant", "content": "Well,"},
    )
    assert texts == ("First?", "Second?")

    made = message(texts, settings, "messages")
    assert (made.text, made.history) == ("Second?", ("First?",))


def test_items_that_are_no_messages_are_passed_over() -> None:
    body = ResponsesBody.model_validate(
        {
            "input": [
                {
                    "type": "reasoning",
                    "id": "r",
                    "summary": [],
                    "content": [{"type": "reasoning_text", "text": "x"}],
                },
                {"type": "function_call_output", "call_id": "c", "output": "y"},
                {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Who?"}]},
                {"type": "item_reference", "id": "msg_1"},
            ]
        }
    )
    assert isinstance(body.input, list)
    assert said(body.input, "input") == ("Who?",)


@pytest.mark.parametrize(
    "messages",
    [[{"role": "assistant", "content": "Hi"}], [user("  ")], [user(None)], [user([{"type": "file"}])]],
)
def test_nothing_said_is_told(messages: list[dict[str, Any]]) -> None:
    with pytest.raises(Refused, match="no user message") as caught:
        heard(*messages)
    assert caught.value.param == "messages"


def test_the_latest_questions_are_the_history(settings: Settings) -> None:
    most, longest = settings.history_questions, settings.question_characters
    earlier = [f"Question {number}?" for number in range(most + 5)]

    made = message((*earlier, "x" * (longest + 1), "Now?"), settings, "input")

    assert made.history == tuple(earlier[-most:])


def test_a_history_of_none(settings: Settings) -> None:
    none = settings.model_copy(update={"history_questions": 0})
    assert message(("First?", "Second?"), none, "input").history == ()


def test_a_question_that_is_too_long_is_told(settings: Settings) -> None:
    with pytest.raises(Refused) as caught:
        message(("x" * (settings.question_characters + 1),), settings, "input")
    assert (caught.value.status, caught.value.code) == (400, "string_above_max_length")
