"""What is taken for Slack's, in process and to the second; `test_receiving.py` asks a whole server."""

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.signature import SignatureVerifier
from werkzeug.test import TestResponse

from channels.slack.calling import FORM, JSON, SECRET, callback
from qa_service.channels.slack import receiving

EVENT = json.dumps(callback({"type": "message", "user": "U1", "channel": "C1", "text": "Who left?"}))
BUTTON = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "team": {"id": "T1"},
    "actions": [{"type": "button", "action_id": "judge", "value": "up"}],
}
COMMAND = {"command": "/ask", "response_url": "https://hooks.example/1", "text": "Who left?", "user_id": "U1"}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """Of an app that listens to everything and proves nothing by itself."""
    known = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1")  # noqa: S106 - none
    bolt = App(authorize=lambda **_: known, signing_secret=SECRET, request_verification_enabled=False)
    bolt.middleware(
        lambda body, request: BoltResponse(status=200, body=" ".join(sorted(body)), headers=tried(request))
    )
    app = Flask("slack")
    app.register_blueprint(receiving.blueprint(bolt, SECRET))
    return app.test_client()


def told(body: dict[str, Any]) -> str:
    return " ".join(sorted(body))


def tried(request: BoltRequest) -> dict[str, str]:
    """What Slack says of how often it has sent this, given back."""
    return {"X-Tried": " ".join(request.headers.get("x-slack-retry-num", ()))}


def signed(body: str, stamp: str) -> str:
    return SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""


def send(client: FlaskClient, path: str, body: str, kind: str = JSON, **headers: str) -> TestResponse:
    stamp = headers.pop("stamp", str(int(time.time())))
    sent = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": headers.pop("signature", signed(body, stamp)),
    }
    return client.post(f"/slack/{path}", data=body, content_type=kind, headers=sent | headers)


def press(client: FlaskClient, payload: Any) -> int:
    return send(client, "interactive", urlencode({"payload": json.dumps(payload)}), FORM).status_code


def test_what_is_signed_reaches_the_listeners(client: FlaskClient) -> None:
    event = send(client, "events", EVENT)
    command = send(client, "commands", urlencode(COMMAND | {"text": ""}), FORM)

    assert (event.status_code, event.text) == (200, " ".join(sorted(json.loads(EVENT))))
    assert (command.status_code, command.text) == (200, " ".join(sorted(COMMAND)))
    assert press(client, BUTTON) == 200


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("events", EVENT, JSON),
        ("commands", urlencode(COMMAND), FORM),
        ("interactive", urlencode({"payload": json.dumps(BUTTON)}), FORM),
    ],
)
@pytest.mark.parametrize(
    "signature", ["", "v0=", f"v0={'0' * 64}", f"v1={'0' * 64}", f"v0={'0' * 65}", "none"]
)
def test_what_is_not_is_refused_on_every_route(
    client: FlaskClient, path: str, body: str, kind: str, signature: str
) -> None:
    assert send(client, path, body, kind, signature=signature).status_code == 401


@pytest.mark.parametrize("left_out", ["X-Slack-Request-Timestamp", "X-Slack-Signature"])
def test_what_is_signed_in_part_is_refused(client: FlaskClient, left_out: str) -> None:
    stamp = str(int(time.time()))
    sent = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signed(EVENT, stamp)}
    del sent[left_out]

    assert client.post("/slack/events", data=EVENT, headers=sent).status_code == 401


def test_a_signature_is_of_one_body(client: FlaskClient) -> None:
    stamp = str(int(time.time()))
    response = send(client, "events", EVENT, stamp=stamp, signature=signed(EVENT + " ", stamp))

    assert response.status_code == 401


@pytest.mark.parametrize(("age", "status"), [(0, 200), (280, 200), (320, 401), (-280, 200), (-320, 401)])
def test_a_signature_is_good_for_five_minutes(client: FlaskClient, age: int, status: int) -> None:
    assert send(client, "events", EVENT, stamp=str(int(time.time()) - age)).status_code == status


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e9", "²", "1" * 13, "1" * 400])
def test_a_time_that_is_none_is_refused(client: FlaskClient, stamp: str) -> None:
    sent = {
        "X-Slack-Request-Timestamp": stamp.encode().decode("latin-1"),
        "X-Slack-Signature": "v0=" + "0" * 64,
    }
    assert client.post("/slack/events", data=EVENT, headers=sent).status_code == 401


