"""The manifest of the Slack app: phrases, addresses and questions in, the JSON that Slack takes out."""

from collections.abc import Sequence
from typing import Any

from qa_service.compose.phrases import Phrases

SCOPES = ("app_mentions:read", "assistant:write", "chat:write", "commands", "im:history")
INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
EVENTS = ("app_home_opened", "app_mention", "message.im")
REVOKED = ("app_uninstalled", "tokens_revoked")
PROMPTS = 4  # that Slack takes


def manifest(phrases: Phrases, questions: Sequence[str], public_url: str | None) -> dict[str, Any]:
    """The manifest: for HTTP when ``public_url`` says where the service is, else for Socket Mode."""
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": phrases.app_name, "description": phrases.app_description},
        "features": _features(phrases, questions, public_url),
        "oauth_config": {
            "scopes": {"bot": list(SCOPES)},
            **({"redirect_urls": [_at(public_url, REDIRECT)]} if public_url else {}),
        },
        "settings": _settings(public_url),
    }


def _features(phrases: Phrases, questions: Sequence[str], public_url: str | None) -> dict[str, Any]:
    command = {
        "command": phrases.command,
        "description": phrases.command_description,
        "usage_hint": phrases.command_hint,
        "should_escape": True,
        **({"url": _at(public_url, "/slack/commands")} if public_url else {}),
    }
    prompts = [{"title": one, "message": one} for one in questions[:PROMPTS]]
    return {
        "app_home": {
            "home_tab_enabled": False,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "agent_view": {"agent_description": phrases.agent_description, "suggested_prompts": prompts},
        "bot_user": {"display_name": phrases.app_name, "always_online": True},
        "slash_commands": [command],
    }


def _settings(public_url: str | None) -> dict[str, Any]:
    events: dict[str, Any] = {"bot_events": sorted((*EVENTS, *REVOKED))}
    interactivity: dict[str, Any] = {"is_enabled": True}
    if public_url:
        events = {"request_url": _at(public_url, "/slack/events")} | events
        interactivity |= {"request_url": _at(public_url, "/slack/interactive")}
    return {
        "event_subscriptions": events,
        "interactivity": interactivity,
        "org_deploy_enabled": False,
        "socket_mode_enabled": public_url is None,
        "token_rotation_enabled": False,
    }


def _at(public_url: str | None, path: str) -> str:
    return f"{(public_url or '').rstrip('/')}{path}"
