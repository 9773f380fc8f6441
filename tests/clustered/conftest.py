"""Two services of equal contents: one whose store is a file, one whose store is three OpenSearch nodes."""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import closing

import pytest
from building import settings_in
from flask.testing import FlaskClient
from nodes import Cluster
from stores import CORPUS, Command, environment, started, stored

from qa_service.app import create_app
from qa_service.domain.address import Address
from qa_service.settings import Settings
from qa_service.store.opensearch.engine import Engine
from qa_service.wiring import Service


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[str]:
    """A store of a test's own, as QA_STORE names it."""
    yield from _named(cluster)


@pytest.fixture(scope="module")
def shared(cluster: Cluster) -> Iterator[str]:
    """A store that holds the corpus; not to be changed."""
    for store in _named(cluster):
        with closing(Service(stored(store))) as service:
            assert not service.indexing.ingest(CORPUS).rejected
        yield store


def _named(cluster: Cluster) -> Iterator[str]:
    store = f"opensearch://{cluster.addresses}/t{secrets.token_hex(6)}"
    yield store
    with closing(Engine(Address.of(store))) as engine:
        engine.ask("DELETE", f"/{engine.address.prefix}-*")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a file that holds the same."""
    settings = settings_in(tmp_path_factory.mktemp("alone"))
    with closing(Service(settings)) as service:
        assert not service.indexing.ingest(CORPUS).rejected
    return settings


@pytest.fixture(scope="module")
def file_client(alone: Settings) -> FlaskClient:
    return create_app(alone).test_client()


@pytest.fixture(scope="module", params=["memory", "opensearch"])
def cluster_client(request: pytest.FixtureRequest, shared: str) -> FlaskClient:
    return create_app(stored(shared, QA_CANDIDATES=request.param)).test_client()


@pytest.fixture
def command() -> Command:
    """Run qa-service with a QA_STORE: ``command(store, "ask", "Who?")``."""

    def run(store: str, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            started(*words), env=environment(store), capture_output=True, text=True, check=False, timeout=300
        )

    return run
