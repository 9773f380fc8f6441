"""The body of a webhook becomes what somebody said: form or JSON, each chat with its own extras."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

MENTIONED = re.compile(r"^\s*@(?:\*\*[^*]+\*\*|[\w.-]+)[:,]?")  # "@**Answers** …" (Zulip), "@answers …"
BEARER = re.compile(r"(?:Token|Bearer) (\S+)", re.ASCII)
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message. ``thread`` is there where the chat names one; ``alone`` answers go to ``user`` only."""

    token: str
    text: str
    team: str
    channel: str
    user: str
    thread: str
    alone: bool
    machine: bool  # said by a bot: answering it might never end


def said() -> Said:
    """What the current request says. Raises BadRequest."""
    body = _body()
    field = {name: _text(body, name) for name in ("token", "text", "trigger_word", "command")}
    header = BEARER.fullmatch(request.headers.get("Authorization", ""))
    place = {name: _text(body, f"{name}_id") for name in ("team", "channel", "user")}
    return Said(
        token=field["token"] or (header[1] if header else ""),
        text=_question(field["text"], field["trigger_word"]),
        thread=_thread(body),
        alone=bool(field["command"]),
        machine=bool(body.get("bot")) or place["user"] == SLACKBOT or bool(body.get("bot_id")),
        **place,
    )


def _body() -> Mapping[str, Any]:
    """The fields of a form, or of a JSON object whatever it calls itself."""
    if request.mimetype == "application/x-www-form-urlencoded":
        return request.form
    found = request.get_json(force=True)
    if not isinstance(found, dict):
        raise BadRequest("Send a form or one JSON object.")
    return found


def _text(body: Mapping[str, Any], name: str) -> str:
    """A field; numbers stand for themselves, as Zulip sends some ids."""
    value = body.get(name, "")
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadRequest(f"{name} is not a text.")
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _question(text: str, trigger: str) -> str:
    """The text without what called the bot."""
    if trigger and text.lower().startswith(trigger.lower()):
        return text[len(trigger) :].lstrip(" :,").strip()
    return MENTIONED.sub("", text).strip() if trigger in {"mention", ""} else text.strip()


def _thread(body: Mapping[str, Any]) -> str:
    """The thread: ``tmid`` in Rocket.Chat, ``thread_ts`` in Slack; Zulip's is the message's own time."""
    thread = _text(body, "tmid") or _text(body, "thread_ts")
    return "" if thread == _text(body, "timestamp") else thread
