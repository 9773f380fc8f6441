"""How soon Slack is told that a delivery has arrived, and how soon the answer is there.

`python benchmarks/slack.py [SECONDS]` starts `qa-service serve` with four workers over the bundled corpus and
a server that takes messages as Slack would. It delivers signed mentions, first twenty a second, then 400 at
once from sixteen connections; every mention is a new question to its worker (its thread is a conversation).
"""

import http.client
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from slack_sdk.signature import SignatureVerifier

WORKERS = 4
PER_SECOND = 20
BURST, BURST_FROM, CONNECTIONS = 400, 100_000, 16
SECRET = "a signing secret"  # noqa: S105 - of no Slack
COMMAND = Path(sys.executable).parent / "qa-service"
QUESTIONS = (
    "How do Russia and the United States differ on Afghanistan?",
    "What is the timeline of events?",
    "Why did the Qatar process fail?",
    "When was the third Moscow meeting held?",
    "What is the capital of Peru?",
)

Posted = dict[str, float]  # when a thread got its answer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def take_messages(port: int, posted: Any) -> None:
    """A process: says yes to every message, and when it came."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Nothing."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            posted.put((body.get("thread_ts"), time.monotonic()))
            answer = b'{"ok":true,"ts":"1.1","channel":"C1"}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


@contextmanager
def serving(folder: Path, slack: int) -> Iterator[int]:
    port = free_port()
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("QA_", "SLACK_"))}
    values = {
        "QA_STORE": f"sqlite:///{folder / 'store.db'}",
        "QA_SLACK_API": f"http://127.0.0.1:{slack}/api/",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_BOT_TOKEN": "xoxb-none",
        "WEB_CONCURRENCY": str(WORKERS),
    }
    corpus = Path(__file__).parents[1] / "index" / "corpus"
    subprocess.run([COMMAND, "ingest", corpus], env=kept | values, check=True, capture_output=True)
    quiet = subprocess.DEVNULL
    server = subprocess.Popen([COMMAND, "serve", "--port", str(port)], env=kept | values, stderr=quiet)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        time.sleep(1)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def deliver(connection: http.client.HTTPConnection, number: int) -> tuple[str, float, float]:
    """One mention: its thread, when it was sent, and the seconds until Slack was told."""
    ts = f"{int(time.time())}.{number:06d}"
    event = {
        "type": "app_mention",
        "user": "U1",
        "channel": "C1",
        "ts": ts,
        "text": QUESTIONS[number % len(QUESTIONS)],
    }
    delivery = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": event}
    body = json.dumps(delivery)
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or "",
    }
    begun = time.monotonic()
    connection.request("POST", "/slack/events", body, headers)
    response = connection.getresponse()
    response.read()
    assert response.status == 200, response.status
    return ts, begun, time.monotonic() - begun


def spread(values: list[float]) -> str:
    ordered = sorted(values)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.99)]
    return f"p50 {at[0]:.1f} ms, p99 {at[1]:.1f} ms, longest {ordered[-1] * 1000:.1f} ms"


def steadily(port: int, seconds: float) -> list[tuple[str, float, float]]:
    made = []
    for number in range(int(seconds * PER_SECOND)):
        due = time.monotonic() + 1 / PER_SECOND
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)  # as Slack: each its own
        made.append(deliver(connection, number))
        connection.close()
        time.sleep(max(0.0, due - time.monotonic()))
    return made


def at_once(port: int) -> list[tuple[str, float, float]]:
    made: list[tuple[str, float, float]] = []

    def share(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number in range(first, BURST, CONNECTIONS):
            made.append(deliver(connection, BURST_FROM + number))  # noqa: PERF401 - shared between threads
        connection.close()

    threads = [threading.Thread(target=share, args=(first,)) for first in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return made


def answered(posted: Any, count: int) -> Posted:
    """When each thread got its answer; waits for all, and a second for more than that."""
    found: Posted = {}
    twice = 0
    deadline = time.monotonic() + 60
    while (len(found) < count and time.monotonic() < deadline) or not posted.empty():
        if posted.empty():
            time.sleep(0.01)
            continue
        thread, at = posted.get()
        twice += thread in found
        found.setdefault(thread, at)
    print(f"  answered {len(found)} of {count}, twice {twice}")
    return found


def measured(name: str, posted: Any, send: Callable[[], list[tuple[str, float, float]]]) -> None:
    begun = time.monotonic()
    made = send()
    took = time.monotonic() - begun
    print(f"{name}: {len(made)} mentions in {took:.1f} s")
    print(f"  acknowledged: {spread([one[2] for one in made])}")
    found = answered(posted, len(made))
    print(f"  answer there: {spread([found[ts] - sent for ts, sent, _ in made if ts in found])}")


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    context = multiprocessing.get_context("fork")
    posted = context.Queue()
    slack = free_port()
    taking = context.Process(target=take_messages, args=(slack, posted), daemon=True)
    taking.start()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), slack) as port:
        measured(f"{PER_SECOND} a second", posted, lambda: steadily(port, seconds))
        measured(f"{CONNECTIONS} connections at once", posted, lambda: at_once(port))
    taking.terminate()


if __name__ == "__main__":
    main()
