"""The drill: backed up under load, destroyed, restored while the service runs; the same answers after it."""

import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from channels.conftest import QUESTIONS
from channels.running import COMMAND, Server, environment, eventually, invoke, run, serving
from qa_service.domain.principal import Scope
from qa_service.settings import load
from qa_service.wiring import Service

PROBES = (
    *QUESTIONS.values(),
    *("When was the SFA signed?", "Where were the talks held?", "What does Sweden want?", "Who left?"),
    *(
        "What is the flow gauge?",
        "Why do they differ?",
        "How many rounds were there?",
        "What happened in 2013?",
    ),
    *("What does Sweden say?", "Who is the mediator?", "What is a dam?"),
)


def answers(server: Server) -> list[bytes]:
    """What is answered to twenty questions."""
    bodies = [server.post("/api/v1/ask", json.dumps({"question": one}).encode()) for one in PROBES]
    assert {one.status for one in bodies} == {200}
    return [one.body for one in bodies]


def conversation(server: Server, said: str) -> str:
    begun = json.loads(server.post("/api/v1/conversations", b"{}").body)["id"]
    server.post("/api/v1/ask", json.dumps({"question": said, "conversation_id": begun}).encode())
    return str(begun)


def told(server: Server, conversation_id: str) -> tuple[int, bytes]:
    found = server.request("GET", f"/api/v1/conversations/{conversation_id}")
    return found.status, found.body


def destroyed(store: Path) -> None:
    for name in (store.name, f"{store.name}-wal", f"{store.name}-shm"):
        store.with_name(name).unlink(missing_ok=True)
    shutil.rmtree(store.with_name(f"{store.name}.candidates"), ignore_errors=True)


def overwritten(store: Path) -> None:
    store.write_bytes(b"garbage " * 4096)


@contextmanager
def asked(server: Server) -> Iterator[list[int]]:
    """Questions and conversations from four threads; the statuses of what was asked."""
    done, statuses = threading.Event(), list[int]()

    def ask() -> None:
        chance = random.Random(threading.get_ident())  # noqa: S311 - any question
        while not done.is_set():
            body = json.dumps({"question": chance.choice(PROBES)}).encode()
            statuses.append(server.post("/api/v1/ask", body).status)
            conversation(server, chance.choice(PROBES))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        done.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize(("destroy", "candidates"), [(destroyed, "tantivy"), (overwritten, "memory")])
def test_backed_up_under_load_destroyed_and_restored_it_answers_the_same(
    store_url: str, tmp_path: Path, destroy: Callable[[Path], None], candidates: str
) -> None:
    store, file = Path(store_url.removeprefix("sqlite:///")), tmp_path / "nightly.backup"
    values = {"QA_STORE": store_url, "QA_CANDIDATES": candidates}
    with serving(**values) as server:
        before, held = answers(server), conversation(server, "Who mediated?")
        kept = told(server, held)
        with asked(server) as statuses:
            assert eventually(lambda: len(statuses) > 40)
            assert run("backup", file, **values).returncode == 0
        assert set(statuses) == {200}
        later = conversation(server, "Who left?")

        destroy(store)
        done = run("restore", file, **values)

        assert done.returncode == 0, done.stderr
        assert answers(server) == before
        assert told(server, held) == kept
        assert told(server, later)[0] == 404
        assert told(server, conversation(server, "Who left?"))[0] == 200
        assert server.end() == 0
    with serving(**values) as again:
        assert answers(again) == before
        assert told(again, held) == kept


def test_a_running_service_goes_over_without_a_wrong_answer(store_url: str, tmp_path: Path) -> None:
    """The store is restored over and over under questions: each answer is that of the one or the other."""
    file, more = tmp_path / "nightly.backup", tmp_path / "more.md"
    more.write_text("# More\n\nThe gauges were mediated by Maria Holt of Iceland.\n", encoding="utf-8")
    question = json.dumps({"question": "Who mediated?"}).encode()
    with serving(QA_STORE=store_url) as server:
        assert invoke("backup", file, QA_STORE=store_url).returncode == 0
        one = server.post("/api/v1/ask", question).body
        assert invoke("ingest", more, QA_STORE=store_url).returncode == 0
        other = server.post("/api/v1/ask", question).body
        assert one != other
        with asked(server) as statuses:
            for _ in range(3):
                assert invoke("restore", file, QA_STORE=store_url).returncode == 0
                assert server.post("/api/v1/ask", question).body == one
                assert invoke("ingest", more, QA_STORE=store_url).returncode == 0
                assert server.post("/api/v1/ask", question).body == other
        assert set(statuses) == {200}


def test_a_restore_that_is_killed_leaves_the_store_before_or_the_one_restored(
    store_url: str, tmp_path: Path
) -> None:
    store, file = Path(store_url.removeprefix("sqlite:///")), tmp_path / "nightly.backup"
    more = tmp_path / "more.md"
    more.write_text("# More\n\nThe gauges were mediated by Maria Holt of Iceland.\n", encoding="utf-8")
    assert invoke("backup", file, QA_STORE=store_url).returncode == 0
    listed = invoke("documents", "list", QA_STORE=store_url).stdout
    assert invoke("ingest", more, QA_STORE=store_url).returncode == 0
    both = invoke("documents", "list", QA_STORE=store_url).stdout
    assert len(both) > len(listed)
    begun = time.monotonic()
    assert run("restore", file, QA_STORE=store_url).returncode == 0
    takes = time.monotonic() - begun
    chance = random.Random(3)  # noqa: S311 - any moment
    for _ in range(3):
        assert invoke("ingest", more, QA_STORE=store_url).returncode == 0
        process = subprocess.Popen(
            [COMMAND, "restore", file],
            env=environment({"QA_STORE": store_url}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(takes * (0.5 + 0.6 * chance.random()))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert invoke("documents", "list", QA_STORE=store_url).stdout in {listed, both}
    assert run("restore", file, QA_STORE=store_url).returncode == 0
    assert invoke("documents", "list", QA_STORE=store_url).stdout == listed
    assert not store.with_name(f"{store.name}.restoring").exists()


def test_a_key_that_was_revoked_since_is_not_brought_back(store_url: str, tmp_path: Path) -> None:
    file = tmp_path / "nightly.backup"
    with closing(Service(load({"QA_STORE": store_url}))) as service:
        service.prepare()
        made, text = service.keys.create("desk", frozenset({Scope.ADMIN}))
        assert invoke("backup", file, QA_STORE=store_url).returncode == 0
        service.keys.revoke(made.id)
    assert invoke("restore", file, QA_STORE=store_url).returncode == 0
    with closing(Service(load({"QA_STORE": store_url}))) as service:
        assert service.keys.principal(text) is None
