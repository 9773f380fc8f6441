"""What Open WebUI and LibreChat ask on their own behalf; the prompts are cut to what is read in them."""

import json
import time

import pytest
from flask.testing import FlaskClient

from qa_service.channels.openai.tasks import LONGEST, TASK, answered

CHAT = """
### Chat History:
<chat_history>
USER: How do Norway
and Sweden differ?
ASSISTANT: Norway: “The dam protects the valley.” [1]
USER: And the JSC?
ASSISTANT: A commission.
</chat_history>"""
SUGGESTIONS = ("Who mediated?", "And the JSC?", "What is the SFA?")


def task(told: str, wanted: str) -> str:
    return f"### Task:\n{told}\n### Guidelines:\n- Be clear.\n### Output:\nJSON format: {wanted}{CHAT}"


@pytest.mark.parametrize(
    ("prompt", "value"),
    [
        (
            task("Generate a concise title.", '{ "title": "your concise title here" }'),
            {"title": "How do Norway and Sweden differ?"},
        ),
        (task("Generate 1-3 broad tags.", '{ "tags": ["tag1", "tag2"] }'), {"tags": []}),
        (
            task("Suggest 3-5 follow-up questions.", '{ "follow_ups": ["Question 1?"] }'),
            {"follow_ups": ["Who mediated?", "What is the SFA?"]},
        ),
        (task("Decide whether to search.", '{\n  "queries": ["query1"]\n}'), {"queries": []}),
        (task("You are an autocompletion system.", '{ "text": "<completion>" }'), {"text": ""}),
        (task("Generate a detailed prompt for an image.", '{\n    "prompt": "…"\n}'), {"prompt": ""}),
        ('### Task:\nGenerate a title. { "title": "…" }', {"title": ""}),
    ],
)
def test_a_task_of_open_webui_is_answered_in_its_form(prompt: str, value: dict[str, object]) -> None:
    told = answered(prompt, SUGGESTIONS)
    assert told is not None
    assert json.loads(told) == value


def test_a_title_of_librechat_is_bare() -> None:
    asked = "User: Who mediated?\nAI: Amara Osei [1]"
    first = "Provide a concise, 5-word-or-less title for the conversation, using title case conventions. "
    second = "Analyze this conversation and provide:\n1. The detected language\n2. A concise title\n\n"

    assert answered(f"{first}Only return the title itself.\n\nConversation:\n{asked}", ()) == "Who mediated?"
    assert answered(f"{second}{asked}", ()) == "Who mediated?"


def test_a_long_title_is_cut_between_words() -> None:
    prompt = task("Title.", '{ "title": "…" }').replace("How do Norway", "How do " + "very " * 30 + "Norway")
    title = json.loads(answered(prompt, ()) or "")["title"]

    assert len(title) <= LONGEST
    assert title.endswith("very…")


@pytest.mark.parametrize(
    "prompt",
    [
        "Who mediated?",
        "### Task:\nRespond to the user query.\n<context>{}</context>\nWho mediated?",
        "What is the task?",
        'Why does the text say { "title": 1 }?',
    ],
)
def test_a_readers_question_is_no_task(prompt: str) -> None:
    assert answered(prompt, SUGGESTIONS) is None


@pytest.mark.parametrize("stream", [False, True])
def test_a_task_needs_no_search(client: FlaskClient, stream: bool) -> None:
    asked = {"messages": [{"role": "user", "content": task("Tags.", '{ "tags": [] }')}], "stream": stream}
    response = client.post("/v1/chat/completions", json=asked)

    assert response.status_code == 200
    assert r"{\"tags\": []}" in response.text
    assert 'annotations":[{' not in response.text


WITHIN = 5.0  # seconds; a pattern that looks back takes hours over a megabyte
TITLED = '### Task: {"title" '


@pytest.mark.parametrize(
    "prompt",
    [
        f"{TITLED}<chat_history>user: a{' ' * 900_000}b</chat_history>",
        f"{TITLED}<chat_history>{'user: ' * 150_000}</chat_history>",
        f"{TITLED}<chat_history>{chr(10) * 900_000}</chat_history>",
        f"{TITLED}<chat_history>user: a{' ' * 99 + chr(10)}" * 8_000 + "</chat_history>",
        f"{TITLED}{'<chat_history>' * 70_000}",
        f"{TITLED}{'</chat_history>' * 60_000}",
        f"{TASK}{'{' * 900_000}",
        f"{TASK}{'{ ' * 450_000}",
        f"{TASK} {{{' ' * 900_000}",
        f"Provide a concise, 5-word-or-less title for the conversation\nuser: a{' ' * 900_000}b",
        f"Provide a concise, 5-word-or-less title for the conversation\n{'user: a' + chr(10) * 9}" * 14_000,
        f"Analyze this conversation and provide:{'concise ' * 110_000}",
        " " * 900_000 + "b",
    ],
    ids=range(13),
)
def test_a_body_of_any_form_is_read_in_one_pass(prompt: str) -> None:
    started = time.perf_counter()
    answered(prompt, SUGGESTIONS)

    assert time.perf_counter() - started < WITHIN


def test_a_question_among_blanks_is_still_the_title() -> None:
    prompt = f"{TITLED}<chat_history>user: a{' ' * 900_000}b\n\nASSISTANT: c\nuser:\n</chat_history>"
    assert json.loads(answered(prompt, SUGGESTIONS) or "") == {"title": "a b"}
