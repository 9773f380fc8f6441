"""The manifest says what the app does and needs, within Slack's limits for one."""

import json
import re
from typing import Any

import pytest

from channels.running import invoke
from qa_service.settings import Settings
from qa_service.wiring import Service

URL = "https://answers.example.org"


def manifest(settings: Settings, *options: str, **values: str) -> dict[str, Any]:
    done = invoke("slack", "manifest", *options, QA_STORE=settings.store, **values)
    assert done.returncode == 0, done.stderr
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def test_it_is_of_an_agent_with_questions_that_are_answered(service: Service, settings: Settings) -> None:
    features = manifest(settings, "--url", URL)["features"]
    assert features["app_home"]["messages_tab_enabled"]
    assert not features["app_home"]["messages_tab_read_only_enabled"]
    prompts = features["agent_view"]["suggested_prompts"]
    assert [one["message"] for one in prompts] == list(service.answering.desk.suggestions)
    assert len(prompts) <= 4
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert "assistant_view" not in features


def test_it_asks_for_what_is_used_and_no_more(settings: Settings) -> None:
    made = manifest(settings, "--url", URL)
    assert made["oauth_config"]["scopes"] == {
        "bot": ["app_mentions:read", "assistant:write", "chat:write", "commands", "im:history"]
    }
    assert made["settings"]["event_subscriptions"]["bot_events"] == [
        *("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")
    ]


@pytest.mark.parametrize("values", [{"QA_PUBLIC_URL": f"{URL}/"}, {}])
def test_it_names_the_routes(settings: Settings, values: dict[str, str]) -> None:
    made = manifest(settings, *(() if values else ("--url", URL)), **values)
    named = set(re.findall(rf"{URL}(/slack/\w+)", json.dumps(made)))
    assert named == {"/slack/events", "/slack/commands", "/slack/interactive", "/slack/oauth_redirect"}
    assert "//slack" not in json.dumps(made).replace("https://", "")
    assert not made["settings"]["socket_mode_enabled"]


def test_for_a_socket_it_names_none(settings: Settings) -> None:
    made = manifest(settings, "--socket")
    assert made["settings"]["socket_mode_enabled"]
    assert "http" not in json.dumps(made)


def test_its_texts_are_not_too_long(settings: Settings) -> None:
    made = manifest(settings, "--url", URL)
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert len(made["features"]["bot_user"]["display_name"]) <= 80
    [command] = made["features"]["slash_commands"]
    assert re.fullmatch(r"/[a-z]{1,31}", command["command"])
    assert len(command["description"]) <= 2000


@pytest.mark.parametrize("options", [(), ("--url", "http://answers.example.org")])
def test_an_address_that_slack_cannot_call_is_refused(settings: Settings, options: tuple[str, ...]) -> None:
    done = invoke("slack", "manifest", *options, QA_STORE=settings.store)
    assert done.returncode == 1
    assert "QA_PUBLIC_URL" in done.stderr
