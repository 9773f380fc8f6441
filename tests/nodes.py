"""Three real OpenSearch nodes, each in a JVM of its own: `make opensearch`, and the tests' cluster.

A node ends when it is told to, or when this process does: its standard input is a pipe from here.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

BUILT = Path(__file__).parent / "opensearch" / "target"  # what `mvn package` made of pom.xml
HOST = "127.0.0.1"
HEAP = "512m"
STARTING_SECONDS = 120.0
ENDING_SECONDS = 20.0
JAVA = (
    "java",
    f"-Xms{HEAP}",
    f"-Xmx{HEAP}",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-Dio.netty.noUnsafe=true",
)
QUICK = "-XX:TieredStopAtLevel=1"  # starts in half the time, and computes slower


def lacking() -> str | None:
    """What keeps a cluster from running on this machine; None when nothing does."""
    if shutil.which("java") is None:
        return "there is no java"
    if not (BUILT / "classes" / "Node.class").is_file() or not (BUILT / "lib").is_dir():
        return "tests/opensearch is not built: make test does so where there is mvn"
    return None


@dataclass
class Node:
    """One node; ``process`` while it runs."""

    name: str
    port: int
    transport: int
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Where it answers, as host:port."""
        return f"{HOST}:{self.port}"

    @property
    def running(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> Path:
        """What it said."""
        return self.folder.with_suffix(".log")

    def end(self, signal_number: int) -> None:
        """Send it a signal and wait until it is gone."""
        if self.process is None:
            return
        if self.running:
            self.process.send_signal(signal_number)
        try:
            self.process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None


class Cluster:
    """Nodes that find each other, with their data in ``folder``. Use it in a ``with``.

    ``quick`` for tests: the JVMs start in half the time; without it they compute as in earnest.
    """

    def __init__(self, folder: Path, size: int = 3, *, quick: bool = False) -> None:
        self._java = (*JAVA, QUICK) if quick else JAVA
        ports = free_ports(2 * size)
        self.nodes = [
            Node(name=f"node-{number}", port=port, transport=transport, folder=folder / f"node-{number}")
            for number, (port, transport) in enumerate(zip(ports[:size], ports[size:], strict=True), 1)
        ]

    def __enter__(self) -> "Cluster":
        try:
            for node in self.nodes:
                self.start(node)
            self.wait(nodes=len(self.nodes))
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def addresses(self) -> str:
        """The nodes as QA_STORE names them: host:port,host:port,host:port."""
        return ",".join(node.address for node in self.nodes)

    def start(self, node: Node) -> None:
        """Start a node, or one that was ended again, with the data it had."""
        node.folder.mkdir(parents=True, exist_ok=True)
        settings = [f"{name}={value}" for name, value in self._settings(node).items()]
        classes = os.pathsep.join((str(BUILT / "classes"), str(BUILT / "lib" / "*")))
        with node.log.open("ab") as log:
            node.process = subprocess.Popen(
                [*self._java, "-cp", classes, "Node", *settings],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    def kill(self, node: Node) -> None:
        """End a node as a machine ends that loses its power."""
        node.end(signal.SIGKILL)

    def wait(
        self, status: str | None = None, nodes: int | None = None, seconds: float = STARTING_SECONDS
    ) -> Any:
        """The cluster's health once it has that status and that many nodes. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        health: Any = None
        while time.monotonic() < deadline:
            health = self._health()
            if health and status in {None, health["status"]} and nodes in {None, health["number_of_nodes"]}:
                return health
            self._complain()
            time.sleep(0.1)
        raise TimeoutError(f"Not {status} with {nodes} nodes after {seconds} s: {health}. {self._logs()}")

    def ask(self, method: str, path: str, body: object = None, *, seconds: float = 30.0) -> Any:
        """What the first running node answers to a request of its HTTP interface."""
        node = next(node for node in self.nodes if node.running)
        return asked(node, method, path, body, seconds=seconds)

    def close(self) -> None:
        """End all nodes."""
        running = [node.process for node in self.nodes if node.process is not None and node.running]
        for process in running:  # all at once, then wait for each
            process.terminate()
        for node in self.nodes:
            node.end(signal.SIGTERM)

    def _settings(self, node: Node) -> Mapping[str, object]:
        return {
            "cluster.name": f"qa-service-tests-{os.getpid()}",
            "node.name": node.name,
            "path.home": node.folder,
            "path.data": node.folder / "data",
            "path.logs": node.folder / "logs",
            "network.host": HOST,
            "http.port": node.port,
            "transport.port": node.transport,
            "discovery.seed_hosts": ",".join(f"{HOST}:{one.transport}" for one in self.nodes),
            "cluster.initial_cluster_manager_nodes": ",".join(one.name for one in self.nodes),
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "node.processors": 2,
        }

    def _health(self) -> Any:
        for node in self.nodes:
            if node.running:
                try:
                    return asked(node, "GET", "/_cluster/health?timeout=1s", seconds=5)
                except (URLError, OSError, ValueError):
                    continue
        return None

    def _complain(self) -> None:
        ended = [node.name for node in self.nodes if node.process is not None and not node.running]
        if ended:
            raise RuntimeError(f"{', '.join(ended)} ended by itself. {self._logs()}")

    def _logs(self) -> str:
        said = [f"{node.name}: {node.log.read_text()[-2000:]}" for node in self.nodes if node.log.is_file()]
        return "\n".join(said)


def asked(node: Node, method: str, path: str, body: object = None, *, seconds: float) -> Any:
    """What one node answers, from JSON. Raises URLError, and HTTPError for a status of 400 and more."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(
        f"http://{node.address}{path}", data=data, method=method, headers={"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=seconds) as response:  # noqa: S310
        return json.load(response)


def free_ports(count: int) -> Sequence[int]:
    """That many ports of 127.0.0.1 that nobody listens on now."""
    with closing(_Sockets()) as sockets:
        return [sockets.port() for _ in range(count)]


class _Sockets:
    """Held open together, so that no port is given twice."""

    def __init__(self) -> None:
        self._open: list[socket.socket] = []

    def port(self) -> int:
        made = socket.socket()
        made.bind((HOST, 0))
        self._open.append(made)
        return int(made.getsockname()[1])

    def close(self) -> None:
        for one in self._open:
            one.close()


def main() -> int:
    """Run a cluster in the foreground until Ctrl-C."""
    if why := lacking():
        print(f"No cluster: {why}.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="qa-opensearch-") as folder:
        try:
            with Cluster(Path(folder)) as cluster:
                print(f"opensearch://{cluster.addresses}/qa", flush=True)
                print("Ctrl-C ends the nodes; their data is not kept.", flush=True)
                while all(node.running for node in cluster.nodes):
                    time.sleep(0.5)
        except KeyboardInterrupt:
            return 0
    print("A node ended by itself.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
