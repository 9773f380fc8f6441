"""More than can be answered at once: some are told at once when to come back, the others are answered."""

import json
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from serving.asking import crowd, until
from serving.conftest import Start
from serving.nginx import proxying

BURST, ADDRESSES = 800, 16  # requests at the same moment; each address stays below its own limit
PEAK, TIMES = 16, 5  # callers at once who wait for their answers; how many times as often others ask
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


@dataclass(frozen=True, slots=True)
class Told:
    """What one caller got: the status, the head, and after how many seconds."""

    status: str
    head: bytes
    seconds: float


class Callers:
    """Those who ask at a port, each over a line of its own, however long the others wait."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._numbers = count()
        self._selector = selectors.DefaultSelector()

    def _call(self) -> None:
        number = next(self._numbers)
        line = socket.socket()
        line.bind((f"127.0.1.{1 + number % ADDRESSES}", 0))
        line.connect(("127.0.0.1", self._port))
        line.sendall(request(number))
        self._selector.register(line, selectors.EVENT_READ, (time.monotonic(), bytearray()))

    def _heard(self, wait: float) -> Iterator[Told]:
        for key, _ in self._selector.select(wait):
            began, got = key.data
            data = key.fileobj.recv(65_536)  # type: ignore[union-attr]
            got.extend(data)
            if not data:
                self._selector.unregister(key.fileobj)
                key.fileobj.close()  # type: ignore[union-attr]
                head = bytes(got).partition(b"\r\n\r\n")[0]
                yield Told(head.split(b" ", 2)[1].decode(), head, time.monotonic() - began)

    def waiting(self, many: int, seconds: float) -> list[Told]:
        """So many at once, each of whom asks again when it has its answer."""
        told: list[Told] = []
        over = time.monotonic() + seconds
        while time.monotonic() < over:
            while len(self._selector.get_map()) < many:
                self._call()
            told += self._heard(0.05)
        return told + list(self._last())

    def coming(self, rate: float, seconds: float) -> list[Told]:
        """So many a second, whether or not those before them have their answers."""
        told: list[Told] = []
        began = time.monotonic()
        for number in range(int(rate * seconds)):
            due = began + number / rate
            self._call()
            told += self._heard(max(0.0, due - time.monotonic()))
        return told + list(self._last())

    def _last(self) -> Iterator[Told]:
        deadline = time.monotonic() + WITHIN
        while self._selector.get_map():
            assert time.monotonic() < deadline, "some are still waiting"
            yield from self._heard(1)


@dataclass(frozen=True, slots=True)
class Bar:
    """For how long, and what is wanted: a share of the peak; seconds until who is too many is told."""

    rounds: int
    seconds: int
    least: float
    within: float


@pytest.mark.parametrize(
    "bar",
    [
        pytest.param(Bar(1, 3, 0.25, 1.0), id="some"),
        pytest.param(Bar(4, 30, 0.5, 0.1), id="many", marks=pytest.mark.long),
    ],
)
def test_at_five_times_the_peak_many_are_answered_and_the_others_told_at_once(
    machine: Start, tmp_path: Path, bar: Bar
) -> None:
    server = machine()
    with proxying(tmp_path / "nginx", server.port) as port:
        callers = Callers(port)
        callers.waiting(PEAK, 1)  # what a worker makes at its first questions is made
        before = len(callers.waiting(PEAK, bar.seconds)) / bar.seconds
        told: list[Told] = []
        began = time.monotonic()
        for _ in range(bar.rounds):
            told += callers.coming(TIMES * before, bar.seconds)
        goodput = sum(one.status == "200" for one in told) / (time.monotonic() - began)
        after = len(callers.waiting(PEAK, 5)) / 5

    peak = (before + after) / 2  # a machine that has other work to do may be busier now
    away = sorted(one.seconds for one in told if one.status == "503")
    slow = away[int(0.99 * len(away))]
    print(
        f"{before:.0f} and {after:.0f} a second before and after, {goodput:.0f} ({goodput / peak:.2f}) at "
        f"{TIMES} times that; {len(away)} of {len(told)} sent away, 99 of 100 within {slow * 1000:.0f} ms"
    )
    assert {one.status for one in told} == {"200", "503"}
    assert all(b"\r\nRetry-After: 1" in one.head for one in told if one.status == "503")
    assert slow <= bar.within
    assert goodput >= bar.least * peak
    assert after >= bar.least * before
