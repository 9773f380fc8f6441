"""nginx with the shipped configuration, on loopback, in front of servers of ours."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from channels.running import WITHIN, free_port

SHIPPED = Path(__file__).parents[2] / "docs" / "deploy" / "nginx.conf"
# What stands around it, in a folder of ours: Debian's settings, with the connections that our file asks for.
AROUND = """\
daemon off;
{user}
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/qa_service.conf;
}}
"""
MACHINES = re.compile(r"^ *server 127\.0\.0\.1:8000 (.*);\n", re.MULTILINE)


def command() -> str:
    """nginx; without it the test is skipped, and fails where CI is set."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("No nginx: apt-get install nginx-light")
    return found


def adapted(machines: Sequence[int], port: int, folder: Path) -> str:
    """The shipped file for these machines; a single one stands in it as often as it is shipped."""
    text = SHIPPED.read_text("utf-8")
    rows = MACHINES.findall(text)
    assert rows, "the shipped file names no machine"
    named = list(machines) if len(machines) > 1 else list(machines) * len(rows)
    lines = "".join(f"    server 127.0.0.1:{one} {rows[0]};\n" for one in named)
    text = MACHINES.sub("", text, count=len(rows) - 1)
    text = MACHINES.sub(lambda _: lines, text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};")
    return text.replace("/var/log/nginx/", f"{folder}/")


@contextmanager
def proxying(folder: Path, *machines: int) -> Iterator[int]:
    """The port where nginx answers for servers on these ports."""
    port = free_port()
    folder.mkdir()
    (folder / "qa_service.conf").write_text(adapted(machines, port, folder), "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # pytest's folders are their owner's alone
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), "utf-8")
    process = subprocess.Popen(
        [command(), "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    )
    try:
        _wait(process, port, folder)
        yield port
    finally:
        process.terminate()
        process.wait(WITHIN)


def _wait(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, (folder / "error.log").read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("nginx did not start in time")
