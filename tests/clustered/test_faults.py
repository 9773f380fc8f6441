"""Whatever goes wrong on the way to a cluster, an answer is right or an outage is told, and soon."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from faulty import FAULTS, PASSING, Fault, FaultyServer, silent, way_to
from flask.testing import FlaskClient
from nodes import Cluster
from stores import stored

from qa_service.app import create_app
from qa_service.store.opensearch.engine import ANSWER_SECONDS

pytestmark = pytest.mark.opensearch
QUESTIONS = [
    json.loads(line)["question"]
    for line in (Path(__file__).parents[1] / "questions.jsonl").read_text("utf-8").splitlines()
][:20]
SLOW = 3.0  # seconds more than it should take, on a machine that has more to do


@pytest.fixture(scope="module")
def expected(file_client: FlaskClient) -> dict[str, bytes]:
    return {text: file_client.post("/api/v1/ask", json={"question": text}).data for text in QUESTIONS}


@contextmanager
def asked_through(
    cluster: Cluster, shared: str, ways: int
) -> Iterator[tuple[FlaskClient, list[FaultyServer]]]:
    """A service whose ways to so many nodes may go wrong."""
    *_, prefix = shared.rpartition("/")
    with way_to(cluster.nodes[0]) as one, way_to(cluster.nodes[1]) as other:
        used = [one, other][:ways]
        hosts = ",".join(way.address for way in used)
        store = f"opensearch://{hosts}/{prefix}"
        settings = stored(store, QA_CANDIDATES="opensearch", QA_REMEMBERED_ANSWERS="0")
        yield create_app(settings).test_client(), used


def put(client: FlaskClient, text: str) -> tuple[int, bytes, float]:
    begun = time.monotonic()
    found = client.post("/api/v1/ask", json={"question": text})
    return found.status_code, found.data, time.monotonic() - begun


@pytest.mark.parametrize("rounds", [25, pytest.param(100, marks=pytest.mark.long)])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_an_answer_is_right_or_an_outage_is_told(
    cluster: Cluster, shared: str, expected: dict[str, bytes], fault: Fault, rounds: int
) -> None:
    with asked_through(cluster, shared, ways=2) as (client, ways):
        for way in ways:
            way.fault = fault
        told = [(text, *put(client, text)) for text in (QUESTIONS * rounds)[:rounds]]
        assert sum(way.met for way in ways) > 0
        for way in ways:
            way.fault = None
        deadline = time.monotonic() + 30
        while put(client, QUESTIONS[0])[:2] != (200, expected[QUESTIONS[0]]):
            assert time.monotonic() < deadline  # it heals by itself
    wrong = [one[:3] for one in told if one[1] != 503 and (one[1], one[2]) != (200, expected[one[0]])]
    assert wrong == []
    if fault in PASSING:
        assert {status for _, status, *_ in told} == {200}
    assert max(seconds for *_, seconds in told) < ANSWER_SECONDS + SLOW


def test_while_one_node_is_silent_the_other_answers(
    cluster: Cluster, shared: str, expected: dict[str, bytes]
) -> None:
    with asked_through(cluster, shared, ways=2) as (client, ways):
        ways[0].fault, ways[0].every = silent, 1
        told = [(text, *put(client, text)) for text in QUESTIONS]
        assert 0 < ways[0].met < len(QUESTIONS)  # it is left alone for a while
    assert [one[:3] for one in told if one[1:3] != (200, expected[one[0]])] == []
    assert max(seconds for *_, seconds in told) < ANSWER_SECONDS + SLOW


def test_while_nobody_answers_few_wait(cluster: Cluster, shared: str) -> None:
    with asked_through(cluster, shared, ways=1) as (client, (way,)):
        way.fault, way.every = silent, 1
        begun = time.monotonic()
        told = [put(client, text) for text in QUESTIONS]
        assert {status for status, *_ in told} == {503}
        assert time.monotonic() - begun < len(QUESTIONS) * ANSWER_SECONDS / 2
        assert way.met < len(QUESTIONS)
