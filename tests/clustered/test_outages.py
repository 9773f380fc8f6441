"""A node that is killed costs no reader an answer; a publisher that is killed leaves the version before."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from building import COMMENTARY, at_once
from flask.testing import FlaskClient
from nodes import Cluster
from stores import Command, environment, started, stored

from qa_service.app import create_app
from qa_service.domain.address import Address
from qa_service.domain.document import Ingested
from qa_service.domain.errors import StoreError
from qa_service.domain.question import Message
from qa_service.settings import CHECKOUT
from qa_service.store.opensearch import lease
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.store import OpenSearchStore
from qa_service.wiring import Service

pytestmark = pytest.mark.opensearch
QUESTIONS = [
    json.loads(line)["question"]
    for line in (Path(__file__).parents[1] / "questions.jsonl").read_text("utf-8").splitlines()
][:12]
READERS = 3
SECONDS = float(os.environ.get("QA_LONG_SECONDS", "6"))  # of asking while a node is gone, and when it is back
PATIENCE = 120.0


def test_a_node_is_killed_under_load(cluster: Cluster, file_client: FlaskClient, shared: str) -> None:
    expected = {text: file_client.post("/api/v1/ask", json={"question": text}).data for text in QUESTIONS}
    settings = stored(shared, QA_CANDIDATES="opensearch", QA_REMEMBERED_ANSWERS="0")
    clients = [create_app(settings).test_client() for _ in range(READERS)]
    ended, asked, wrong = threading.Event(), [0] * READERS, []

    def ask(number: int) -> None:
        while not ended.is_set():
            text = QUESTIONS[asked[number] % len(QUESTIONS)]
            found = clients[number].post("/api/v1/ask", json={"question": text})
            if (found.status_code, found.data) != (200, expected[text]):
                wrong.append((text, found.status_code, found.text[:200]))
            asked[number] += 1

    def more(count: int) -> None:
        """Wait until every reader has asked so many more questions."""
        before, deadline = list(asked), time.monotonic() + PATIENCE
        while any(now < then + count for now, then in zip(asked, before, strict=True)):
            assert time.monotonic() < deadline, (before, asked, wrong)
            time.sleep(0.05)

    with at_once([lambda number=number: ask(number) for number in range(READERS)]):
        try:
            for killed in cluster.nodes[:2]:
                more(5)
                cluster.kill(killed)
                time.sleep(SECONDS)
                more(5)
                cluster.start(killed)
                cluster.wait("green", nodes=3)
            more(5)
        finally:
            ended.set()
    assert wrong == []
    assert sum(asked) >= 25 * READERS


@pytest.fixture
def store(empty: str) -> Iterator[Service]:
    with closing(Service(stored(empty))) as service:
        service.indexing.ingest([COMMENTARY])
        yield service


def many(folder: Path) -> Path:
    """A file of documents, more than one publish writes at once."""
    text = " ".join(f"The dam number {number} holds the water of the upper valley." for number in range(120))
    file = folder / "many.jsonl"
    rows = [{"id": f"many-{number}", "title": f"Dam {number}", "text": text} for number in range(200)]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return file


def written(store: Service) -> int:
    """How many documents there are of any version."""
    engine = Engine(Address.of(store.settings.store))
    with closing(engine):
        engine.refresh("documents")
        return engine.count("documents", {"match_all": {}})


def test_a_publisher_is_killed(
    store: Service, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, there = store.store.version(), written(store)
    answer = store.answering.answer(Message(text=QUESTIONS[0]))
    publisher = subprocess.Popen(started("ingest", str(many(tmp_path))), env=environment(empty))
    deadline = time.monotonic() + PATIENCE
    while written(store) == there:  # until it is in the middle of it
        assert publisher.poll() is None
        assert time.monotonic() < deadline
    publisher.send_signal(signal.SIGKILL)
    publisher.wait()

    assert store.store.version() == before
    assert store.answering.desk.answer(Message(text=QUESTIONS[0])) == answer
    monkeypatch.setattr(lease, "LEASE_SECONDS", 8.0)
    report = store.indexing.ingest([CHECKOUT / "index" / "corpus"])
    assert report.version == store.store.version() != before
    assert not any(name.startswith("many-") for name in store.store.snapshot().ids())
    assert written(store) == there + len(report.added)
    assert store.answering.answer(Message(text=QUESTIONS[0])).text == answer.text


def test_a_publisher_that_was_asleep_publishes_no_more(
    store: Service, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has lost its turn; what it writes late is of a position that nobody sees."""
    monkeypatch.setattr(lease, "LEASE_SECONDS", 1.0)
    monkeypatch.setattr(lease, "RENEWED_EVERY", PATIENCE)  # it gives no sign of life
    sleeper = OpenSearchStore(Engine(Address.of(empty)), "rules")
    (document,) = (store.store.snapshot().document(one) for one in store.store.snapshot().ids())
    original = store.store.original(document.id)
    awake, told = threading.Event(), []

    def late() -> Iterator[object]:
        yield store.indexing.deriving.one(Ingested(document=document, original=original))
        yield from ()
        told.append("writes")
        awake.wait(PATIENCE)

    def sleep() -> None:
        with pytest.raises(StoreError, match="again"):
            sleeper.publish(late())

    with at_once([sleep]):
        deadline = time.monotonic() + PATIENCE
        while not told and time.monotonic() < deadline:
            time.sleep(0.05)
        report = store.indexing.ingest([CHECKOUT / "index" / "corpus"])
        awake.set()
    sleeper.close()
    assert store.store.version() == report.version
    assert store.store.snapshot().size.documents == 1 + len(report.added)
    again = store.indexing.receive([("more.md", b"# More\n\nThe weir is shut.")])
    assert store.store.snapshot().size.documents == 2 + len(report.added)
    assert again.version == store.store.version()


def test_two_publishers_at_once(empty: str, tmp_path: Path, command: Command) -> None:
    files = [tmp_path / f"{number}.md" for number in range(4)]
    for number, file in enumerate(files):
        file.write_text(f"# Weir {number}\n\nWeir number {number} is shut in winter.", encoding="utf-8")
    publishers = [subprocess.Popen(started("ingest", str(file)), env=environment(empty)) for file in files]
    assert [publisher.wait(PATIENCE) for publisher in publishers] == [0] * len(files)
    listed = command(empty, "documents", "list").stdout
    assert len(listed.splitlines()) == len(files), listed
    engine = Engine(Address.of(empty))
    with closing(engine):
        state = engine.get("state", "current")["_source"]
    assert [position for position, _, _ in state["recent"]] == [1, 2, 3, 4]
    assert state["undone"] == []
