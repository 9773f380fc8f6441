"""The official client over the shared server."""

from collections.abc import Iterator

import pytest
from openai import OpenAI

from channels.openai.asking import client_of
from channels.running import Server


@pytest.fixture(scope="session")
def openai(server: Server) -> Iterator[OpenAI]:
    with client_of(server) as client:
        yield client
