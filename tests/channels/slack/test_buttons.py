"""/ask, its Share button, suggested questions and thumbs."""

import time
from typing import Any

import pytest

from channels.slack.calling import USER, Caller, pressed, timestamp
from channels.slack.fake import CHANNEL, TEAM, Slack
from channels.slack.seeing import POST, SETTLED, buttons, shown, texts
from qa_service.domain.answer import Answer
from qa_service.wiring import Service

QUESTION = "What is the SFA?"


@pytest.fixture
def private(caller: Caller, slack: Slack, request: pytest.FixtureRequest) -> Any:
    """The answer to /ask, and where it was sent."""

    def asked(text: str, **values: str) -> tuple[dict[str, Any], str]:
        url = slack.response_url(f"{request.node.name}-{time.monotonic_ns()}")
        response = caller.command(text, url, **values)
        assert (response.status, response.body) == (200, b"")
        [call] = slack.wait(path(url))
        return call.body, url

    return asked


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_ask_is_answered_to_the_one_who_asked(private: Any, ask: Any, slack: Slack) -> None:
    body, _ = private(QUESTION)
    answer: Answer = ask(QUESTION)
    assert body["response_type"] == "ephemeral"
    assert answer.citations[0].quote in texts(body["blocks"])
    assert "share" in buttons(body["blocks"])
    assert slack.to(POST) == []


def test_ask_alone_is_told_what_to_do(private: Any) -> None:
    body, _ = private("   ")
    assert "/ask" in texts(body["blocks"])
    assert "share" not in buttons(body["blocks"])


def test_the_same_command_twice_is_answered_once(caller: Caller, slack: Slack) -> None:
    url = slack.response_url("twice")
    for _ in range(4):
        assert caller.command(QUESTION, url, trigger_id="1.2.3").status == 200
    slack.wait(path(url))
    time.sleep(SETTLED)
    assert len(slack.to(path(url))) == 1


def test_a_response_that_comes_too_fast_for_slack_is_sent_again(caller: Caller, slack: Slack) -> None:
    slack.limits[:] = ["1"]
    url = slack.response_url("limited")
    caller.command(QUESTION, url)
    refused, taken = slack.wait(path(url), 2)
    assert (refused.status, taken.status) == (429, 200)
    assert taken.at - refused.at >= 1


def test_share_shows_it_to_the_channel_and_takes_the_private_one_back(
    private: Any, caller: Caller, slack: Slack, ask_in_slack: Any, ask: Any
) -> None:
    first = "What does Norway say about the flow gauges?"
    body, url = private(first)
    caller.press(pressed(buttons(body["blocks"])["share"], url, unseen=True))
    [posted] = slack.wait(POST)
    assert posted.body["channel"] == CHANNEL
    assert "thread_ts" not in posted.body
    assert f"<@{USER}>" in texts(posted.body["blocks"])
    assert ask(first).citations[0].quote in shown([posted])
    assert "share" not in buttons(posted.body["blocks"])
    assert slack.wait(path(url), 2)[1].body == {"delete_original": True}

    [followed] = ask_in_slack("And Sweden?", thread_ts=posted.ts)
    assert ask("And Sweden?", history=(first,)).id in shown([followed])


def test_share_works_where_the_app_is_no_member(private: Any, caller: Caller, slack: Slack) -> None:
    body, url = private(QUESTION)
    slack.refusals[:] = ["not_in_channel"]
    caller.press(pressed(buttons(body["blocks"])["share"], url, unseen=True))
    _, public, gone = slack.wait(path(url), 3)
    assert public.body["response_type"] == "in_channel"
    assert public.body["blocks"]
    assert gone.body == {"delete_original": True}


