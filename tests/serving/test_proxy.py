"""What the shipped nginx does with ordinary requests: nothing that a caller or the service would notice."""

import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from channels.conftest import QUESTIONS
from channels.running import eventually, serving

from qa_service.settings import Settings
from qa_service.wiring import Service
from serving.asking import JSON
from serving.conftest import Meet, Start
from serving.nginx import proxying

FACT = QUESTIONS["fact"]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.jsonl"


@pytest.fixture(scope="module")
def front(settings: Settings, service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """nginx before a server of the shipped settings."""
    values = {"QA_STORE": settings.store, "QA_TRUSTED_PROXIES": "1"}
    with (
        serving(**values) as server,
        proxying(tmp_path_factory.mktemp("front") / "nginx", server.port) as port,
    ):
        yield port


def networks(log: Path) -> set[str]:
    """Those of the questions in a log."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return {line["network"] for line in lines if line.get("route") == "/api/v1/ask"}


def test_who_asks_is_told_by_the_proxy_and_not_by_whoever_asks(
    machine: Start, reader: Meet, log: Path, tmp_path: Path
) -> None:
    server = machine(log=log, QA_ANONYMOUS_PER_MINUTE="1", QA_LIMIT_LOOPBACK="true")
    with proxying(tmp_path / "nginx", server.port) as port:
        forged = [{"X-Forwarded-For": f"203.0.113.{n}", "Forwarded": "for=203.0.113.7"} for n in range(8)]
        told = [reader(port).ask(FACT, **headers) for headers in forged]
        other = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=("127.1.2.3", 0))
        other.request("POST", "/api/v1/ask", json.dumps({"question": FACT}), JSON)
        elsewhere = other.getresponse().status
        other.close()

    assert [one.status for one in told] == [200] * 5 + [429] * 3  # counted as one caller
    assert int(told[-1].headers["Retry-After"]) > 0
    assert elsewhere == 200
    assert eventually(lambda: networks(log) == {"127.0.0.0/24", "127.1.2.0/24"})


def test_a_stream_arrives_piece_by_piece(front: int, reader: Meet) -> None:
    plain = reader(front).ask(FACT)
    streamed = reader(front).ask(FACT, Accept="text/event-stream")

    assert streamed.headers["Content-Type"].startswith("text/event-stream")
    assert streamed.headers.get("Transfer-Encoding") == "chunked"
    assert plain.body in streamed.body


def test_each_event_of_a_stream_is_passed_on_at_once(machine: Start, tmp_path: Path) -> None:
    """A stream with a pause between its pieces: the first is there before the last is sent."""
    server = machine(QA_STREAM_PAUSE_MS="250")
    body = {"model": "qa_service", "stream": True, "messages": [{"role": "user", "content": FACT}]}
    with proxying(tmp_path / "nginx", server.port) as port:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        line.request("POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
        response = line.getresponse()
        first = response.read1(100_000)
        rest = response.read()
        line.close()

    assert first.startswith(b"data: ")
    assert b"[DONE]" not in first
    assert rest.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize(
    ("path", "size", "by"),
    [
        ("/api/v1/ask", 100_000, "service"),
        ("/api/v1/ask", 200_000, "nginx"),
        ("/v1/chat/completions", 1_500_000, "service"),
        ("/v1/chat/completions", 3_000_000, "nginx"),
        ("/api/v1/documents", 33 * 2**20, "service"),
        ("/api/v1/documents", 40 * 2**20, "nginx"),
    ],
)
def test_what_is_too_large_is_told_in_the_form_of_the_api(
    front: int, reader: Meet, path: str, size: int, by: str
) -> None:
    told = reader(front).send("POST", path, b'{"question": "' + b"a" * size + b'"}')

    if path == "/api/v1/documents" and by == "service":
        assert told.status in {401, 413}  # without a key it is not even read
        return
    assert told.status == 413
    if path.startswith("/api"):
        problem = json.loads(told.body)
        assert told.headers["Content-Type"] == "application/problem+json"
        assert problem["status"] == 413
        assert problem["request_id"]


def test_a_machine_that_is_gone_is_a_503_that_says_when_to_come_back(
    machine: Start, tmp_path: Path, reader: Meet
) -> None:
    server = machine()
    with proxying(tmp_path / "nginx", server.port) as port:
        server.end()
        told = reader(port).ask(FACT)

    assert told.status == 503
    assert told.headers["Retry-After"] == "1"
    assert json.loads(told.body)["status"] == 503


def test_nothing_that_was_asked_or_who_asked_is_in_its_log(
    machine: Start, tmp_path: Path, reader: Meet
) -> None:
    server = machine()
    with proxying(tmp_path / "nginx", server.port) as port:
        reader(port).ask(FACT)
        server.end()
        reader(port).send("GET", "/?q=canary-question&h=earlier")
        reader(port).send("GET", "/documents/canary-id")
    written = "".join(
        (tmp_path / "nginx" / name).read_text() for name in ("qa_service.log", "qa_service.error.log")
    )

    assert written.count("\n") == 2
    assert "canary" not in written
    assert not re.search(r"\b127\.0\.0\.1(?!:)", written)


def test_counts_are_for_this_machine(front: int, reader: Meet) -> None:
    assert reader(front).send("GET", "/metrics").status == 200

    line = http.client.HTTPConnection("127.0.0.1", front, timeout=10, source_address=("127.0.0.9", 0))
    line.request("GET", "/metrics")
    assert line.getresponse().status == 403
    line.close()
