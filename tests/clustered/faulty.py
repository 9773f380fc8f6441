"""A way to a node on which requests go wrong."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

from nodes import HOST, Node

Fault = Callable[["Way"], None]
EVERY = 5  # requests, of which one goes wrong


class Way(BaseHTTPRequestHandler):
    """One request on its way: passed on, or met by the server's ``fault``."""

    protocol_version = "HTTP/1.1"
    server: "FaultyServer"

    def setup(self) -> None:
        super().setup()
        self.line = HTTPConnection(HOST, self.server.node.port, timeout=60)

    def finish(self) -> None:
        self.line.close()
        super().finish()

    def parse_request(self) -> bool:
        """Any method is `pass_on`."""
        known = super().parse_request()
        setattr(self, f"do_{self.command}", self.pass_on)
        return known

    def pass_on(self) -> None:
        """Pass it on, unless it is its turn to go wrong."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.line.request(self.command, self.path, body or None, {"Content-Type": "application/json"})
        answer = self.line.getresponse()
        self.sent = answer.status, answer.read()
        fault = self.server.fault
        if fault is not None and next(self.server.requests) % self.server.every == 0:
            self.server.met += 1
            fault(self)
        else:
            self.answer(*self.sent)

    def answer(self, status: int, body: bytes, length: int | None = None) -> None:
        """Send this; ``length`` when another one than the body's is told."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class FaultyServer(ThreadingHTTPServer):
    """The way to ``node``."""

    daemon_threads = True

    def __init__(self, node: Node) -> None:
        super().__init__((HOST, 0), Way)
        self.node, self.every = node, EVERY
        self.fault: Fault | None = None
        self.requests, self.met = count(), 0
        self.over = threading.Event()

    @property
    def address(self) -> str:
        return f"{HOST}:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Who asked has gone."""


@contextmanager
def way_to(node: Node) -> Iterator[FaultyServer]:
    with FaultyServer(node) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            serving.join()


def silent(way: Way) -> None:
    """Nothing comes, for longer than anybody waits."""
    way.server.over.wait(20)
    way.close_connection = True


def hung_up(way: Way) -> None:
    way.close_connection = True


def cut_off(way: Way) -> None:
    status, body = way.sent
    way.answer(status, body[: len(body) // 2], len(body))
    way.close_connection = True


def garbled(way: Way) -> None:
    way.answer(200, way.sent[1][:-2] + b"\xff{")


def other_than_json(way: Way) -> None:
    way.answer(200, b"<html>Welcome</html>")


def busy(way: Way) -> None:
    way.answer(429, b'{"error": {"type": "rejected_execution_exception", "reason": "full"}, "status": 429}')


def unavailable(way: Way) -> None:
    way.answer(
        503, b'{"error": {"type": "no_shard_available_action_exception", "reason": "x"}, "status": 503}'
    )


def not_let_in(way: Way) -> None:
    way.answer(401, b"Unauthorized")


def in_part(way: Way) -> None:
    """A search that one shard did not take part in; its hits are those of the others."""
    status, body = way.sent
    told = json.loads(body) if body else {}
    if "_shards" in told and "hits" in told:
        told["_shards"] |= {"failed": 1, "successful": told["_shards"]["total"] - 1}
        told["hits"]["hits"] = told["hits"]["hits"][1:]
        body = json.dumps(told).encode()
    way.answer(status, body)


FAULTS: tuple[Fault, ...] = (
    silent,
    hung_up,
    cut_off,
    garbled,
    other_than_json,
    busy,
    unavailable,
    not_let_in,
    in_part,
)
PASSING = frozenset({hung_up, cut_off, garbled, other_than_json, busy, unavailable})
