"""A small load generator: keep-alive connections over raw sockets, in a few processes, counted and timed.

It builds every request before the clock starts and reads no more of a response than its length, so that
it stays lighter than the servers it measures on the same cores.
"""

import json
import multiprocessing
import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

PROCESSES = 2
CONNECTIONS = 8  # in each process
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What one round measured: requests in a second, and the latencies in seconds, ascending."""

    per_second: float
    latencies: list[float]
    failures: int


def requests_of(path: str, bodies: Sequence[object]) -> list[bytes]:
    """POST requests with JSON bodies, as they go over the wire."""
    made = []
    for body in bodies:
        data = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        made.append(head.encode() + data)
    return made


def load(port: int, requests: Sequence[bytes], seconds: float) -> Load:
    """Send the requests over and over for that long."""
    context = multiprocessing.get_context("fork")
    with context.Pool(PROCESSES) as pool:
        shares = [(port, requests[number::PROCESSES], seconds) for number in range(PROCESSES)]
        parts = pool.starmap(_share, shares)
    latencies = sorted(one for part in parts for one in part.latencies)
    return Load(
        per_second=sum(part.per_second for part in parts),
        latencies=latencies,
        failures=sum(part.failures for part in parts),
    )


@dataclass
class _Line:
    """One connection with one request under way."""

    socket: socket.socket
    begun: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    expected: int = 0  # bytes of the whole response; 0 until its head has been read

    def begin(self, request: bytes) -> None:
        self.received.clear()
        self.expected = 0
        self.begun = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> bool:
        """Whether the response is complete."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError
        self.received += data
        if not self.expected:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            found = LENGTH.search(self.received, 0, end)
            self.expected = end + 4 + (int(found[1]) if found else 0)
        return len(self.received) >= self.expected


def _share(port: int, requests: Sequence[bytes], seconds: float) -> Load:
    latencies: list[float] = []
    failures = sent = 0
    with selectors.DefaultSelector() as selector:
        for _ in range(CONNECTIONS):
            _connect(selector, port).begin(requests[sent % len(requests)])
            sent += 1
            time.sleep(0.005)  # else one worker may accept them all
        begun = time.perf_counter()
        while time.perf_counter() - begun < seconds:
            for key, _ in selector.select(timeout=1):
                line: _Line = key.data
                try:
                    if not line.read():
                        continue
                    failures += not line.received.startswith(b"HTTP/1.1 200")
                    latencies.append(time.perf_counter() - line.begun)
                except OSError:
                    failures += 1
                    selector.unregister(line.socket)
                    line.socket.close()
                    line = _connect(selector, port)
                line.begin(requests[sent % len(requests)])
                sent += 1
        took = time.perf_counter() - begun
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return Load(per_second=len(latencies) / took, latencies=latencies, failures=failures)


def _connect(selector: selectors.BaseSelector, port: int) -> _Line:
    line = _Line(socket.create_connection(("127.0.0.1", port), timeout=30))
    line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    selector.register(line.socket, selectors.EVENT_READ, line)
    return line
