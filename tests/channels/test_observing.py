"""What an operator sees of a real server: one line of JSON an event, counts of all workers together."""

import json
import os
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from building import ingested, settings_in
from prometheus_client.parser import text_string_to_metric_families

from channels.running import Server, eventually, serving
from qa_service.channels.gathering import gather
from qa_service.domain.principal import Scope
from qa_service.settings import Settings
from qa_service.wiring import Service

CANARY = "zq7canary"
ASKED = 40
COUNTS = "qa-counts-"


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    ingested(settings).close()
    return settings


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def server(own: Settings, log: Path) -> Iterator[Server]:
    with serving(
        log=log, QA_STORE=own.store, QA_LIMIT_LOOPBACK="true", QA_ANONYMOUS_PER_MINUTE="1000"
    ) as one:
        yield one


def ask(server: Server, question: str, **headers: str) -> Any:
    sent = {"Content-Type": "application/json"} | {n.replace("_", "-"): v for n, v in headers.items()}
    return server.request("POST", "/api/v1/ask", json.dumps({"question": question}).encode(), sent)


def lines(log: Path) -> list[dict[str, Any]]:
    """The log; every line of it is one object."""
    found = [
        json.loads(line) for line in log.read_text("utf-8").splitlines(keepends=True) if line[-1] == "\n"
    ]
    assert all({"time", "level", "logger", "event"} <= set(one) for one in found)
    return found


