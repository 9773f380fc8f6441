"""Clients that hold connections open and are slow: the four kinds of them, as many as one likes."""

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

STEP = 0.2  # seconds between two bytes
ADDRESSES = 8  # from which they come, so that what is counted by address stops none of them
KINDS = {  # what is sent at once, and what is sent or read byte by byte afterwards
    "idle": (b"", b""),
    "head": (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"a"),
    "body": (
        b"POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b'Content-Length: 60000\r\n\r\n{"question": "',
        b"a",
    ),
    "reading": (b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", b""),
}


@dataclass
class Attack:
    """So many slow clients of a kind; one whose connection was ended opens another."""

    kind: str
    port: int
    many: int
    path: str = "/"  # of what is read slowly
    most: int = 0  # connections that were open at one time
    _lines: dict[int, socket.socket] = field(default_factory=dict)

    def step(self) -> None:
        """Every client opens its connection, sends a byte or reads one."""
        for number in range(self.many):
            try:
                if number in self._lines:
                    self._go_on(number)
                else:
                    self._open(number)
            except BlockingIOError:
                continue  # nothing to read, or no room to send
            except OSError:
                self._drop(number)
        self.most = max(self.most, len(self._lines))

    def _open(self, number: int) -> None:
        first, _ = KINDS[self.kind]
        line = socket.socket()
        self._lines[number] = line
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(5)
        line.bind((f"127.0.0.{2 + number % ADDRESSES}", 0))
        line.connect(("127.0.0.1", self.port))
        line.sendall(first.replace(b"%s", self.path.encode()))
        line.setblocking(False)

    def _go_on(self, number: int) -> None:
        line, (_, more) = self._lines[number], KINDS[self.kind]
        if more:
            line.send(more)
        if (self.kind == "reading" or self._readable(line)) and not line.recv(1):
            self._drop(number)

    def _readable(self, line: socket.socket) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(line, selectors.EVENT_READ)
            return bool(selector.select(0))

    def _drop(self, number: int) -> None:
        with suppress(KeyError):
            self._lines.pop(number).close()

    def end(self) -> None:
        for number in tuple(self._lines):
            self._drop(number)


@contextmanager
def attacking(attack: Attack) -> Iterator[Attack]:
    """While the block lasts, which begins when all of them are connected."""
    over = threading.Event()

    def go_on() -> None:
        while not over.wait(STEP):
            attack.step()

    attack.step()
    deadline = time.monotonic() + 30
    while attack.most < attack.many and time.monotonic() < deadline:
        attack.step()
    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield attack
    finally:
        over.set()
        thread.join(30)
        attack.end()
