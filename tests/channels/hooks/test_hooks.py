"""Mattermost, Rocket.Chat and Zulip ask as each of them sends; the answers are those that anybody gets."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from channels.conftest import QUESTIONS
from channels.running import Response, Server, serving
from qa_service.app import create_app
from qa_service.channels.hooks.presenting import LONGEST, text
from qa_service.channels.hooks.tokens import Dialect, chats
from qa_service.channels.hooks.views import blueprint
from qa_service.domain.answer import Answer
from qa_service.domain.errors import SettingsError
from qa_service.settings import Settings
from qa_service.wiring import Service

PATH = "/hooks/slack-compatible"
TOKEN, SLACK_TOKEN = "a-token-of-mattermost", "a-token-of-slack-itself"
FORM = "application/x-www-form-urlencoded"
CUT = "Cut."

MATTERMOST = {
    "token": TOKEN,
    "team_id": "t1",
    "team_domain": "valley",
    "channel_id": "c1",
    "channel_name": "town-square",
    "timestamp": "1763820000",
    "user_id": "u1",
    "user_name": "ana",
    "post_id": "p1",
    "text": "#ask Who mediated?",
    "trigger_word": "#ask",
    "file_ids": "",
}
MATTERMOST_COMMAND = {
    "channel_id": "c1",
    "channel_name": "town-square",
    "command": "/ask",
    "response_url": "https://chat.example/hooks/commands/1",
    "team_domain": "valley",
    "team_id": "t1",
    "text": "Who mediated?",
    "token": TOKEN,
    "trigger_id": "x",
    "user_id": "u1",
    "user_name": "ana",
}
ROCKET_CHAT = {
    "token": TOKEN,
    "bot": False,
    "channel_id": "GENERAL",
    "channel_name": "general",
    "message_id": "m1",
    "timestamp": "2026-11-22T14:00:00.000Z",
    "user_id": "u2",
    "user_name": "ana",
    "text": "ask: Who mediated?",
    "trigger_word": "ask",
    "siteUrl": "https://chat.example",
}
ZULIP = {
    "token": TOKEN,
    "team_id": "T2",
    "team_domain": "chat.example",
    "channel_id": "C5",
    "channel_name": "Verona",
    "thread_ts": "1763820000",
    "timestamp": "1763820000",
    "user_id": "U5",
    "user_name": "Iago",
    "text": "@**Answers** Who mediated?",
    "trigger_word": "mention",
    "service_id": "25",
}
SENT = {
    "mattermost": (FORM, MATTERMOST),
    "mattermost as json": ("application/json", MATTERMOST),
    "mattermost's command": (FORM, MATTERMOST_COMMAND),
    "rocket.chat": ("application/json", ROCKET_CHAT),
    "zulip": (FORM, ZULIP),
}


@pytest.fixture(scope="module")
def server(service: Service, settings: Settings) -> Iterator[Server]:
    values = {"QA_STORE": settings.store, "QA_RECORD_ANSWERS": "false"}
    tokens = {
        "QA_HOOK_TOKENS": f"{TOKEN}, mrkdwn:{SLACK_TOKEN}",
        "QA_PUBLIC_URL": "https://answers.example.org",
    }
    with serving(**values, **tokens) as running:
        yield running


def sent(server: Server, kind: str, body: dict[str, Any], **headers: str) -> Response:
    data = urlencode(body) if kind == FORM else json.dumps(body)
    return server.request("POST", PATH, data.encode(), {"Content-Type": kind, **headers})


def replied(server: Server, kind: str, body: dict[str, Any], **headers: str) -> dict[str, str]:
    response = sent(server, kind, body, **headers)
    assert response.status == 200, response.body
    found: dict[str, str] = json.loads(response.body)
    return found


@pytest.mark.parametrize(("kind", "body"), SENT.values(), ids=SENT.keys())
def test_each_chat_gets_the_answer_that_anybody_gets(
    server: Server, ask: Any, kind: str, body: dict[str, Any]
) -> None:
    reply = replied(server, kind, body)
    answer: Answer = ask("Who mediated?")
    assert reply["text"].startswith(answer.text)
    assert reply["response_type"] == ("ephemeral" if "command" in body else "in_channel")
    assert "#:~:text=On%2012%20February%202019%2C" in reply["text"]


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_every_kind_of_answer_is_said_whole(server: Server, ask: Any, question: str) -> None:
    body = MATTERMOST | {"text": question, "trigger_word": "", "user_id": f"u-{question}"}
    shown = replied(server, FORM, body)["text"]
    answer: Answer = ask(question)
    assert answer.text in shown
    for one in answer.citations:
        assert f"\n{one.number}. [{one.title}](" in shown
    for near in answer.refusal.nearest if answer.refusal else ():
        assert near.quote in shown


def test_a_token_may_stand_in_the_header(server: Server) -> None:
    body = {name: value for name, value in MATTERMOST.items() if name != "token"}
    assert "text" in replied(server, FORM, body, Authorization=f"Token {TOKEN}")
    assert sent(server, FORM, body, Authorization="Token other").status == 401


@pytest.mark.parametrize("token", ["", "other", TOKEN[:-1], f"{TOKEN}x", f"mrkdwn:{SLACK_TOKEN}", "é" * 20])
def test_a_token_that_is_none_is_refused(server: Server, token: str) -> None:
    response = sent(server, FORM, MATTERMOST | {"token": token})
    assert response.status == 401
    assert TOKEN.encode() not in response.body


def test_slack_itself_gets_its_own_markup(server: Server, ask: Any) -> None:
    asked = MATTERMOST | {
        "token": SLACK_TOKEN,
        "text": QUESTIONS["divergence"],
        "trigger_word": "",
        "user_id": "s",
    }
    shown = replied(server, FORM, asked)["text"]
    answer: Answer = ask(QUESTIONS["divergence"])
    assert answer.comparison is not None
    assert "|" not in shown.split("Sources")[0]
    assert f"*{answer.comparison.actors[0]}*: “" in shown
    assert all(f"[{one.number}]" in shown for one in answer.citations)
    assert re.search(r"\n1\. <https://[^|>]+\|Low Water on the Skarn>, Ingrid Vale", shown)


def test_follow_ups_of_one_person_in_one_channel_are_understood(server: Server, ask: Any) -> None:
    first = "What does Norway say about the flow gauges?"
    person = MATTERMOST | {"user_id": "u-follows", "trigger_word": ""}
    replied(server, FORM, person | {"text": first})
    followed = replied(server, FORM, person | {"text": "And Sweden?"})["text"]
    assert followed.startswith(ask("And Sweden?", history=(first,)).text)
    other = replied(server, FORM, person | {"text": "And Sweden?", "user_id": "u-other"})["text"]
    assert other.startswith(ask("And Sweden?").text)


def test_a_thread_is_everybodys(server: Server, ask: Any) -> None:
    first = "What does Norway say about the flow gauges?"
    thread = ROCKET_CHAT | {"tmid": "thread", "trigger_word": ""}
    replied(server, "application/json", thread | {"text": first})
    followed = replied(server, "application/json", thread | {"text": "And Sweden?", "user_id": "u9"})["text"]
    assert followed.startswith(ask("And Sweden?", history=(first,)).text)


@pytest.mark.parametrize("machine", [{"bot": {"i": "b1"}}, {"user_id": "USLACKBOT"}, {"bot_id": "B1"}])
def test_bots_are_not_answered(server: Server, machine: dict[str, Any]) -> None:
    assert replied(server, "application/json", ROCKET_CHAT | machine) == {}


@pytest.mark.parametrize("said", ["ask", "ask:", "  "])
def test_a_call_without_a_question_is_told_what_to_do(server: Server, said: str) -> None:
    reply = replied(server, "application/json", ROCKET_CHAT | {"text": said})
    assert reply["text"].startswith("Ask about what is indexed here")


def test_a_question_that_is_too_long_is_told_so(server: Server) -> None:
    assert "at most 2000" in replied(server, FORM, MATTERMOST | {"text": "x" * 2001})["text"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b""),
        ("application/json", b'{"text": {}}'),
        ("application/json", b'{"token": true}'),
        ("application/json", b'{"token": "' + TOKEN.encode() + b'", "text": "\xff"}'),
        ("text/plain", b"hello"),
        ("multipart/form-data", b"x"),
    ],
)
def test_junk_is_refused(server: Server, kind: str, body: bytes) -> None:
    assert server.request("POST", PATH, body, {"Content-Type": kind}).status == 400


def test_a_body_that_is_too_long_is_refused(server: Server) -> None:
    assert sent(server, FORM, MATTERMOST | {"text": "x" * 70_000}).status == 413


def test_without_tokens_there_is_no_route(client: FlaskClient) -> None:
    for path, setting in ((PATH, "QA_HOOK_TOKENS"), ("/slack/events", "SLACK_SIGNING_SECRET")):
        response = client.post(path, data=MATTERMOST)
        assert response.status_code == 404
        assert f"{setting} is not set" in response.json["detail"]


@pytest.mark.parametrize(
    ("setting", "told"), [("short", "16 characters"), ("html:a-token-of-something", "markdown or mrkdwn")]
)
def test_a_token_that_cannot_be_one_is_named(setting: str, told: str) -> None:
    with pytest.raises(SettingsError, match=f"QA_HOOK_TOKENS.*{told}"):
        chats(setting)


def test_an_outage_says_that_it_is_one(own_settings: Settings) -> None:
    own_settings = own_settings.model_copy(update={"hook_tokens": SecretStr(TOKEN)})
    client = create_app(own_settings).test_client()
    own_settings.store_path.write_bytes(b"damaged")
    reply = client.post(PATH, data=MATTERMOST)
    assert reply.status_code == 200
    assert "not an answer" in reply.get_json()["text"]


def test_another_day_is_another_conversation(own_service: Service, ask: Any) -> None:
    days = iter([date(2026, 11, 22), date(2026, 11, 22), date(2026, 11, 23)])
    app = Flask(__name__)
    app.register_blueprint(blueprint(own_service, TOKEN, lambda: next(days)))
    client = app.test_client()
    first = "What does Norway say about the flow gauges?"
    shown = [
        client.post(PATH, data=MATTERMOST | {"text": asked, "trigger_word": ""}).get_json()["text"]
        for asked in (first, "And Sweden?", "And Sweden?")
    ]
    assert shown[1].startswith(ask("And Sweden?", history=(first,)).text)
    assert shown[2].startswith(ask("And Sweden?").text)


@given(st.text(max_size=3000), st.sampled_from(Dialect))
def test_no_reply_mentions_anybody_or_is_too_long(said: str, dialect: Dialect) -> None:
    shown = text(f"{said} @all @channel a@b.example\n\n" * 8, dialect, CUT)
    assert len(shown) <= LONGEST
    assert "@all" not in shown
    assert "@channel" not in shown


def test_what_does_not_fit_is_left_out_after_a_whole_paragraph() -> None:
    shown = text("\n\n".join(["word " * 100] * 40), Dialect.MARKDOWN, CUT)
    assert shown.endswith(f"word \n\n{CUT}")
    assert len(shown) > LONGEST - 600
