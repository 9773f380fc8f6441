"""A restart loses no request: hangups, new releases and machines one after another, all under load."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from channels import running
from channels.running import COMMAND, Server, environment

from serving.asking import PATIENCE, crowd, kept_in_order, renewed, until
from serving.conftest import Start
from serving.nginx import proxying

BETWEEN = 60  # requests from one restart to the next
HANGUPS, RELEASES, RESTARTS, KILLS = 6, 2, 4, 8
STARTING = 90  # seconds that a busy machine may take to start or end a server
HELD = 0.5  # seconds that a request is held before and after a signal
THREADS = 4  # of a worker
STARTED = 20  # workers that are told to end as soon as they are there


def settled(holds: Callable[[], bool]) -> bool:
    return running.eventually(holds, STARTING)


class Unfinished:
    """A request whose second half is still to be sent: it is in the hands of a worker."""

    BODY = b'{"question": "Who mediated?"}'

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._line.putrequest("POST", "/api/v1/ask")
        self._line.putheader("Content-Type", "application/json")
        self._line.putheader("Content-Length", str(len(self.BODY)))
        self._line.endheaders(self.BODY[:9])

    def finish(self) -> int:
        """Its status."""
        self._line.send(self.BODY[9:])
        try:
            return self._line.getresponse().status
        finally:
            self._line.close()


def hangup(server: Server) -> None:
    """While a request is in hand, which is answered by the worker that goes."""
    workers = server.workers()
    request = Unfinished(server.port)
    time.sleep(HELD)  # a worker has taken it
    server.process.send_signal(signal.SIGHUP)
    assert settled(lambda: len(server.workers() - workers) >= 2)
    time.sleep(HELD)
    assert request.finish() == 200
    assert settled(lambda: not server.workers() & workers)


def test_hangups(machine: Start) -> None:
    server = machine()
    with crowd(server.port) as heard:
        for _ in range(HANGUPS):
            until(heard, BETWEEN)
            hangup(server)
        until(heard, BETWEEN)

    kept_in_order(server.port, heard)


def children(pid: int) -> set[int]:
    try:
        return {int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    except OSError:
        return set()


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def heir(master: int) -> int:
    """The server that SIGUSR2 starts beside this one, when its workers are there."""
    before = children(master)

    def begun() -> bool:
        """Asked again: a server whose own parent has just ended does not know so for a second."""
        os.kill(master, signal.SIGUSR2)
        time.sleep(2)
        return bool(children(master) - before)

    assert settled(begun)
    assert settled(lambda: any(len(children(one)) == 2 for one in children(master)))
    return next(one for one in children(master) if len(children(one)) == 2)


def test_another_release_on_the_same_socket(machine: Start) -> None:
    """SIGUSR2 starts a server of the new code beside the old one, which then ends."""
    server = machine()
    master = server.process.pid
    try:
        with crowd(server.port) as heard:
            for _ in range(RELEASES):
                until(heard, BETWEEN)
                old, master = master, heir(master)
                until(heard, BETWEEN)
                os.kill(old, signal.SIGTERM)
                assert settled(lambda gone=old: not lives(gone))  # type: ignore[misc]
            until(heard, BETWEEN)
        kept_in_order(server.port, heard)
    finally:
        if master != server.process.pid:
            os.kill(master, signal.SIGTERM)
            assert settled(lambda: not lives(master))


@contextmanager
def held(values: Mapping[str, str]) -> Iterator[tuple[int, Callable[[], "subprocess.Popen[bytes]"]]]:
    """A port that we listen on as systemd does, and how a server is started on it."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening, ExitStack() as stack:
        shell = f'export LISTEN_PID=$$ LISTEN_FDS=1; exec "{COMMAND}" serve 3<&{listening.fileno()}'

        def start() -> "subprocess.Popen[bytes]":
            started = subprocess.Popen(
                ["bash", "-c", shell],
                env=environment(values),
                pass_fds=[listening.fileno()],
                stderr=subprocess.DEVNULL,
            )
            stack.callback(started.wait, STARTING)
            stack.callback(started.terminate)
            return started

        yield int(listening.getsockname()[1]), start


def test_full_restarts_on_a_socket_that_systemd_holds(store_address: str) -> None:
    """One server ends before the next one starts; who asks in between waits for it."""
    with held({"QA_STORE": store_address}) as (port, start):
        server = start()
        with crowd(port) as heard:
            for _ in range(RESTARTS):
                until(heard, BETWEEN)
                server.terminate()
                assert server.wait(STARTING) == 0
                server = start()
            until(heard, BETWEEN)
        kept_in_order(port, heard)

    print(f"systemd: {len(heard.told)} asked, slowest {heard.slowest * 1000:.0f} ms")


def test_machines_one_after_another_behind_the_proxy(machine: Start, tmp_path: Path) -> None:
    """Each is ended and started anew; its conversations go on elsewhere meanwhile."""
    machines = [machine() for _ in range(3)]
    with proxying(tmp_path / "nginx", *(one.port for one in machines)) as port:
        heard = renewed(port, machines, machine, BETWEEN)

    print(f"rolling: {len(heard.told)} asked, slowest {heard.slowest * 1000:.0f} ms")


def test_who_asks_again_does_not_notice_that_workers_are_killed(machine: Start, tmp_path: Path) -> None:
    server = machine()
    with proxying(tmp_path / "nginx", server.port) as port:
        with crowd(port, again=True) as heard:
            for _ in range(KILLS):
                until(heard, BETWEEN)
                workers = server.workers()
                os.kill(min(workers), signal.SIGKILL)
                assert settled(lambda before=workers: len(server.workers() & before) == 1)  # type: ignore[misc]
                assert settled(lambda: len(server.workers()) == 2)
            until(heard, BETWEEN)
        kept_in_order(port, heard)

    print(
        f"kills: {len(heard.told)} asked, {heard.again.total()} again, slowest {heard.slowest * 1000:.0f} ms"
    )
    assert heard.again.total() <= KILLS * THREADS


def test_a_worker_told_to_end_while_it_starts_ends(machine: Start) -> None:
    """Between its fork and its handlers a signal was lost, and a stop waited for it."""
    server = machine(WEB_CONCURRENCY="1")
    for _ in range(STARTED):
        before = server.workers()
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        while not (young := server.workers() - before):
            pass
        for worker in young:
            os.kill(worker, signal.SIGTERM)
        assert settled(lambda told=young: not server.workers() & told)  # type: ignore[misc]
