"""Machines for these tests: processes with ports of their own on one store, whose address is a parameter."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from building import ingested, settings_in
from channels.running import Server, free_port, serving

from serving.asking import Reader

Start = Callable[..., Server]
Meet = Callable[[int], Reader]


@pytest.fixture
def store_address(tmp_path: Path) -> str:
    """A store with the commentary that every machine reaches."""
    settings = settings_in(tmp_path)
    ingested(settings).close()
    return settings.store


@pytest.fixture
def machine(store_address: str) -> Iterator[Start]:
    """Start a machine on the store, on a free port unless one is named; it is ended after the test."""
    with ExitStack() as stack:

        def start(port: int | None = None, log: Path | None = None, **values: str) -> Server:
            settings = {"QA_STORE": store_address, "QA_TRUSTED_PROXIES": "1", "WEB_CONCURRENCY": "2"}
            used = port or free_port()
            return stack.enter_context(serving("--port", str(used), port=used, log=log, **settings | values))

        yield start


@pytest.fixture
def reader() -> Iterator[Meet]:
    """One who asks at a port."""
    with ExitStack() as stack:

        def meet(port: int) -> Reader:
            made = Reader(port)
            stack.callback(made.close)
            return made

        yield meet
