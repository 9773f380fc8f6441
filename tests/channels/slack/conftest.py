"""A fake Slack, and servers of ours that it calls."""

from collections.abc import Iterator
from typing import Any

import pytest

from channels.running import serving
from channels.slack.calling import SECRET, Caller, mention
from channels.slack.fake import BOT, Call, Slack, faking
from channels.slack.seeing import POST
from qa_service.settings import Settings
from qa_service.wiring import Service


@pytest.fixture(scope="session")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slack]:
    with faking(tmp_path_factory.mktemp("slack")) as fake:
        yield fake


@pytest.fixture(scope="session")
def caller(slack: Slack, service: Service, settings: Settings) -> Iterator[Caller]:
    """Slack calling two workers of ours."""
    values = {
        "QA_STORE": settings.store,
        "QA_RECORD_ANSWERS": "false",
        "QA_SLACK_API": slack.url,
        "QA_PUBLIC_URL": "https://answers.example.org",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_BOT_TOKEN": BOT,
        "WEB_CONCURRENCY": "2",
    }
    with serving(**values) as server:
        yield Caller(server)


@pytest.fixture(autouse=True)
def forgotten(request: pytest.FixtureRequest) -> None:
    """Each test begins without calls."""
    if {"slack", "caller"} & set(request.fixturenames):
        fake = request.getfixturevalue("slack")
        fake.calls.clear()
        fake.limits.clear()
        fake.refusals.clear()


@pytest.fixture
def ask_in_slack(caller: Caller, slack: Slack) -> Any:
    def asked(text: str, **values: Any) -> list[Call]:
        before = len(slack.posted())
        assert caller.event(mention(text, **values)).status == 200
        slack.wait(POST, before + 1)
        return slack.posted()[before:]

    return asked
