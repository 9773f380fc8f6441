"""What Slack delivers becomes what somebody said: where, who, and the words without Slack's markup."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

MARKED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
ANSWERED_SUBTYPES = {None, "file_share", "thread_broadcast"}  # others are edits, joins and the like


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message. ``thread`` is the timestamp of its first message: answers and follow-ups go under it."""

    team: str
    channel: str
    thread: str
    user: str
    text: str
    keys: tuple[str, ...]  # any of them known: the message was delivered before


def words(text: str) -> str:
    """A message's text as it was typed: mentions of users are gone, links and channels are their labels."""
    typed = CONTROL.sub(" ", unescape(MARKED.sub(_label, text)))
    return typed.encode("utf-8", "replace").decode("utf-8").strip()


def _label(match: re.Match[str]) -> str:
    target, shown = match[1], match[2]
    if target.startswith("@"):
        return ""
    if target.startswith("#"):
        return f"#{shown}" if shown else ""
    if target.startswith("!"):
        return shown or ""
    return shown or target


def message(body: Mapping[str, Any]) -> Said | None:
    """The message of an event; None when it is of a bot, of nobody, or no new message."""
    event = body["event"]
    user, channel, ts = (event.get(name) for name in ("user", "channel", "ts"))
    if event.get("bot_id") or user in _ourselves(body) or event.get("subtype") not in ANSWERED_SUBTYPES:
        return None
    if not (isinstance(user, str) and isinstance(channel, str) and isinstance(ts, str)):
        return None
    team = team_of(body)
    delivery = body.get("event_id")
    return Said(
        team=team,
        channel=channel,
        thread=event.get("thread_ts") or ts,
        user=user,
        text=words(event.get("text") or ""),
        keys=(f"slack:{team}:{channel}:{ts}", *([f"slack:{delivery}"] if delivery else ())),
    )


def _ourselves(body: Mapping[str, Any]) -> list[str]:
    """The app's own users, for whom an event was delivered."""
    return [one.get("user_id") for one in body.get("authorizations") or () if one.get("is_bot")]


def team_of(body: Mapping[str, Any]) -> str:
    """The workspace that a delivery comes from; "" when it names none."""
    team = body.get("team_id") or body.get("team") or body.get("enterprise") or ""
    return str(team.get("id", "")) if isinstance(team, dict) else str(team)
