"""The store of a test, in SQLite and in OpenSearch."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from machines import Machine, OpenSearchMachine, Processes, SqliteMachine
from nodes import Cluster

from qa_service.domain.address import Address
from qa_service.store.notebook import Notebook
from qa_service.store.opensearch.engine import Engine
from qa_service.store.sqlite import SqliteStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty store in a file, of a name that has to be quoted in an address."""
    path = tmp_path / "a store?.db"
    SqliteStore(path, "rules").close()
    return path


@pytest.fixture
def book(path: Path) -> Iterator[Notebook]:
    with closing(Notebook(path)) as book:
        yield book


@pytest.fixture
def address(cluster: Cluster) -> Iterator[Address]:
    """Indices of a test's own."""
    address = Address.of(f"opensearch://{cluster.addresses}/t{secrets.token_hex(6)}")
    yield address
    with closing(Engine(address)) as engine:
        engine.ask("DELETE", f"/{address.prefix}-*")


@pytest.fixture(params=["sqlite", pytest.param("opensearch", marks=pytest.mark.opensearch)])
def machine(request: pytest.FixtureRequest, tmp_path: Path, path: Path) -> Iterator[Processes]:
    """Each call is another process on the same store."""
    with ExitStack() as opened:
        if request.param == "opensearch":
            address = request.getfixturevalue("address")

        def another() -> Machine:
            made: Machine
            if request.param == "sqlite":
                made = SqliteMachine(path)
            else:
                made = OpenSearchMachine(address, tmp_path / "secret")
            opened.callback(made.close)
            return made

        yield another
