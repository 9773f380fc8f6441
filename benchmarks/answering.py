"""Speed and size of answering, beside rank_bm25 alone and beside a bare Flask app: `make bench`.

Prints one Markdown table. Loopback only; everything it starts, it ends. About two minutes.
"""

import http.client
import itertools
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from tempfile import TemporaryFile

from http_load import Load, load, requests_of
from rank_bm25 import BM25Okapi

from qa_service.domain.question import Message
from qa_service.indexing import listed
from qa_service.settings import load as settings_of
from qa_service.wiring import Service

CHECKOUT = Path(__file__).resolve().parent.parent
SEED = CHECKOUT.parent / "shared" / "seed"
BIN = Path(sys.executable).parent
ROUNDS, SECONDS = 5, 2.0  # of each HTTP line
REPEATED = 64  # different questions in the line that repeats them
REPETITIONS = 5  # of each question, in process
STARTS = 7
Row = tuple[str, str, str, str]

ACTORS = ("Russia", "the United States", "Moscow", "Pakistan", "China", "Iran", "India", "the Taliban")
TOPICS = (
    "peace talks",
    "the Islamic State",
    "US troops in Afghanistan",
    "drug trafficking",
    "the Afghan government",
    "reconciliation",
    "Central Asia",
    "foreign forces",
)
FORMS = (
    "How do {actor} and Washington differ on {topic}?",
    "What does {actor} want from {topic}?",
    "When did {actor} speak about {topic}?",
    "Why is {actor} worried about {topic}?",
    "Who mediated between {actor} and {topic}?",
    "Summarise what {actor} did about {topic}.",
    "What happened after {actor} turned to {topic}?",
    "Is {actor} part of {topic}?",
)
OTHERS = (
    "Hello",
    "What is the capital of Peru?",
    "Give me a timeline of events.",
    "What does the author recommend?",
    "Who wrote this, and when?",
    "What is the main argument?",
    "How many soldiers does Norway have?",
    "asdf qwer",
)


def questions() -> list[str]:
    """520 different questions: answerable, near misses and nonsense."""
    made = [
        form.format(actor=actor, topic=topic)
        for topic, actor, form in itertools.product(TOPICS, ACTORS, FORMS)
    ]
    return [*OTHERS, *made]


def corpus() -> list[Path]:
    found = sorted(SEED.glob("*.txt"))
    return found or list(listed(CHECKOUT / "index" / "sources.toml"))


@contextmanager
def service(store: str, **values: str) -> Iterator[Service]:
    made = Service(settings_of({"QA_STORE": store, **values}))
    try:
        yield made
    finally:
        made.store.close()


# In process


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(seconds)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]


def milliseconds(seconds: Sequence[float]) -> str:
    return " / ".join(f"{one * 1000:.2f}" for one in percentiles(seconds))


def in_process(store: str) -> list[Row]:
    asked = questions()
    with service(store, QA_REMEMBERED_ANSWERS="0") as fresh, service(store) as remembering:
        passages = [ranked for _, ranked in fresh.store.snapshot().everything()]
        okapi = BM25Okapi([one.terms for one in passages])
        stems = {q: [token.stem for token in fresh.analyser.tokens(q) if token.content] for q in asked}
        answered = sum(remembering.answering.answer(Message(text=q)).answered for q in asked)
        fresh.answering.answer(Message(text=asked[0]))
        off, on, alone = [], [], []
        for question in asked * REPETITIONS:
            message = Message(text=question)
            off.append(timed(lambda message=message: fresh.answering.answer(message)))
            on.append(timed(lambda message=message: remembering.answering.answer(message)))
            alone.append(timed(lambda question=question: okapi.get_scores(stems[question])))
    reference = milliseconds(alone)
    what = f"{len(passages)} passages, {len(asked)} questions ({answered} answered)"
    return [
        (f"Answer in process, p50 / p99 ms; {what}", milliseconds(off), reference, ratio(off, alone)),
        ("The same, remembered", milliseconds(on), reference, ratio(on, alone)),
    ]


def ratio(ours: Sequence[float], reference: Sequence[float]) -> str:
    return f"{statistics.median(ours) / statistics.median(reference):.2g}"


# Over HTTP


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def environment(**values: str) -> dict[str, str]:
    """This process's, without settings from outside; byte code is kept, as after an installation."""
    dropped = {"PORT", "WEB_CONCURRENCY", "PYTHONDONTWRITEBYTECODE"}
    kept = {n: v for n, v in os.environ.items() if not n.startswith("QA_") and n not in dropped}
    return kept | values


class Server:
    """A gunicorn of ours: the process, its port and the path that takes questions."""

    def __init__(self, command: Sequence[str], port: int, path: str, **values: str) -> None:
        self.port, self.path = port, path
        self.begun = time.perf_counter()
        self._log = TemporaryFile()  # noqa: SIM115 - as long as the server
        self.process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=environment(**values),
            stdout=subprocess.DEVNULL,
            stderr=self._log,
        )

    def first_answer(self, within: float = 60.0) -> float:
        """Seconds from the start of the process to its first 200."""
        while time.perf_counter() - self.begun < within:
            if self.process.poll() is not None:
                self._log.seek(0)
                raise RuntimeError(f"The server ended: {self._log.read().decode()[-2000:]}")
            if self._answers():
                return time.perf_counter() - self.begun
            time.sleep(0.005)
        raise TimeoutError(f"No answer on port {self.port} within {within} s")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            body = json.dumps({"question": OTHERS[3]})
            connection.request("POST", self.path, body, {"Content-Type": "application/json"})
            status = connection.getresponse().status
            if status != 200:
                raise RuntimeError(f"Port {self.port} answers {status}")
            return True
        except OSError:
            return False
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """Process ids of the children."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def end(self) -> None:
        """Ask it to end; make it, when it does not."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.wait()
        self._log.close()