def counted(server: Server) -> dict[tuple[str, ...], float]:
    """What /metrics tells: name and labels' values to value."""
    response = server.request("GET", "/metrics")
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(response.body.decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_all_workers_are_counted_by_any_of_them(server: Server) -> None:
    assert eventually(lambda: len(server.workers()) == 2)
    for stopped in server.workers():  # each worker answers some
        os.kill(stopped, signal.SIGSTOP)
        try:
            assert {ask(server, "Who mediated?").status for _ in range(ASKED // 2)} == {200}
        finally:
            os.kill(stopped, signal.SIGCONT)
    ask(server, "What is the capital of Peru?")
    ask(server, " ")
    server.request("GET", f"/{CANARY}")

    assert eventually(lambda: ("qa_requests_total", "none", "none", "404") in counted(server))
    for _ in range(6):
        found = counted(server)
        assert found["qa_requests_total", "POST", "/api/v1/ask", "200"] == ASKED + 1
        assert found["qa_requests_total", "POST", "/api/v1/ask", "422"] == 1
        assert found["qa_requests_total", "none", "none", "404"] == 1
        assert found["qa_request_seconds_count", "/api/v1/ask"] == ASKED + 2
        assert found["qa_answers_total", "api", "fact", ""] == ASKED
        refused = [
            value for name, value in found.items() if name[:3] == ("qa_answers_total", "api", "refusal")
        ]
        assert sum(refused) == 1
        assert (found["qa_store_up",], found["qa_documents",]) == (1, 1)
    assert eventually(lambda: counted(server)["qa_requests_in_progress",] == 1)  # the one that counts
    assert CANARY not in server.request("GET", "/metrics").body.decode()


def test_a_worker_that_died_stays_counted_and_works_no_more(server: Server) -> None:
    for _ in range(10):
        ask(server, "Who mediated?")
    name = ("qa_requests_total", "POST", "/api/v1/ask", "200")
    assert eventually(lambda: counted(server).get(name) == 10)  # it is counted after its last byte
    before = server.workers()
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: len(server.workers() - before) == 2)
    server.wait()

    assert counted(server)[name] == 10
    assert eventually(lambda: counted(server)["qa_requests_in_progress",] == 1)  # the one that counts


def test_a_worker_that_begins_or_ends_meanwhile_is_no_fault(own: Settings, tmp_path: Path) -> None:
    with serving(QA_STORE=own.store, TMPDIR=str(tmp_path), WEB_CONCURRENCY="1") as server:
        ask(server, "Who mediated?")
        assert eventually(lambda: ("qa_requests_total", "POST", "/api/v1/ask", "200") in counted(server))
        folder = next(tmp_path.glob(f"{COUNTS}*"))
        (folder / "counter_1.db").touch()  # as it is before its first count
        filled = threading.Timer(0.05, (folder / "counter_1.db").unlink)
        filled.start()
        assert counted(server)["qa_requests_total", "POST", "/api/v1/ask", "200"] == 1
        filled.join()


def test_what_a_worker_that_never_counted_leaves_is_removed(tmp_path: Path) -> None:
    (tmp_path / "counter_7.db").touch()
    gather(tmp_path, 7)
    assert [one.name for one in tmp_path.iterdir()] == ["counter_0.db"]


def test_the_files_of_counts_do_not_grow_with_the_workers_that_ended(own: Settings, tmp_path: Path) -> None:
    name = ("qa_requests_total", "POST", "/api/v1/ask", "200")
    with serving(QA_STORE=own.store, TMPDIR=str(tmp_path), WEB_CONCURRENCY="1") as server:
        files = []
        for generation in range(1, 5):
            ask(server, "Who mediated?")
            assert eventually(lambda asked=generation: counted(server).get(name) == asked)  # type: ignore[misc]
            before = server.workers()
            for worker in before:
                os.kill(worker, signal.SIGKILL)
            assert eventually(lambda old=before: bool(server.workers() - old))  # type: ignore[misc]
            server.wait()
            assert counted(server)[name] == generation
            files.append(sorted(one.name for one in tmp_path.glob(f"{COUNTS}*/*.db")))
        assert len({len(some) for some in files[1:]}) == 1, files
        assert counted(server)["qa_request_seconds_count", "/api/v1/ask"] == 4


def test_the_counts_are_gone_with_the_server(own: Settings, tmp_path: Path) -> None:
    with serving(QA_STORE=own.store, TMPDIR=str(tmp_path)) as server:
        assert [one.name for one in tmp_path.glob(f"{COUNTS}*")] != []
        server.end()
    assert list(tmp_path.glob(f"{COUNTS}*")) == []


def test_each_request_and_each_answer_is_a_line_that_says_how_it_went(server: Server, log: Path) -> None:
    name = f"req-{secrets.token_hex(4)}"
    answer = json.loads(ask(server, "Who mediated?", X_Request_Id=name).body)
    server.request("GET", f"/documents/{CANARY}?start={CANARY}", headers={"X-Request-Id": f"{name}-2"})

    def named() -> dict[tuple[str, str], dict[str, Any]]:
        return {(one["request_id"], one["event"]): one for one in lines(log) if "request_id" in one}

    assert eventually(lambda: (f"{name}-2", "request") in named()), log.read_text()
    told = named()
    request, answered = told[name, "request"], told[name, "answer"]
    assert (request["method"], request["route"], request["status"]) == ("POST", "/api/v1/ask", 200)
    assert (request["caller"], request["network"]) == ("anonymous:", "127.0.0.0/24")
    assert 0 < request["ms"] < 10_000
    assert (answered["channel"], answered["kind"], answered["reason"]) == ("api", "fact", "")
    assert answered["answer_id"] == answer["id"]
    assert answered["question_characters"] == len("Who mediated?")
    page = told[f"{name}-2", "request"]
    assert (page["route"], page["status"]) == ("/documents/<document_id>", 404)


def test_nothing_that_was_asked_or_sent_as_a_secret_is_in_the_log(
    server: Server, own: Settings, log: Path
) -> None:
    """Thirty canaries, each sent where somebody might."""
    service = Service(own)
    canaries = [f"{CANARY}{number:02d}" for number in range(28)]
    keys = [service.keys.create("a reader", frozenset({Scope.ASK}))[1] for _ in range(2)]
    service.close()
    for number, one in enumerate(canaries):
        mail = f"{one}@example.org"
        for sent in (
            {"Authorization": f"Bearer {one}"},
            {"Authorization": f"Basic {one}"},
            {"X-API-Key": f"qa_117083f8_{one}"},
            {"Cookie": f"session={one}"},
            {"X-Request-Id": f"{one}\x0b{one}"},
            {"User-Agent": one, "Referer": f"https://example.org/?q={one}"},
        )[number % 6 :][:1]:
            server.request("GET", "/api/v1/documents", headers=sent)
        ask(server, f"Who is {one}, {mail}?\r\n{one}")
        server.request("GET", f"/?q={one}&h={mail}")
        server.request("GET", f"/api/v1/search?q={one}")
        server.request("GET", f"/api/v1/conversations/{one}")
        server.request("GET", f"/{one}")
        raw(server, f"GET /?q=who is {one} HTTP/1.1\r\n\r\n".encode())
        raw(server, f"GET / HTTP/1.1\r\nHost: x\r\nBad Header {one}: {one}\r\n\r\n".encode())
    for key in keys:
        ask(server, "Who mediated?", Authorization=f"Bearer {key}")
        server.request("GET", f"/api/v1/documents?key={key}", headers={"X-API-Key": key})

    assert eventually(lambda: sum(one["event"] == "request" for one in lines(log)) >= 28 * 5 + 4)
    text = log.read_text("utf-8")
    assert "Invalid request" in text
    assert [one for one in (*canaries, *keys, *(key[12:] for key in keys)) if one in text] == []
    assert {one["caller"] for one in lines(log) if one["event"] == "request"} > {"anonymous:"}


def raw(server: Server, data: bytes) -> bytes:
    import socket  # noqa: PLC0415

    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(data)
        return line.recv(4096)


def test_questions_are_logged_only_where_it_is_said(own: Settings, log: Path) -> None:
    with serving(log=log, QA_STORE=own.store, QA_LOG_QUESTIONS="true") as server:
        ask(server, f"Who is {CANARY}?")
    assert [one["question"] for one in lines(log) if one["event"] == "answer"] == [f"Who is {CANARY}?"]


def test_a_quiet_log_tells_what_is_wrong_alone(own: Settings, log: Path) -> None:
    with serving(log=log, QA_STORE=own.store, QA_LOG_LEVEL="warning") as server:
        ask(server, "Who mediated?")
        own.store_path.write_bytes(b"no database" * 1000)
        for name in ("-wal", "-shm"):
            own.store_path.with_name(own.store_path.name + name).unlink(missing_ok=True)
        assert ask(server, "Why did the mediator leave?", X_Request_Id="broken").status == 503
    own_lines = [one for one in lines(log) if one["logger"].startswith("qa_service")]
    assert {one["level"] for one in own_lines} <= {"warning", "error"}
    assert any(one.get("request_id") == "broken" and "POST /api/v1/ask" in one["event"] for one in own_lines)


def test_observing_costs_microseconds(service: Service) -> None:
    """A request through the observer alone, with a log that is written."""
    import io  # noqa: PLC0415
    import logging  # noqa: PLC0415

    from qa_service.channels.observing import Observed  # noqa: PLC0415
    from qa_service.logs import JsonLines  # noqa: PLC0415

    def nothing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b""]

    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("qa_service.channels.observing")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    observed, times = Observed(nothing), 2000
    try:
        begun = time.perf_counter()
        for _ in range(times):
            observed({"REQUEST_METHOD": "GET"}, lambda *_: None).close()  # type: ignore[attr-defined, arg-type, misc]
        each = (time.perf_counter() - begun) / times
    finally:
        logger.removeHandler(handler)
    assert each < 0.001, f"{each * 1e6:.0f} µs"
