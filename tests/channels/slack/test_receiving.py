"""What does not come from Slack, or is not what Slack sends, gets 401, 400 or 413, and never a 500."""

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from channels.slack.calling import FORM, JSON, SECRET, callback, command, mention, pressed
from qa_service.app import create_app
from qa_service.channels.slack.receiving import BODY
from qa_service.wiring import Service

PATHS = {"/slack/events": JSON, "/slack/commands": FORM, "/slack/interactive": FORM}
GOOD = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"})


@pytest.fixture(scope="module")
def app(service: Service) -> Flask:
    values = {
        "slack_signing_secret": SECRET,
        "slack_bot_token": "xoxb-1",
        "slack_api": "http://127.0.0.1:9/api/",
    }
    settings = type(service.settings).model_validate(service.settings.model_dump() | values)
    return create_app(settings)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def sent(
    client: FlaskClient, path: str, body: str | bytes, stamp: str | None = None, signature: str | None = None
) -> Any:
    data = body.encode() if isinstance(body, str) else body
    now = stamp if stamp is not None else str(int(time.time()))
    signed = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=data.decode("utf-8", "replace"))
    headers = {
        "Content-Type": PATHS[path],
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": signature if signature is not None else signed or "",
    }
    return client.post(path, data=data, headers=headers)


def test_slack_proves_the_address(client: FlaskClient) -> None:
    response = sent(client, "/slack/events", GOOD)
    assert response.status_code == 200
    assert response.get_json() == {"challenge": "abc"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "signature", ["", "v0=", "v0=" + "0" * 64, "v1=" + "0" * 64, "v0=" + "é" * 64, "x" * 5000]
)
def test_a_bad_signature_is_refused(client: FlaskClient, path: str, signature: str) -> None:
    assert sent(client, path, GOOD, signature=signature).status_code == 401


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "stamp",
    ["", "now", "1e9", "NaN", "-5", "0", "9" * 400, "9" * 12, "١٢٣٤٥٦٧٨٩٠", " 1", "0x10", "1_0"],
)
def test_a_junk_timestamp_is_refused(client: FlaskClient, path: str, stamp: str) -> None:
    assert sent(client, path, GOOD, stamp=stamp.encode().decode("latin-1")).status_code == 401


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_replayed_request_is_refused(client: FlaskClient, path: str, seconds: int) -> None:
    stamp = str(int(time.time()) + seconds)
    assert sent(client, path, GOOD, stamp=stamp).status_code == 401


def test_a_body_that_was_changed_is_refused(client: FlaskClient) -> None:
    now = str(int(time.time()))
    signed = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=GOOD)
    assert sent(client, "/slack/events", GOOD + " ", now, signed).status_code == 401


def test_without_any_header_it_is_refused(client: FlaskClient) -> None:
    for path in PATHS:
        response = client.post(path, data=GOOD)
        assert response.status_code == 401
        assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_is_too_long_is_refused(client: FlaskClient, path: str) -> None:
    assert sent(client, path, "x" * (BODY + 1)).status_code == 413


def test_a_body_may_be_longer_than_those_of_the_api(client: FlaskClient, service: Service) -> None:
    text = json.dumps({"type": "url_verification", "challenge": "x" * (service.settings.body_bytes + 1)})
    assert sent(client, "/slack/events", text).status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        '"payload"',
        "payload",
        "payload=",
        "payload={",
        "payload=[]",
        "command=",
        b"\xff\xfe",
        "[" * 100_000,
        '{"a":' * 50_000,
        "{}",
        '{"type": 5}',
        '{"type": "event_callback", "event": []}',
        '{"type": "event_callback", "event": {"type": []}}',
        '{"type": "event_callback", "event": {"type": "message", "user": 5}}',
        '{"type": "event_callback", "event": {"type": "app_mention"}, "authorizations": [5]}',
        '{"type": "event_callback", "event": {"type": "app_mention"}, "team": 5}',
        '{"type": "event_callback", "event": {"type": "app_mention"}, "enterprise": 5}',
        "payload=" + '{"type": "block_actions", "user": {}, "actions": []}',
        "payload=" + '{"type": "block_actions", "user": {"id": "U"}}',
        "payload=" + '{"type": "view_submission", "user": {"id": "U"}, "view": {}}',
    ],
)
def test_a_junk_body_is_refused(client: FlaskClient, path: str, body: str | bytes) -> None:
    assert sent(client, path, body).status_code in {400, 401}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = [
    *(
        "type",
        "event",
        "team_id",
        "team",
        "enterprise",
        "authorizations",
        "user",
        "view",
        "actions",
        "channel",
    ),
    *(
        "container",
        "message",
        "event_id",
        "enterprise_id",
        "is_ext_shared_channel",
        "response_url",
        "trigger_id",
    ),
]
INNER = ["type", "user", "channel", "text", "ts", "thread_ts", "bot_id", "subtype", "item", "message", "tab"]


@given(
    st.dictionaries(st.sampled_from(NAMES), json_values), st.dictionaries(st.sampled_from(INNER), json_values)
)
def test_no_event_of_any_shape_is_a_fault_of_ours(
    client: FlaskClient, junk: dict[str, Any], inner: dict[str, Any]
) -> None:
    event = callback(mention("x") | inner | {"bot_id": inner.get("bot_id") or "B1"}) | junk
    assert sent(client, "/slack/events", json.dumps(event)).status_code in {200, 400}


@given(st.dictionaries(st.sampled_from(NAMES), json_values))
def test_no_payload_of_any_shape_is_a_fault_of_ours(client: FlaskClient, junk: dict[str, Any]) -> None:
    button = {"type": "button", "action_id": "gone", "value": "x"}
    payload = pressed(button, "http://127.0.0.1:9/", unseen=True) | junk
    body = urlencode({"payload": json.dumps(payload)})
    assert sent(client, "/slack/interactive", body).status_code in {200, 400}


def test_a_command_needs_an_address_to_answer_at(client: FlaskClient) -> None:
    assert sent(client, "/slack/commands", urlencode(command("x", "ftp://x"))).status_code == 400


def test_without_a_secret_there_are_no_routes(service: Service) -> None:
    client = create_app(service.settings).test_client()
    assert client.post("/slack/events", data=GOOD).status_code == 404