@contextmanager
def running(command: Sequence[str], port: int, path: str, **values: str) -> Iterator[Server]:
    server = Server(command, port, path, **values)
    try:
        yield server
    finally:
        server.end()


def ours(store: str, **values: str) -> tuple[Sequence[str], int, str, dict[str, str]]:
    port = free_port()
    command = [str(BIN / "qa-service"), "serve", "--port", str(port)]
    return command, port, "/api/v1/ask", {"QA_STORE": store, **values}


def bare() -> tuple[Sequence[str], int, str, dict[str, str]]:
    port = free_port()
    command = [str(BIN / "gunicorn"), "--config", str(CHECKOUT / "gunicorn.conf.py")]
    command += ["--pythonpath", str(Path(__file__).parent), "--bind", f"127.0.0.1:{port}"]
    return [*command, "bare_app:create_app()"], port, "/ask", {}


@contextmanager
def started(plan: tuple[Sequence[str], int, str, dict[str, str]]) -> Iterator[Server]:
    command, port, path, values = plan
    with running(command, port, path, **values) as server:
        server.first_answer()
        yield server


def over_http(store: str) -> list[Row]:
    bodies = [{"question": question} for question in questions()]
    with (
        started(ours(store, QA_REMEMBERED_ANSWERS="0")) as fresh,
        started(ours(store)) as remembering,
        started(bare()) as yardstick,
    ):
        everything = {server: requests_of(server.path, bodies) for server in (fresh, yardstick)}
        everything[remembering] = requests_of(remembering.path, bodies[:REPEATED])
        for server, requests in everything.items():
            load(server.port, requests, 2.0)  # warm
        rounds: dict[Server, list[Load]] = {server: [] for server in everything}
        for _ in range(ROUNDS):
            for server in (fresh, yardstick, remembering):
                rounds[server].append(load(server.port, everything[server], SECONDS))
        failures = sum(one.failures for found in rounds.values() for one in found)
        memory = memory_rows(remembering, yardstick)
    name = f"Requests/s, 2 workers, 16 connections, median of {ROUNDS}"
    return [
        speed(f"{name}; every question computed", rounds[fresh], rounds[yardstick]),
        latency("The same: p50 / p99 ms", rounds[fresh], rounds[yardstick]),
        speed(f"{name}; questions remembered", rounds[remembering], rounds[yardstick]),
        latency("The same: p50 / p99 ms", rounds[remembering], rounds[yardstick]),
        ("Failed requests in all rounds", str(failures), "", ""),
        *memory,
    ]


def speed(name: str, found: Sequence[Load], reference: Sequence[Load]) -> Row:
    here = statistics.median(one.per_second for one in found)
    there = statistics.median(one.per_second for one in reference)
    pairs = [a.per_second / b.per_second for a, b in zip(found, reference, strict=True)]
    return name, f"{here:.0f}", f"{there:.0f}", f"{statistics.median(pairs):.2f}"


def latency(name: str, found: Sequence[Load], reference: Sequence[Load]) -> Row:
    pooled = [[one for load_ in loads for one in load_.latencies] for loads in (found, reference)]
    return name, milliseconds(pooled[0]), milliseconds(pooled[1]), ratio(*pooled)


# Size and start


def memory_rows(server: Server, yardstick: Server) -> list[Row]:
    if not Path("/proc/self/smaps_rollup").exists():
        return []
    return [
        (f"Memory of a worker after load, {kind}, MB", f"{here:.0f}", f"{there:.0f}", f"{here / there:.1f}")
        for kind in ("Rss", "Pss")
        for here, there in [(megabytes(server, kind), megabytes(yardstick, kind))]
    ]


def megabytes(server: Server, kind: str) -> float:
    """The largest of the workers."""
    return max(_kilobytes(pid, kind) for pid in server.workers()) / 1024


def _kilobytes(pid: int, kind: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:"))


def start(store: str) -> Row:
    found: list[list[float]] = [[], []]
    for _ in range(STARTS):
        for times, plan in zip(found, (ours(store), bare()), strict=True):
            command, port, path, values = plan
            with running(command, port, path, **values) as server:
                times.append(server.first_answer())
    here, there = (statistics.median(times) for times in found)
    name = f"Start of the process to the first answer, store built, s, median of {STARTS}"
    return name, f"{here:.2f}", f"{there:.2f}", f"{here / there:.1f}"


def table(rows: Sequence[Row]) -> str:
    lines = ["| measured | qa_service | reference | ratio |", "|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="qa-bench-"))
    try:
        store = f"sqlite:///{folder / 'store.db'}"
        with service(store) as made:
            made.prepare()
            made.indexing.ingest(corpus())
        print(table([*in_process(store), *over_http(store), start(store)]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
