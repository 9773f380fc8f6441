"""Readers who ask one question after another, each in a conversation of its own, and what becomes of it."""

import http.client
import json
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from channels.conftest import QUESTIONS
from channels.running import Server

PATIENCE = 30  # seconds that a reader waits; who waits longer has failed
JSON = {"Content-Type": "application/json"}


@dataclass
class Told:
    """What a reader got for one request."""

    status: int | str  # of the response, or what went wrong without one
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Reader:
    """One who asks, over one connection as long as it is ``kept``; else over a new one each time."""

    def __init__(self, port: int, *, kept: bool = True) -> None:
        self._port, self._kept = port, kept
        self._line: http.client.HTTPConnection | None = None

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = JSON
    ) -> Told:
        """One request, sent once."""
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        sent = dict(headers) if self._kept else {**headers, "Connection": "close"}
        started = time.perf_counter()
        try:
            self._line.request(method, path, body, sent)
            response = self._line.getresponse()
            read = response.read()
            told = Told(response.status, time.perf_counter() - started, dict(response.headers), read)
            left = not response.will_close
        except (OSError, http.client.HTTPException) as error:
            told = Told(type(error).__name__, time.perf_counter() - started)
            left = False
        if not left:
            self.close()
        return told

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def ask(self, question: str, conversation: str | None = None, **headers: str) -> Told:
        named = {"conversation_id": conversation} if conversation else {}
        return self.send(
            "POST", "/api/v1/ask", json.dumps({"question": question} | named).encode(), JSON | headers
        )

    def begin(self) -> str:
        told = self.send("POST", "/api/v1/conversations")
        assert told.status == 201, told
        return str(json.loads(told.body)["id"])

    def turns(self, conversation: str) -> list[Any]:
        told = self.send("GET", f"/api/v1/conversations/{conversation}")
        assert told.status == 200, told
        return list(json.loads(told.body)["turns"])


@dataclass
class Heard:
    """What a crowd was told."""

    told: list[Told] = field(default_factory=list)
    again: Counter[int | str] = field(default_factory=Counter)  # what went wrong before it was tried again
    asked: dict[str, list[str]] = field(default_factory=dict)  # conversation: its questions

    @property
    def failed(self) -> Counter[int | str]:
        return Counter(one.status for one in self.told if one.status != 200)

    @property
    def slowest(self) -> float:
        return max(one.seconds for one in self.told)


@contextmanager
def crowd(
    port: int,
    readers: int = 6,
    questions: Sequence[str] = tuple(QUESTIONS.values()),
    *,
    again: bool = False,
    pause: float = 0,
) -> Iterator[Heard]:
    """So many readers who ask until the block ends; every other one takes a new connection each time.

    With ``again``, who gets no answer asks once more under the same Idempotency-Key. ``pause`` is the time
    from an answer to the next question, in seconds.
    """
    heard, over = Heard(), threading.Event()

    def read(number: int) -> None:
        reader = Reader(port, kept=bool(number % 2))
        conversation = reader.begin()
        asked = heard.asked[conversation] = []
        while not over.is_set():
            question = questions[(number + len(asked)) % len(questions)]
            asked.append(question)
            key = {"Idempotency-Key": f"{number}-{len(asked)}"} if again else {}
            told = reader.ask(question, conversation, **key)
            if again and told.status != 200:
                heard.again[told.status] += 1
                told = reader.ask(question, conversation, **key)
            heard.told.append(told)
            over.wait(pause)
        reader.close()

    threads = [threading.Thread(target=read, args=[number], daemon=True) for number in range(readers)]
    for thread in threads:
        thread.start()
    try:
        yield heard
    finally:
        over.set()
        for thread in threads:
            thread.join(2 * PATIENCE)
    assert not any(thread.is_alive() for thread in threads)


def percentiles(told: Sequence[Told]) -> str:
    """p50 and p99 in milliseconds."""
    seconds = sorted(one.seconds * 1000 for one in told)
    return f"{statistics.median(seconds):.0f} / {seconds[int(len(seconds) * 0.99)]:.0f}"


def until(heard: Heard, more: int) -> None:
    """Wait until so many more requests were answered or failed."""
    goal, deadline = len(heard.told) + more, time.monotonic() + 120
    while len(heard.told) < goal:
        assert time.monotonic() < deadline, f"{goal - len(heard.told)} of {more} are missing"
        time.sleep(0.01)


def kept_in_order(port: int, heard: Heard) -> None:
    """Nothing failed, and every conversation has what was asked in it: none is missing, none there twice."""
    assert not heard.failed
    reader = Reader(port)
    for conversation, asked in heard.asked.items():
        assert [turn["question"] for turn in reader.turns(conversation)] == asked[-200:]
    reader.close()


def renewed(port: int, machines: Sequence[Server], start: Callable[[int], Server], between: int) -> Heard:
    """What a crowd is told while machines behind a port end and start anew, one after another.

    ``between`` are the requests from one step to the next. None fails, and every turn is kept.
    """
    with crowd(port) as heard:
        for server in machines:
            until(heard, between)
            server.end()
            until(heard, between)
            start(server.port)
        until(heard, between)
    kept_in_order(port, heard)
    return heard
