"""Settings, a service and a client over one small invented commentary (tests/fixtures/commentary.md).

``settings``, ``service`` and ``app`` last for the whole session: ask them, but do not publish, remove or
close. A test that changes a store takes ``own_settings`` (an empty store) or ``own_service`` (the same
commentary in a store of its own).
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from building import COMMENTARY, ingested, settings_in
from flask import Flask
from flask.testing import FlaskClient
from nodes import Cluster, lacking

from qa_service.app import create_app
from qa_service.domain.answer import Answer
from qa_service.domain.question import Message
from qa_service.settings import Settings
from qa_service.wiring import Service

# Enough to find a slip; no deadline, since a machine may be busy.
hypothesis.settings.register_profile("suite", max_examples=50, deadline=None)
hypothesis.settings.load_profile("suite")


def pytest_itemcollected(item: pytest.Item) -> None:
    """What runs in one process, side by side with others: a file, and all that asks the cluster."""
    clustered = "cluster" in getattr(item, "fixturenames", ()) or item.get_closest_marker("opensearch")
    item.add_marker(pytest.mark.xdist_group("cluster" if clustered else str(item.path)))


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> Iterator[None]:
    """Tests do not depend on the QA_ and SLACK_ names of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("QA_", "SLACK_"))]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def commentary() -> Path:
    return COMMENTARY


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_in(tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="session")
def service(settings: Settings) -> Iterator[Service]:
    service = ingested(settings)
    yield service
    service.store.close()


@pytest.fixture(scope="session")
def ask(service: Service) -> Callable[..., Answer]:
    """The answer to a question: ``ask("Who mediated?", history=(), documents=())``."""

    def answer(text: str, *, history: tuple[str, ...] = (), documents: tuple[str, ...] = ()) -> Answer:
        return service.answering.answer(Message(text=text, history=history, documents=documents))

    return answer


@pytest.fixture(scope="session")
def app(service: Service) -> Flask:
    return create_app(service.settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def own_settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def own_service(own_settings: Settings) -> Iterator[Service]:
    service = ingested(own_settings)
    yield service
    service.store.close()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three OpenSearch nodes. Who ends one starts it again."""
    if why := lacking():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"No OpenSearch: {why}")
    with Cluster(tmp_path_factory.mktemp("opensearch"), quick=True) as cluster:
        yield cluster
