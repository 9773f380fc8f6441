"""Machines on one cluster end and start anew one after another behind the shipped nginx, under questions."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from channels.running import Server, free_port, serving
from serving.asking import renewed
from serving.nginx import proxying

pytestmark = pytest.mark.opensearch

BETWEEN = 40  # requests from one restart to the next


def test_nobody_notices_and_conversations_go_on_elsewhere(shared: str, tmp_path: Path) -> None:
    settings = {"QA_STORE": shared, "QA_TRUSTED_PROXIES": "1", "WEB_CONCURRENCY": "1"}
    with ExitStack() as stack:

        def start(port: int) -> Server:
            return stack.enter_context(serving("--port", str(port), port=port, **settings))

        machines = [start(free_port()) for _ in range(3)]
        with proxying(tmp_path / "nginx", *(one.port for one in machines)) as port:
            heard = renewed(port, machines, start, BETWEEN)

    print(f"rolling over a cluster: {len(heard.told)} asked, slowest {heard.slowest * 1000:.0f} ms")
