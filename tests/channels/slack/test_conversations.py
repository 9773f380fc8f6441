"""Mentions, direct messages and threads, end to end: two workers, and a Slack that keeps the messages."""

import json
import sqlite3
import time
from contextlib import closing
from typing import Any

import pytest
from slack_sdk import WebClient

from channels.conftest import QUESTIONS
from channels.slack.calling import USER, Caller, callback, direct, mention, timestamp
from channels.slack.fake import BOT, CHANNEL, READER, Slack
from channels.slack.seeing import POST, SETTLED, shown, texts
from qa_service.domain.answer import Answer
from qa_service.settings import Settings


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_a_mention_is_answered_in_its_thread_with_the_same_answer_as_anywhere(
    ask_in_slack: Any, ask: Any, question: str
) -> None:
    ts = timestamp()
    [call] = ask_in_slack(question, ts=ts)
    answer: Answer = ask(question)

    assert call.body["thread_ts"] == ts
    told = shown([call])
    for citation in answer.citations:
        assert citation.quote in told
        assert f"[{citation.number}]" in told
    for nearest in answer.refusal.nearest if answer.refusal else ():
        assert nearest.quote in told
    assert call.body["text"]


def test_another_client_reads_the_answer_in_slack(ask_in_slack: Any, slack: Slack) -> None:
    ts = timestamp()
    ask_in_slack("What is the SFA?", ts=ts)
    reader = WebClient(token=READER, base_url=slack.url)
    [reply] = reader.conversations_replies(channel=CHANNEL, ts=ts)["messages"]
    assert "Skarn Flow Accord" in texts(reply["blocks"])
    assert reply["thread_ts"] == ts


def test_a_direct_message_is_answered(caller: Caller, slack: Slack) -> None:
    channel = WebClient(token=BOT, base_url=slack.url).conversations_open(users=USER)["channel"]["id"]
    caller.event(direct("Who mediated?", channel))
    [call] = slack.wait(POST)
    assert call.body["channel"] == channel
    assert call.body["thread_ts"]


def test_a_thread_is_a_conversation(ask_in_slack: Any, ask: Any) -> None:
    first, follow_up = "What does Norway say about the flow gauges?", "And Sweden?"
    ts = timestamp()
    ask_in_slack(first, ts=ts)
    [call] = ask_in_slack(follow_up, thread_ts=ts)
    answer: Answer = ask(follow_up, history=(first,))

    assert answer.answered
    assert answer.standalone_question != follow_up
    assert answer.standalone_question in shown([call])
    assert all(citation.quote in shown([call]) for citation in answer.citations)
    assert call.body["thread_ts"] == ts


def test_another_thread_knows_nothing_of_it(ask_in_slack: Any, ask: Any) -> None:
    ask_in_slack("What does Norway say about the flow gauges?")
    [call] = ask_in_slack("And Sweden?")
    assert ask("And Sweden?").id in shown([call])


def test_an_empty_mention_is_told_what_to_do(ask_in_slack: Any) -> None:
    [call] = ask_in_slack("")
    told = shown([call])
    assert "/ask" in told
    assert "How do Norway and Sweden differ?" in told or "?" in told


def test_a_question_that_is_too_long_is_told_so(ask_in_slack: Any) -> None:
    [call] = ask_in_slack("x" * 2001)
    assert "at most 2000 characters" in shown([call])


def test_markup_of_slack_is_read_as_words(ask_in_slack: Any, ask: Any) -> None:
    [call] = ask_in_slack("What is the <https://sfa.example|SFA>?")
    assert ask("What is the SFA?").id in shown([call])


@pytest.mark.parametrize(
    "event",
    [
        mention("Who mediated?", bot_id="B1"),
        direct("Who mediated?", CHANNEL, channel_type="channel"),
        direct("Who mediated?", "D1", subtype="message_changed"),
        direct("Who mediated?", "D1", subtype="bot_message"),
        direct("Who mediated?", "D1", user=None),
        {
            "type": "reaction_added",
            "user": USER,
            "item": {"type": "message", "channel": CHANNEL, "ts": "1.2"},
        },
    ],
    ids=["a bot's mention", "in a channel", "an edit", "a bot's message", "nobody's", "another event"],
)
def test_what_is_not_for_it_is_taken_and_not_answered(
    caller: Caller, slack: Slack, event: dict[str, Any]
) -> None:
    assert caller.event(event).status == 200
    time.sleep(SETTLED)
    assert slack.to(POST) == []


def test_a_message_that_is_delivered_many_times_is_answered_once(caller: Caller, slack: Slack) -> None:
    """Retries, and a mention that arrives as a message too; every delivery may meet another worker."""
    ts = timestamp()
    channel = WebClient(token=BOT, base_url=slack.url).conversations_open(users=USER)["channel"]["id"]
    one = mention("Who mediated?", ts, channel=channel)
    delivery = callback(one)["event_id"]
    for attempt in range(6):
        retried = {"X_Slack_Retry_Num": str(attempt), "X_Slack_Retry_Reason": "http_timeout"}
        body = callback(one, event_id=delivery)
        assert caller.send("/slack/events", json.dumps(body), **retried).status == 200
        assert caller.event(direct("Who mediated?", channel, ts)).status == 200
    slack.wait(POST)
    time.sleep(SETTLED)
    assert len(slack.to(POST)) == 1


def test_suggested_prompts_stand_above_the_field(caller: Caller, slack: Slack, service: Any) -> None:
    caller.event({"type": "app_home_opened", "user": USER, "channel": "D1", "tab": "messages"})
    [call] = slack.wait("/api/assistant.threads.setSuggestedPrompts")
    assert [one["message"] for one in call.body["prompts"]] == list(service.answering.desk.suggestions)
    assert call.body["channel_id"] == "D1"


def test_too_many_requests_are_tried_again_when_slack_says(ask_in_slack: Any, slack: Slack) -> None:
    slack.limits[:] = ["1"]
    ask_in_slack("Who mediated?")
    refused, taken = slack.wait(POST, 2)
    assert refused.status == 429
    assert taken.status == 200
    assert taken.at - refused.at >= 1


@pytest.mark.parametrize("told", ["3600", "soon", ""])
def test_nobody_waits_for_slack_without_an_end(caller: Caller, slack: Slack, told: str) -> None:
    slack.limits[:] = [told]
    caller.event(mention("Who mediated?"))
    slack.wait(POST)
    time.sleep(SETTLED)
    assert [call.status for call in slack.to(POST)] == [429]


def test_blocks_that_slack_refuses_go_as_words(ask_in_slack: Any, slack: Slack) -> None:
    slack.refusals[:] = ["invalid_blocks"]
    ask_in_slack("Who mediated?")
    _, plain = slack.wait(POST, 2)
    assert "blocks" not in plain.body
    assert plain.body["text"]


def test_a_store_that_is_busy_delays_the_answer_and_not_the_acknowledgement(
    caller: Caller, slack: Slack, settings: Settings
) -> None:
    """While an ingest publishes, nobody else writes; Slack waits three seconds."""
    with closing(sqlite3.connect(settings.store_path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        assert caller.event(mention("Who mediated?")).status == 200
        assert time.monotonic() - begun < 1
        time.sleep(SETTLED)
        assert slack.to(POST) == []
        writer.execute("ROLLBACK")
    assert len(slack.wait(POST)) == 1
