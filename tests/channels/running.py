"""The installed command and its server, as processes: what a user starts."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from click.testing import CliRunner

from qa_service.channels.cli.commands import main

COMMAND = Path(sys.executable).parent / "qa-service"
FOREIGN = ("PORT", "WEB_CONCURRENCY", "GUNICORN_CMD_ARGS")
WITHIN = 30  # seconds for a server to start on a busy machine
ANSWERED = 60  # seconds: a busy machine takes its time


def environment(values: Mapping[str, str]) -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("QA_", "SLACK_")) and n not in FOREIGN}
    return kept | dict(values)


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str | bytes | os.PathLike[str], **values: str) -> Done:
    """`qa-service` with these arguments and settings, as a process."""
    done = subprocess.run(
        [COMMAND, *arguments],
        env=environment(values),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def invoke(*arguments: str | os.PathLike[str], **values: str) -> Done:
    """The same in this process."""
    made = [os.fspath(one) for one in arguments]
    result = CliRunner().invoke(main, made, env=values, prog_name="qa-service")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@dataclass
class Response:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Server:
    """A `qa-service serve` of ours, on loopback. What it logs goes into ``log``."""

    def __init__(
        self,
        arguments: Sequence[str | Path],
        port: int,
        values: Mapping[str, str],
        log: IO[bytes],
        command: Sequence[str | Path] = (COMMAND, "serve"),
    ) -> None:
        self.port = port
        self._log = log
        self.process = subprocess.Popen(
            [*command, *arguments],
            env=environment(values),
            stdout=subprocess.DEVNULL,
            stderr=log,
        )

    def wait(self) -> None:
        """Until /healthz answers."""
        deadline = time.monotonic() + WITHIN
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self._said()
            try:
                if self.request("GET", "/healthz").status == 200:
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(f"the server did not answer in time: {self._said()}")

    def _said(self) -> str:
        self._log.seek(0)
        return self._log.read().decode()

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWERED)
        try:
            connection.request(method, path, body, dict(headers or {}))
            found = connection.getresponse()
            return Response(found.status, found.headers, found.read())
        finally:
            connection.close()

    def post(self, path: str, body: bytes) -> Response:
        return self.request("POST", path, body, {"Content-Type": "application/json"})

    def workers(self) -> set[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in children.read_text().split()}

    def end(self) -> int:
        """Its exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        return self.process.returncode


@contextmanager
def serving(
    *arguments: str, port: int | None = None, log: Path | None = None, **values: str
) -> Iterator[Server]:
    """A server that answers; on a free port unless one is named. ``log`` is where it logs."""
    used = port or free_port()
    asked = arguments if port else ["--port", str(used), *arguments]
    with log.open("w+b") if log else TemporaryFile() as written:
        server = Server(asked, used, values, written)
        try:
            server.wait()
            yield server
        finally:
            if server.process.poll() is None:
                server.end()


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether it holds within 20 seconds, or as many as are given."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()