def test_a_body_may_have_a_million_bytes(client: FlaskClient) -> None:
    rest = len(EVENT) + len(', "pad": ""')
    fitting = EVENT[:-1] + f', "pad": "{"x" * (1_000_000 - rest)}"}}'

    assert send(client, "events", fitting).status_code == 200
    assert send(client, "events", fitting + " ").status_code == 413


def test_a_body_that_is_not_utf_8_is_no_delivery(client: FlaskClient) -> None:
    stamp = str(int(time.time()))
    sent = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={'0' * 64}"}

    assert client.post("/slack/events", data=b"\xff", headers=sent).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        *("", "{", "[]", "7", "null", "{}", '{"type": 7}', '{"type": "event_callback", "event": 7}'),
        *('{"type": "x", "event": {}}', '{"type": "x", "event": {"type": "m", "text": 7}}'),
        *(
            '{"type": "x", "team_id": 7}',
            '{"type": "x", "event_id": 7}',
            '{"type": "x", "authorizations": 7}',
            '{"type": "x", "team": 7}',  # which Bolt cannot read
        ),
    ],
)
def test_an_event_of_another_shape_is_no_delivery(client: FlaskClient, body: str) -> None:
    assert send(client, "events", body).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        *({"command": ""}, {"command": None}, {"response_url": ""}, {"response_url": None}),
        *({"response_url": "ftp://hooks.example/1"}, {"response_url": "//hooks.example/http"}),
    ],
)
def test_a_command_without_its_parts_is_no_delivery(
    client: FlaskClient, change: dict[str, str | None]
) -> None:
    form = {name: value for name, value in (COMMAND | change).items() if value is not None}

    assert send(client, "commands", urlencode(form), FORM).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        *({"type": None}, {"user": None}, {"user": {}}, {"user": {"id": 7}}, {"team": {}}, {"channel": {}}),
        *({"actions": None}, {"actions": []}, {"actions": [{}]}, {"actions": [{"type": "button"}]}),
        *({"view": {}}, {"message": 7}, {"container": 7}, {"response_url": 7}, {"trigger_id": 7}),
        {"actions": [{"type": "button", "action_id": "judge", "value": 7}]},
    ],
)
def test_a_button_of_another_shape_is_no_delivery(client: FlaskClient, change: dict[str, object]) -> None:
    payload = {name: value for name, value in (BUTTON | change).items() if value is not None}

    assert press(client, payload) == 400


@pytest.mark.parametrize("leave_out", ["team", "actions"])
def test_a_form_needs_no_button_and_a_button_no_team(client: FlaskClient, leave_out: str) -> None:
    payload = {**BUTTON, "view": {"callback_id": "comment"}}
    del payload[leave_out]

    assert press(client, payload) == 200


def test_what_slack_says_beside_it_reaches_the_listeners(client: FlaskClient) -> None:
    assert send(client, "events", EVENT, **{"X-Slack-Retry-Num": "2"}).headers["X-Tried"] == "2"


def test_without_a_payload_it_is_none(client: FlaskClient) -> None:
    assert send(client, "interactive", "other=1", FORM).status_code == 400


def test_where_one_workspace_is_served_nothing_is_installed(client: FlaskClient) -> None:
    assert client.get("/slack/install").status_code == 404


def test_where_several_are_it_can_be_installed_and_refused(tmp_path: Path) -> None:
    """Without the state that Slack gives back, nobody has come from where it is installed."""
    folder = str(tmp_path)
    asked = OAuthSettings(
        client_id="1",
        client_secret="2",  # noqa: S106 - of a Slack that is not
        installation_store=FileInstallationStore(base_dir=folder),
        state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=folder),
    )
    app = Flask("slack")
    app.register_blueprint(receiving.blueprint(App(signing_secret=SECRET, oauth_settings=asked), SECRET))

    assert "client_id=1" in app.test_client().get("/slack/install").text
    assert app.test_client().get("/slack/oauth_redirect?code=1").status_code == 400
