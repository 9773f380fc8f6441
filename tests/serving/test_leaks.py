"""Nothing grows with the number of requests: memory, open files, threads."""

import re
from pathlib import Path

import pytest
from channels.running import Server, eventually

from serving.asking import Heard, Reader, crowd, until
from serving.conftest import Start

GROWTH = 1.1
ODD = [  # requests beside the questions, which end in all kinds of ways
    ("GET", "/nothing/there", None),
    ("POST", "/api/v1/ask", b"{"),
    ("GET", "/api/v1/search?q=dam", None),
    ("GET", "/?q=Who+mediated%3F", None),
    ("GET", "/api/v1/documents", None),
    ("GET", "/api/v1/conversations/none", None),
    ("GET", "/metrics", None),
]


def held(server: Server) -> dict[int, dict[str, int]]:
    """What each worker holds: kilobytes that are its own, open files, threads."""
    found = {}
    for pid in server.workers():
        status = Path(f"/proc/{pid}/status").read_text()
        sizes = {name: int(number) for name, number in re.findall(r"(RssAnon|Threads):\s+(\d+)", status)}
        found[pid] = sizes | {"files": len(list(Path(f"/proc/{pid}/fd").iterdir()))}
    return found


def quiet(server: Server) -> dict[int, dict[str, int]]:
    """The same when no request is in hand, and no connection open."""
    eventually(lambda: all(one["files"] <= 40 for one in held(server).values()), seconds=60)
    return held(server)


def work(server: Server, requests: int) -> Heard:
    questions = tuple(f"What does Norway say about the gauges of {number}?" for number in range(997))
    odd = Reader(server.port)
    with crowd(server.port, readers=4, questions=questions) as heard:
        for number in range(10):
            until(heard, requests // 10)
            odd.send(*ODD[number % len(ODD)])
    odd.close()
    return heard


@pytest.mark.parametrize(
    ("first", "then"),
    [pytest.param(2_000, 4_000, id="some"), pytest.param(10_000, 100_000, id="many", marks=pytest.mark.long)],
)
def test_workers_hold_after_many_requests_what_they_held_before(
    machine: Start, first: int, then: int
) -> None:
    server = machine(QA_REMEMBERED_ANSWERS="100", QA_LOG_LEVEL="warning")
    assert not work(server, first).failed
    before = quiet(server)
    assert not work(server, then).failed
    after = quiet(server)

    print(f"after {first}: {before}; after {then} more: {after}")
    assert before.keys() == after.keys()
    # A worker begins its threads as they are needed, and each of them opens files of its own, once.
    files, threads = (max(one[what] for one in before.values()) for what in ("files", "Threads"))
    for pid, one in after.items():
        assert one["RssAnon"] <= GROWTH * before[pid]["RssAnon"]
        assert one["files"] <= files + 2
        assert one["Threads"] <= threads + 1
