"""While versions are published and builders killed, answers are whole, of one version and never too old."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from channels.running import Server, serving
from qa_service.settings import load
from qa_service.wiring import Service

PUBLISHES, ANSWERS, CLIENTS = 40, 10_000, 6
QUESTIONS = ("Who mediated?", "What is the SFA?", "How do Norway and Sweden differ?")
MORE = "# More\n\nThe gauges were mediated by Maria Holt of Iceland. The SFA is the Second Flow Accord.\n"
BUILDER = """
import sys, time
from qa_service.settings import load
from qa_service.wiring import Service
service = Service(load({"QA_STORE": sys.argv[1]}))
ids = list(service.store.snapshot().ids())
def nothing():
    print("building", flush=True)
    time.sleep(60)
    yield
service.store.publish(nothing(), removed=ids)
"""


@dataclass
class Told:
    """What the clients may be told now; a publish that goes on is None."""

    settled: tuple[int, int] | None = (0, 0)  # the number of the publish, which of the two contents
    bodies: dict[bytes, list[bytes]] = field(default_factory=dict)
    answers: int = 0
    stale: int = 0
    mixed: int = 0
    failed: int = 0

    def ask(self, port: int, done: threading.Event) -> None:
        """One client that keeps its connection."""
        pick = random.Random(threading.get_ident())  # noqa: S311 - any question
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while not done.is_set():
            question = pick.choice(list(self.bodies))
            before = self.settled
            try:
                connection.request("POST", "/api/v1/ask", question, {"Content-Type": "application/json"})
                response = connection.getresponse()
                body = response.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                self.failed += 1
                continue
            self.answers += 1
            self.failed += response.status != 200
            self.mixed += body not in self.bodies[question]
            if before is not None and before == self.settled:
                self.stale += body != self.bodies[question][before[1]]
        connection.close()


def killed_builder(url: str) -> None:
    """A process that holds the store in the midst of a publish, and is killed."""
    with subprocess.Popen([sys.executable, "-c", BUILDER, url], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)


def asked(server: Server) -> list[bytes]:
    return [server.post("/api/v1/ask", json.dumps({"question": one}).encode()).body for one in QUESTIONS]


@pytest.mark.parametrize("candidates", ["memory", "tantivy"])
def test_no_answer_is_mixed_short_or_old(store_url: str, tmp_path: Path, candidates: str) -> None:
    more = tmp_path / "more.md"
    more.write_text(MORE, encoding="utf-8")
    values = {"QA_STORE": store_url, "QA_CANDIDATES": candidates, "QA_RECORD_ANSWERS": "false"}
    publishes, wanted = (PUBLISHES, ANSWERS) if candidates == "memory" else (PUBLISHES // 4, ANSWERS // 10)
    with (
        serving(**values, QA_LIMIT_LOOPBACK="false") as server,
        closing(Service(load(values))) as publisher,
    ):
        first = asked(server)
        added = publisher.indexing.ingest([more]).added
        second = asked(server)
        publisher.indexing.remove(added[0])
        assert asked(server) == first
        told = Told()
        for question, *bodies in zip(QUESTIONS, first, second, strict=True):
            told.bodies[json.dumps({"question": question}).encode()] = bodies
        done = threading.Event()
        threads = [threading.Thread(target=told.ask, args=(server.port, done)) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 240
        number = 0
        try:
            while (number < publishes or told.answers < wanted) and time.monotonic() < deadline:
                number += 1
                told.settled = None
                if number % 2:
                    publisher.indexing.ingest([more])
                else:
                    publisher.indexing.remove(added[0])
                told.settled = (number, number % 2)
                if number % 8 == 0:
                    killed_builder(store_url)
                time.sleep(0.05)
        finally:
            done.set()
            for thread in threads:
                thread.join()
    assert number >= publishes
    assert told.answers >= wanted
    assert (told.failed, told.mixed, told.stale) == (0, 0, 0), told.answers
