"""Spans as a collector gets them: over OTLP, from a real server."""

import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from building import ingested, settings_in
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider

from channels.running import Server, eventually, free_port, run, serving
from qa_service.channels import tracing
from qa_service.domain.question import Message
from qa_service.wiring import Service

CANARY = "zq7canary"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
MANY = 20


class Collector(ThreadingHTTPServer):
    """What OTLP's receivers are: POST /v1/traces, protobuf."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiving)
        self.got: list[bytes] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def spans(self) -> list[Any]:
        requests = [ExportTraceServiceRequest.FromString(one) for one in tuple(self.got)]
        resources = [each for one in requests for each in one.resource_spans]
        assert {told(each.resource)["service.name"] for each in resources} <= {"qa-service"}
        return [span for each in resources for scope in each.scope_spans for span in scope.spans]


class Receiving(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        packed = self.headers.get("Content-Encoding") == "gzip"
        assert self.path == "/v1/traces"
        self.server.got.append(gzip.decompress(body) if packed else body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def told(one: Any) -> Mapping[str, Any]:
    """The attributes of a span, an event or a resource."""
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in one.attributes}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def store(tmp_path: Path) -> str:
    settings = settings_in(tmp_path)
    ingested(settings).close()
    return settings.store


@contextmanager
def traced(store: str, address: str, **values: str) -> Iterator[Server]:
    settings = {"QA_STORE": store, "QA_OPENTELEMETRY": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": address}
    with serving(**settings, OTEL_BSP_SCHEDULE_DELAY="200", **values) as server:
        yield server


def ask(server: Server, question: str, **headers: str) -> int:
    body = json.dumps({"question": question}).encode()
    return server.request("POST", "/api/v1/ask", body, {"Content-Type": "application/json", **headers}).status


def test_a_request_goes_on_the_trace_of_its_caller(collector: Collector, store: str) -> None:
    with traced(store, collector.address) as server:
        caller = {"traceparent": f"00-{TRACE}-{PARENT}-01", "X-Request-Id": "req-1"}
        assert ask(server, f"Who is {CANARY}?", **caller) == 200
        assert server.request("GET", f"/documents/{CANARY}?q={CANARY}").status == 404
        assert server.request("GET", f"/{CANARY}").status == 404
        assert eventually(lambda: len(collector.spans) >= 4)  # /healthz of the start among them

    named = {span.name: span for span in collector.spans}
    asked = named["POST /api/v1/ask"]
    assert (asked.trace_id.hex(), asked.parent_span_id.hex()) == (TRACE, PARENT)
    attributes = told(asked)
    assert (attributes["http.route"], attributes["http.response.status_code"]) == ("/api/v1/ask", 200)
    assert attributes["qa.request_id"] == "req-1"
    assert asked.end_time_unix_nano > asked.start_time_unix_nano
    (answer,) = asked.events
    assert (told(answer)["qa.channel"], told(answer)["qa.kind"]) == ("api", "refusal")
    assert told(answer)["qa.reason"]
    assert told(named["GET /documents/<document_id>"])["http.response.status_code"] == 404
    assert "http.route" not in told(named["GET"])
    assert CANARY.encode() not in b"".join(collector.got)


def test_none_is_lost_with_the_server(collector: Collector, store: str) -> None:
    with traced(store, collector.address, OTEL_SERVICE_NAME="qa-service") as server:
        assert {ask(server, f"Who is {number}?") for number in range(MANY)} == {200}
    assert sum(span.name == "POST /api/v1/ask" for span in collector.spans) == MANY


def test_answers_go_on_without_a_collector(store: str, tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    with traced(store, nowhere, OTEL_BSP_EXPORT_TIMEOUT="500", OTEL_EXPORTER_OTLP_TIMEOUT="1") as server:
        assert {ask(server, f"Who is {number}?") for number in range(MANY)} == {200}


def test_without_the_extra_it_says_what_to_install(store: str, tmp_path: Path) -> None:
    (tmp_path / "opentelemetry").mkdir()
    (tmp_path / "opentelemetry" / "__init__.py").touch()  # hides the installed one
    done = run(
        "serve", "--port", str(free_port()), QA_STORE=store, QA_OPENTELEMETRY="true", PYTHONPATH=str(tmp_path)
    )
    assert done.returncode != 0
    assert "pip install -e '.[otel]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_answer_after_its_request_is_told_nowhere_and_warns_nobody(
    service: Service, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chat's message is taken on at once and answered later, in a thread that knows of the request."""
    monkeypatch.setattr(tracing, "_tracer", lambda: TracerProvider().get_tracer("sends nothing"))
    answer = service.answering.answer(Message(text="Who mediated?"))
    tracing.begin({"REQUEST_METHOD": "POST"})
    later = copy_context()
    tracing.end("POST", "/slack/events", 200)
    with caplog.at_level("WARNING"):
        later.run(tracing.answered, "slack", answer)
    assert caplog.records == []
