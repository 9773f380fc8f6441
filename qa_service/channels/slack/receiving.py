"""The routes that Slack calls. A delivery is proved, read and only then handed to Bolt.

Bolt 1.30 reads a body before it verifies it and takes any timestamp for a number, so junk would be a 500.
Here it is a 401 when it cannot be Slack's, a 400 when it is not what Slack sends, a 413 when it is too long.
"""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, Field, ValidationError, model_validator
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.flask.handler import SlackRequestHandler, to_flask_response
from slack_sdk.signature import SignatureVerifier
from werkzeug.exceptions import BadRequest, Unauthorized

from qa_service.channels.slack.manifest import INSTALL, REDIRECT

BODY = 1_000_000  # bytes; a button's payload repeats the whole message
SECONDS = re.compile(r"[0-9]{1,12}")
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class Named(BaseModel):
    """A user, a workspace or a channel."""

    id: str


class Event(BaseModel):
    """What is read of an event."""

    type: str
    user: str | dict[str, Any] | None = None
    channel: str | dict[str, Any] | None = None
    text: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    subtype: str | None = None


class Delivery(BaseModel):
    """What every delivery has; Bolt looks for an event in each."""

    type: str
    event: Event = Field(default_factory=lambda: Event(type=""))  # when there is one


class Callback(Delivery):
    """A delivery of the Events API."""

    team_id: str | None = None
    event_id: str | None = None
    authorizations: list[dict[str, Any]] | None = None


class Action(BaseModel):
    """A button that was pressed."""

    type: str
    action_id: str
    value: str | None = None


class View(BaseModel):
    """A form that was sent."""

    callback_id: str


class Interaction(Delivery):
    """Buttons, or a form."""

    user: Named
    team: Named | None = None
    channel: Named | None = None
    container: dict[str, Any] | None = None
    message: dict[str, Any] | None = None
    actions: list[Action] | None = Field(default=None, min_length=1)
    view: View | None = None
    response_url: str | None = None
    trigger_id: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Interaction":
        if self.actions is None and self.view is None:
            raise ValueError("neither a button nor a form")
        return self


def blueprint(app: App, signing_secret: str) -> Blueprint:
    """The routes of a Bolt app."""
    slack = Blueprint("slack", __name__, url_prefix="/slack")
    verifier = SignatureVerifier(signing_secret)

    @slack.post("/events")
    def events() -> Response:
        body = _proved(verifier)
        _shaped(Callback, _json(body))
        return _handed(app, body)

    @slack.post("/commands")
    def commands() -> Response:
        body = _proved(verifier)
        form = dict(parse_qsl(body))
        if not form.get("command") or not form.get("response_url", "").startswith("http"):
            raise BadRequest("This is not a command as Slack sends it.")
        return _handed(app, body)

    @slack.post("/interactive")
    def interactive() -> Response:
        body = _proved(verifier)
        payload = dict(parse_qsl(body)).get("payload", "")
        _shaped(Interaction, _json(payload))
        return _handed(app, body)

    if app.oauth_flow is not None:
        handler = SlackRequestHandler(app)
        for path in (INSTALL, REDIRECT):
            slack.add_url_rule(
                path.removeprefix("/slack"), path.split("/")[-1], lambda: handler.handle(request)
            )

    return slack


def _proved(verifier: SignatureVerifier) -> str:
    """The body, when it was signed with our secret in the last five minutes."""
    request.max_content_length = BODY
    data = request.get_data()
    stamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not SECONDS.fullmatch(stamp) or not SIGNATURE.fullmatch(signature):
        raise Unauthorized("This request is not signed as Slack signs.")
    try:
        body = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("The body is not UTF-8.") from error
    if not verifier.is_valid(body, stamp, signature):
        raise Unauthorized("The signature is not Slack's, or is older than five minutes.")
    return body


def _json(text: str) -> dict[str, Any]:
    try:
        found = current_app.json.loads(text)
    except ValueError as error:
        raise BadRequest("The body is not JSON.") from error
    if not isinstance(found, dict):
        raise BadRequest("The body is not a JSON object.")
    return found


def _shaped(kind: type[BaseModel], found: dict[str, Any]) -> None:
    try:
        kind.model_validate(found)
    except ValidationError as error:
        raise BadRequest("This is not what Slack sends.") from error


def _handed(app: App, body: str) -> Response:
    """Bolt's response; it has already told the right listener, which works on in a thread."""
    try:
        delivery = BoltRequest(body=body, headers=dict(request.headers))
    except (AttributeError, IndexError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise BadRequest("This is not what Slack sends.") from error
    return to_flask_response(app.dispatch(delivery))
