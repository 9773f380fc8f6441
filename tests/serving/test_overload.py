"""More than can be answered at once: some are told at once when to come back, the others are answered."""

import json
import selectors
import socket
import time
from collections import Counter
from pathlib import Path

from serving.asking import crowd, until
from serving.conftest import Start
from serving.nginx import proxying

BURST, ADDRESSES = 800, 16  # requests at the same moment; each address stays below its own limit
WITHIN = 120


def request(number: int) -> bytes:
    """A question that nobody has asked before."""
    body = json.dumps({"question": f"Who mediated in the case of the number {number}?"}).encode()
    head = (
        "POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def burst(port: int, many: int) -> list[bytes]:
    """What so many get who ask at once, each to the end of its connection."""
    with selectors.DefaultSelector() as selector:
        for number in range(many):
            line = socket.socket()
            line.bind((f"127.0.1.{1 + number % ADDRESSES}", 0))
            line.connect(("127.0.0.1", port))
            selector.register(line, selectors.EVENT_READ, bytearray())
        lines = [key.fileobj for key in selector.get_map().values()]
        for number, line in enumerate(lines):
            line.sendall(request(number))  # type: ignore[union-attr]
        got: list[bytes] = []
        deadline = time.monotonic() + WITHIN
        while selector.get_map() and time.monotonic() < deadline:
            for key, _ in selector.select(1):
                data = key.fileobj.recv(65_536)  # type: ignore[union-attr]
                key.data.extend(data)
                if not data:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()  # type: ignore[union-attr]
                    got.append(bytes(key.data))
        assert not selector.get_map(), "some are still waiting"
    return got


def test_who_is_too_many_is_told_when_to_come_back_and_the_others_are_answered(
    machine: Start, tmp_path: Path
) -> None:
    server = machine()
    with proxying(tmp_path / "nginx", server.port) as port:
        got = burst(port, BURST)
        with crowd(port, readers=2) as afterwards:
            until(afterwards, 100)

    statuses = Counter(one.split(b" ", 2)[1].decode() for one in got)
    print(f"{BURST} at once: {dict(statuses)}")
    assert set(statuses) == {"200", "503"}
    assert statuses["200"] >= 128
    for one in got:
        head, _, body = one.partition(b"\r\n\r\n")
        told = json.loads(body)
        if head.split(b" ", 2)[1] == b"503":
            assert b"\r\nRetry-After: 1" in head
            assert told["status"] == 503
        else:
            assert told["index_version"]
    assert not afterwards.failed
