"""A request that does not end is cut, and the others do not notice."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from types import FrameType

import pytest
from channels.conftest import QUESTIONS
from channels.running import Server, eventually, free_port
from flask import Flask, Response
from werkzeug.test import Client

from qa_service.app import create_app
from qa_service.channels import deadlines
from qa_service.wiring import Service
from serving.asking import Reader, Told, crowd, until
from serving.conftest import Meet

ROOT = Path(__file__).parents[2]
SECONDS = 1
PATIENT = 5  # so that a busy machine is cut no question
WORKERS = 2
GUNICORN = Path(sys.executable).parent / "gunicorn"


@pytest.fixture
def app(own_service: Service) -> Flask:
    return create_app(own_service.settings.model_copy(update={"request_seconds": SECONDS}))


@pytest.fixture
def server(own_service: Service) -> Iterator[Server]:
    """gunicorn as shipped, over an application that can hang."""
    port = free_port()
    settings = {"QA_STORE": own_service.settings.store, "QA_REQUEST_SECONDS": str(PATIENT)}
    bound = ["--bind", f"127.0.0.1:{port}", "--chdir", ROOT / "tests", "serving.hanging:create_app()"]
    with TemporaryFile() as log:
        running = Server(bound, port, settings, log, [GUNICORN, "--config", ROOT / "gunicorn.conf.py"])
        try:
            running.wait()  # for the first worker; the tests compare both with those of later
            assert eventually(lambda: len(running.workers()) == WORKERS)
            yield running
        finally:
            running.end()


def test_it_is_told_as_an_outage_and_the_thread_goes_on(app: Flask) -> None:
    @app.route("/slow")
    def slow() -> str:
        while True:
            time.sleep(0.01)

    client = app.test_client()
    cut = client.get("/slow", headers={"X-Request-Id": "cut-1"})

    assert cut.status_code == 503
    assert cut.headers["Retry-After"] == "5"
    assert cut.headers["X-Request-Id"] == cut.get_json(force=True)["request_id"] == "cut-1"
    assert "Content-Security-Policy" in cut.headers
    for _ in range(50):
        assert client.post("/api/v1/ask", json={"question": QUESTIONS["fact"]}).status_code == 200


def test_what_may_take_longer_is_not_cut(app: Flask) -> None:
    @app.route("/long")
    def long() -> str:
        deadlines.allow(60)
        for _ in range(3 * SECONDS * 100):
            time.sleep(0.01)
        return "done"

    assert app.test_client().get("/long").text == "done"


def test_nobody_is_cut_for_another(app: Flask) -> None:
    """Requests that end at the very moment when they would be cut: the next one of their thread is whole."""

    @app.route("/edge/<int:step>")
    def edge(step: int) -> str:
        end = time.monotonic() + SECONDS + step * deadlines.STEP / 20
        while time.monotonic() < end:
            time.sleep(0.001)
        return "done"

    def ask(step: int) -> None:
        client = app.test_client()
        told.append(client.get(f"/edge/{step}").status_code)
        for _ in range(20):
            begun = time.monotonic()
            status = client.get("/healthz").status_code
            after.append((status, time.monotonic() - begun))

    told: list[int] = []
    after: list[tuple[int, float]] = []  # status and seconds
    threads = [threading.Thread(target=ask, args=[step]) for step in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(told) <= {200, 503}
    assert len(after) == 40 * 20
    assert all(status == 200 or taken >= SECONDS for status, taken in after)  # a busy machine may be late


def test_one_that_is_cut_as_it_ends_is_not_in_hand_any_more() -> None:
    """The interpreter raises at the start of a function: here that of the very one that lets go of a request.

    What stayed in hand would be taken for a request that never ends, and its worker replaced.
    """

    def answer(_wsgi: object, _start: object) -> list[bytes]:
        sys.settrace(cut)
        return [b"done"]

    def cut(frame: FrameType, event: str, _arg: object) -> None:
        if event == "call" and frame.f_code is deadlines.Deadlines._end.__code__:
            sys.settrace(None)
            raise deadlines.OverdueError

    timed = deadlines.Deadlines(answer, PATIENT, lambda _wsgi: Response("too long", 503))
    before = sys.gettrace()
    try:
        status = Client(timed).get("/").status_code
    finally:
        sys.settrace(before)

    assert status == 503
    assert timed.in_hand == 0


@contextmanager
def beside(server: Server, path: str) -> Iterator[list[Told]]:
    """While somebody waits for a request that does not end; what they were told afterwards."""
    told: list[Told] = []
    waiting = Reader(server.port)
    thread = threading.Thread(target=lambda: told.append(waiting.send("GET", path)))
    thread.start()
    yield told
    thread.join(90)
    waiting.close()


def test_others_are_answered_meanwhile(server: Server) -> None:
    workers = server.workers()
    with crowd(server.port, readers=3) as heard, beside(server, "/hang/step") as told:
        until(heard, 100)

    assert not heard.failed
    assert [one.status for one in told] == [503]
    assert json.loads(told[0].body)["status"] == 503
    assert server.workers() == workers


def test_a_worker_whose_thread_never_comes_back_is_replaced(server: Server, reader: Meet) -> None:
    workers = server.workers()
    with beside(server, "/hang/call") as told:
        assert eventually(lambda: bool(server.workers() - workers), seconds=90)
        assert reader(server.port).ask(QUESTIONS["fact"]).status == 200

    assert told[0].status == "RemoteDisconnected"  # behind nginx: 503
    assert eventually(lambda: len(server.workers()) == WORKERS and server.workers() != workers, seconds=60)
