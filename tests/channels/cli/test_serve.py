"""`qa-service serve` as a process: its address, its workers, its end."""

import json
import os
import signal
import socket
from pathlib import Path

import pytest

from channels.conftest import QUESTIONS
from channels.running import Server, eventually, free_port, invoke, run, serving

BODY = json.dumps({"question": QUESTIONS["fact"]}).encode()


def refuses(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=2).close()
    except OSError:
        return True
    return False


def own_address() -> str | None:
    """An address of this machine that is not loopback; None where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return None
        return str(probe.getsockname()[0])


def test_it_listens_on_loopback_on_the_port_that_is_given(server: Server) -> None:
    address = own_address()

    assert server.request("GET", "/healthz").status == 200
    assert address is None or refuses(address, server.port)
    assert eventually(lambda: len(server.workers()) == 2)


def test_the_platforms_port_and_number_of_workers_are_respected(store_url: str) -> None:
    port = free_port()
    with serving(port=port, QA_STORE=store_url, PORT=str(port), WEB_CONCURRENCY="1") as server:
        assert len(server.workers()) == 1
        address = own_address()
        assert address is None or not refuses(address, port)


@pytest.mark.parametrize("workers", ["many", "0", "-1", "1.5", ""])
def test_a_number_of_workers_that_is_none_is_named(store_url: str, workers: str) -> None:
    done = invoke("serve", QA_STORE=store_url, WEB_CONCURRENCY=workers)

    assert done.returncode == 1
    assert done.stderr.startswith("Error: WEB_CONCURRENCY: ")


def test_a_port_that_is_none_is_named(store_url: str) -> None:
    done = invoke("serve", QA_STORE=store_url, PORT="http")

    assert done.returncode == 1
    assert done.stderr.startswith("Error: PORT: 'http' is not a port")


def test_an_address_that_is_taken_is_named_at_once(store_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = invoke("serve", "--port", port, QA_STORE=store_url)

    assert done.returncode == 1
    assert f"port {port}" in done.stderr


def test_all_workers_give_the_same_bytes(server: Server) -> None:
    assert eventually(lambda: len(server.workers()) == 2)
    alone = set()
    for stopped in server.workers():
        os.kill(stopped, signal.SIGSTOP)  # what the other says
        try:
            alone.add(server.post("/api/v1/ask", BODY).body)
        finally:
            os.kill(stopped, signal.SIGCONT)

    assert len(alone) == 1


def test_an_ingest_is_seen_at_once_a_hangup_reloads_and_it_ends_cleanly(
    store_url: str, tmp_path: Path
) -> None:
    note = tmp_path / "note.md"
    note.write_text("# The Weir\n\nThe Tarn weir was finished in 1972.\n", "utf-8")
    body = json.dumps({"question": "When was the Tarn weir finished?"}).encode()
    with serving(QA_STORE=store_url, PORT="1") as server:  # the option wins over PORT
        before = {server.post("/api/v1/ask", body).body for _ in range(12)}
        assert not any(json.loads(one)["answered"] for one in before)

        assert run("ingest", note, QA_STORE=store_url).returncode == 0
        after = {server.post("/api/v1/ask", body).body for _ in range(24)}
        assert len(after) == 1
        assert "1972" in json.loads(next(iter(after)))["text"]

        workers = server.workers()
        server.process.send_signal(signal.SIGHUP)
        assert eventually(lambda: not server.workers() & workers)
        assert server.post("/api/v1/ask", body).body in after

        assert server.end() == 0
        assert refuses("127.0.0.1", server.port)
