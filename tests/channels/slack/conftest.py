"""A fake Slack, and servers of ours that it calls."""

from collections.abc import Iterator
from typing import Any

import pytest

from channels.slack.calling import Caller, calling, mention
from channels.slack.fake import Call, Slack, faking
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
    with calling(slack, settings, workers=2) as caller:
        yield caller


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
