"""Whatever an answer holds, its messages are ones that Slack takes, and say all of it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from channels.conftest import QUESTIONS
from channels.slack.seeing import buttons, texts
from qa_service.channels.slack.blocks import BLOCKS, CHARACTERS
from qa_service.channels.slack.presenting import MESSAGES, Presenting, Reply
from qa_service.compose.phrases import load_phrases
from qa_service.compose.templates import escape
from qa_service.domain.answer import Answer, Citation
from qa_service.domain.question import Kind
from qa_service.settings import load

LIMITS = {"section": 3000, "context": 3000, "plain_text": 3000, "mrkdwn": 3000, "button": 75, "header": 150}
PRESENTING = Presenting(load_phrases(load({}).prompts), "https://answers.example.org")


def citation(number: int, quote: str = "The dam.", **values: Any) -> Citation:
    made = Citation(
        number=number,
        document_id="low-water",
        title="Low Water",
        author="Ingrid Vale",
        published="2021-09-14",
        publisher="Review",
        url=None,
        section=None,
        passage_id="p1",
        page=None,
        quote=quote,
        start=0,
        end=len(quote),
        sha256="c" * 64,
    )
    return replace(made, **values)


def answer(text: str, citations: tuple[Citation, ...] = (), **values: Any) -> Answer:
    made = Answer(
        id="1a2b",
        question="What?",
        standalone_question="What?",
        answered=True,
        kind=Kind.FACT,
        text=text,
        citations=citations,
        index_version="v1",
    )
    return replace(made, **values)


def checked(reply: Reply) -> str:
    """All that a reader sees of messages that Slack takes."""
    assert 1 <= len(reply.messages) <= MESSAGES
    for message in reply.messages:
        assert 1 <= len(message) <= BLOCKS
        assert len(json.dumps(message, ensure_ascii=False)) <= 13_200
        assert len(json.dumps(message, ensure_ascii=False, separators=(",", ":"))) <= CHARACTERS
        for block in message:
            whole(block)
    assert len(reply.text) <= 40_000
    return "\n".join(texts(list(message)) for message in reply.messages)


def whole(block: dict[str, Any]) -> None:
    parsed = Block.parse(block)
    assert parsed is not None
    parsed.validate_json()
    for field in block.get("fields", ()):
        assert 1 <= len(field["text"]) <= 2000
    for element in block.get("elements", ()):
        if "text" in element and isinstance(element["text"], str):
            assert 1 <= len(element["text"]) <= 3000
        if element["type"] == "button":
            assert 1 <= len(element["text"]["text"]) <= 75
            assert 1 <= len(element["value"]) <= 2000
        if element["type"] == "feedback_buttons":
            assert len(element["positive_button"]["text"]["text"]) <= 75


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_every_kind_of_answer_fits_and_says_what_its_text_says(ask: Any, question: str) -> None:
    given_: Answer = ask(question)
    seen = checked(PRESENTING.answer(given_, shareable=True, asked_by="U1"))
    for one in given_.citations:
        assert one.quote in seen
        assert f"[{one.number}]" in seen


def test_a_divergence_has_a_heading_an_issue_and_the_quotes_side_by_side(ask: Any) -> None:
    given_: Answer = ask(QUESTIONS["divergence"])
    assert given_.comparison is not None
    [message] = PRESENTING.answer(given_).messages
    sections = [block for block in message if block["type"] == "section"]
    assert len(sections) == len(given_.comparison.rows)
    for section in sections:
        named, quoted = section["fields"][:2], section["fields"][2:]
        assert [one["text"].strip("*") for one in named] == list(given_.comparison.actors)
        assert len(quoted) == 2


def test_an_issue_without_a_name_is_set_apart_by_a_line() -> None:
    [message] = PRESENTING.answer(
        answer("| I | A | B |\n|---|---|---|\n| – | a | b |\n| *n* | c | |")
    ).messages
    assert [block["type"] for block in message[:4]] == ["divider", "section", "rich_text", "section"]
    assert [field["text"] for field in message[3]["fields"]] == ["*A*", "*B*", "c", "–"]


def test_a_timeline_is_a_list_with_the_dates_in_front(ask: Any) -> None:
    given_: Answer = ask(QUESTIONS["timeline"])
    assert given_.timeline is not None
    message = PRESENTING.answer(given_).messages[0]
    [items] = [part["elements"] for part in message[0]["elements"] if part["type"] == "rich_text_list"]
    assert [item["elements"][0]["text"] for item in items] == [one.wording for one in given_.timeline]
    assert all(item["elements"][0]["style"] == {"bold": True} for item in items)


def test_a_refusal_shows_what_is_nearest_and_that_it_is_no_answer(ask: Any) -> None:
    given_: Answer = ask("What does Norway say about Peru?")
    assert given_.refusal is not None
    assert given_.refusal.nearest
    seen = checked(PRESENTING.answer(given_))
    assert given_.refusal.explanation in seen
    assert "do not answer" in seen
    for one in given_.refusal.nearest:
        assert one.quote in seen
    assert buttons(list(PRESENTING.answer(given_).messages[0]))["ask-0"]["value"] in given_.suggestions


def test_an_answer_that_is_longer_than_a_message_goes_on_in_the_next() -> None:
    said = "The river rose again. " * 9
    lines = [f"- **{1940 + n}** ({1940 + n}): “{said}” [{n}]" for n in range(1, 46)]
    reply = PRESENTING.answer(answer("\n".join(lines), tuple(citation(n) for n in range(1, 46))))
    seen = checked(reply)
    assert len(reply.messages) > 1
    assert all(f"[{n}]" in seen for n in range(1, 46))
    assert PRESENTING.phrases.cut not in seen
    assert "feedback" in buttons(list(reply.messages[-1]))


def test_an_answer_that_no_chat_can_show_says_so() -> None:
    reply = PRESENTING.answer(answer("\n\n".join(["word " * 500] * 100)), shareable=True)
    seen = checked(reply)
    assert len(reply.messages) == MESSAGES
    assert PRESENTING.phrases.cut in seen
    assert {"feedback", "share"} <= buttons(list(reply.messages[-1])).keys()


def test_a_very_long_cell_and_a_very_long_word_are_cut_in_portions_and_nothing_is_lost() -> None:
    cell, word = "c" * 2500, "w" * 7000
    seen = checked(PRESENTING.answer(answer(f"| I | A | B |\n|---|---|---|\n| i | {cell} | |\n\n{word}")))
    assert seen.count("c") - seen.count("characters") >= 2500
    assert "w" * 2900 in seen
    assert seen.replace("\n", "").count("w" * 7000) == 1


@given(
    st.lists(st.text(min_size=1, max_size=400), min_size=1, max_size=40),
    st.lists(st.text(max_size=300), max_size=5),
)
def test_no_answer_of_any_words_is_refused_by_slack(quotes: list[str], suggestions: list[str]) -> None:
    text = "\n\n".join(f"“{escape(quote)}” [{n}]" for n, quote in enumerate(quotes, 1))
    cited = tuple(citation(n, quote, document_id=f"d{n % 7}") for n, quote in enumerate(quotes, 1))
    asked = tuple(one for one in suggestions if one.strip())
    checked(PRESENTING.answer(answer(text, cited, suggestions=asked), shareable=True))


def test_sources_stand_by_document_with_a_link_for_each_number() -> None:
    cited = (
        citation(1, "A - b, c."),
        citation(2, url="https://review.example/low_water?a=1&b=2"),
        citation(3, document_id="other", title="<Other> & co", url="https://x.example/a.pdf", page=7),
    )
    [message] = PRESENTING.answer(answer("x [1][2][3]", cited)).messages
    first, second = [b for b in message if b["type"] == "context" and len(b["elements"]) == 2]
    assert first["elements"][0]["text"] == "Ingrid Vale, Low Water, Review, 14 September 2021"
    assert first["elements"][1]["text"] == (
        "<https://answers.example.org/documents/low-water"
        "?start=0&amp;end=9&amp;sha256=cccccccccccc#quote|[1]> "
        "<https://review.example/low_water?a=1&amp;b=2#:~:text=The%20dam.|[2]>"
    )
    assert "<Other> & co" in second["elements"][0]["text"]
    assert second["elements"][1]["text"] == "<https://x.example/a.pdf#page=7|[3], p. 7>"


def test_a_marker_leads_to_its_source_and_a_quotes_own_number_nowhere() -> None:
    text = f"“{escape('no treaty [2] can')}” [1]"
    [message] = PRESENTING.answer(
        answer(text, (citation(1, url="https://x.example/a"), citation(2)))
    ).messages
    [section] = message[0]["elements"]
    assert section["elements"] == [
        {"type": "text", "text": "“no treaty [2] can” "},
        {"type": "link", "url": "https://x.example/a#:~:text=The%20dam.", "text": "[1]"},
    ]


def test_without_an_address_of_ours_a_source_is_named_and_not_linked() -> None:
    alone = Presenting(PRESENTING.phrases, None)
    [message] = alone.answer(answer("x [1]", (citation(1),))).messages
    assert {"type": "mrkdwn", "text": "[1]", "verbatim": True} in message[2]["elements"]


def test_the_words_for_notifications_mention_nobody() -> None:
    reply = PRESENTING.answer(answer(str(escape("<!channel> & <@U1> ")) + "x" * 5000))
    assert reply.text.startswith("&lt;!channel&gt; &amp; &lt;@U1&gt;")
    assert len(reply.text) < 3100


def test_a_question_that_a_button_cannot_hold_is_not_offered() -> None:
    reply = PRESENTING.answer(
        answer("x", question="q" * 2001, suggestions=("s" * 2001, "s" * 80)), shareable=True
    )
    found = buttons(list(reply.messages[0]))
    assert set(found) == {"feedback", "ask-0"}
    assert found["ask-0"]["text"]["text"] == "s" * 74 + "…"
    assert found["ask-0"]["value"] == "s" * 80


def test_the_phrases_that_are_shipped_fit_everywhere() -> None:
    phrases = PRESENTING.phrases
    assert Path(load({}).prompts / "chat.toml").exists()
    assert max(map(len, (phrases.comment_title, phrases.comment_send, phrases.comment_cancel))) <= 24