def test_a_suggested_question_is_answered_below_its_message(
    ask_in_slack: Any, caller: Caller, slack: Slack, ask: Any
) -> None:
    ts = timestamp()
    [call] = ask_in_slack("What is the capital of Peru?", ts=ts)
    button = buttons(call.body["blocks"])["ask-0"]
    payload = pressed(button, slack.response_url("x"), unseen=False, ts="9.9")
    payload["message"]["thread_ts"] = ts
    caller.press(payload)
    answer = slack.wait(POST, 2)[1]
    assert answer.body["thread_ts"] == ts
    assert button["value"] in shown([answer])
    assert f"<@{USER}>" in shown([answer])


def test_a_suggested_question_of_a_private_answer_stays_private(
    private: Any, caller: Caller, slack: Slack
) -> None:
    body, url = private("What is the capital of Peru?")
    caller.press(pressed(buttons(body["blocks"])["ask-0"], url, unseen=True))
    answer = slack.wait(path(url), 2)[1]
    assert answer.body["response_type"] == "ephemeral"
    assert answer.body["replace_original"] is False
    assert slack.to(POST) == []


def thumb(blocks: list[dict[str, Any]], name: str) -> dict[str, Any]:
    element = buttons(blocks)["feedback"]
    return {"type": "feedback_buttons", "action_id": "feedback", **element[f"{name}_button"]}


def kept(service: Service, answer_id: str) -> list[tuple[Any, ...]]:
    found = (one for one in service.opinions.latest(100) if one.answer_id == answer_id)
    return [(one.thumb.value, one.comment, one.giver) for one in found]


def test_a_thumb_up_is_kept_and_acknowledged(
    ask_in_slack: Any, caller: Caller, slack: Slack, ask: Any, service: Service
) -> None:
    [call] = ask_in_slack("Who mediated?")
    url = slack.response_url("thumb")
    caller.press(pressed(thumb(call.body["blocks"], "positive"), url, unseen=False, ts="9.9"))
    [noted] = slack.wait(path(url))
    assert noted.body["response_type"] == "ephemeral"
    assert kept(service, ask("Who mediated?").id) == [("up", "", f"team:slack/{TEAM}/{USER}")]


def test_a_thumb_down_may_be_explained(
    ask_in_slack: Any, caller: Caller, slack: Slack, ask: Any, service: Service
) -> None:
    [call] = ask_in_slack(QUESTION)
    answer_id = ask(QUESTION).id
    caller.press(
        pressed(thumb(call.body["blocks"], "negative"), slack.response_url("down"), unseen=False, ts="9.9")
    )
    [opened] = slack.wait("/api/views.open")
    assert kept(service, answer_id)[0][:2] == ("down", "")
    view = opened.body["view"] | {
        "state": {"values": {"comment": {"comment": {"type": "plain_text_input", "value": "Too short."}}}}
    }
    caller.press(
        {
            "type": "view_submission",
            "team": {"id": TEAM},
            "user": {"id": USER},
            "view": view,
            "api_app_id": "A1",
        }
    )
    deadline = time.monotonic() + 5
    while kept(service, answer_id)[0][1] != "Too short." and time.monotonic() < deadline:
        time.sleep(0.01)
    assert kept(service, answer_id) == [("down", "Too short.", f"team:slack/{TEAM}/{USER}")]


def test_a_button_of_another_time_is_taken(caller: Caller, slack: Slack) -> None:
    old = {"type": "button", "action_id": "gone", "value": "x"}
    assert caller.press(pressed(old, slack.response_url("x"), unseen=False, ts="1.1")).status == 200


def test_what_is_asked_can_mention_nobody(private: Any, caller: Caller, slack: Slack) -> None:
    """A question is repeated where it is shared: what it spells out stays letters."""
    body, url = private("What about &lt;!channel&gt; and &lt;@U1&gt; in Peru?")
    caller.press(pressed(buttons(body["blocks"])["share"], url, unseen=True))
    [posted] = slack.wait(POST)
    assert "<!channel>" in texts(posted.body["blocks"])
    assert "<!channel>" not in posted.body["text"]
    marked = [
        part for block in posted.body["blocks"] for part in block["elements"] if part["type"] == "mrkdwn"
    ]
    assert marked
    assert "<!channel>" not in str(marked)
