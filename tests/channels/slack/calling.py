"""What Slack sends: events, commands and buttons, signed as Slack signs them."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from channels.running import Response, Server, serving
from channels.slack.fake import BOT, CHANNEL, TEAM, Slack
from qa_service.settings import Settings

SECRET = "a signing secret"  # noqa: S105 - of a Slack that is not
USER = "U000000001"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
numbers = count(1)


@dataclass(frozen=True)
class Caller:
    """Slack calling one server."""

    server: Server

    def send(self, path: str, body: str | bytes, kind: str = JSON, **headers: str) -> Response:
        """A signed request; headers replace those of a good one."""
        stamp = headers.pop("stamp", str(int(time.time())))
        data = body.encode() if isinstance(body, str) else body
        signed = SignatureVerifier(SECRET).generate_signature(
            timestamp=stamp, body=data.decode("utf-8", "replace")
        )
        sent = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": headers.pop("signature", signed) or "",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.server.request("POST", path, data, sent)

    def event(self, event: dict[str, Any], **values: Any) -> Response:
        return self.send("/slack/events", json.dumps(callback(event, **values)))

    def command(self, text: str, response_url: str, **values: str) -> Response:
        return self.send("/slack/commands", urlencode(command(text, response_url, **values)), FORM)

    def press(self, payload: dict[str, Any]) -> Response:
        return self.send("/slack/interactive", urlencode({"payload": json.dumps(payload)}), FORM)


def callback(event: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A delivery of the Events API."""
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A000000009",
        "event_id": f"Ev{next(numbers)}{time.monotonic_ns()}",
        "event_time": int(time.time()),
        "event": event,
        "authorizations": [{"team_id": TEAM, "user_id": "U_BOT", "is_bot": True}],
    } | values


def timestamp() -> str:
    """A message's timestamp, no two alike."""
    return f"{int(time.time())}.{next(numbers):06d}"


def mention(text: str, ts: str | None = None, **values: Any) -> dict[str, Any]:
    said = {
        "type": "app_mention",
        "user": USER,
        "text": f"<@U_BOT> {text}",
        "ts": ts or timestamp(),
        "channel": CHANNEL,
        "team": TEAM,
    }
    return said | values


def direct(text: str, channel: str, ts: str | None = None, **values: Any) -> dict[str, Any]:
    return (
        mention(text, ts)
        | {"type": "message", "text": text, "channel": channel, "channel_type": "im"}
        | values
    )


def command(text: str, response_url: str, **values: str) -> dict[str, str]:
    return {
        "token": "gone",
        "team_id": TEAM,
        "team_domain": "valley",
        "channel_id": CHANNEL,
        "channel_name": "general",
        "user_id": USER,
        "user_name": "admin",
        "command": "/ask",
        "text": text,
        "response_url": response_url,
        "trigger_id": f"{next(numbers)}.{time.monotonic_ns()}",
    } | values


def pressed(
    action: dict[str, Any], response_url: str, *, unseen: bool, ts: str = "", **values: Any
) -> dict[str, Any]:
    """A button that somebody pressed, under a message that all see or only they."""
    container = {"type": "message", "message_ts": ts, "channel_id": CHANNEL, "is_ephemeral": unseen}
    return {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "valley"},
        "user": {"id": USER, "username": "admin", "team_id": TEAM},
        "api_app_id": "A000000009",
        "channel": {"id": CHANNEL, "name": "general"},
        "container": container,
        "trigger_id": f"{next(numbers)}.{time.monotonic_ns()}",
        "response_url": response_url,
        "actions": [action | {"block_id": "b", "action_ts": timestamp()}],
        **({} if unseen else {"message": {"type": "message", "ts": ts, "text": "said"}}),
    } | values


@contextmanager
def calling(slack: Slack, settings: Settings, workers: int) -> Iterator[Caller]:
    """Slack calling so many workers of ours, which answer from the store of these settings."""
    values = {
        "QA_STORE": settings.store,
        "QA_RECORD_ANSWERS": "false",
        "QA_SLACK_API": slack.url,
        "QA_PUBLIC_URL": "https://answers.example.org",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_BOT_TOKEN": BOT,
        "WEB_CONCURRENCY": str(workers),
    }
    with serving(**values) as server:
        yield Caller(server)
