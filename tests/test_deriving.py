"""Processes that share the work end with the one that shares it out."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from building import COMMENTARY

DOCUMENTS = 400


def children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()]


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(what: str, seconds: float, done: object) -> None:
    deadline = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def test_an_ingest_that_is_killed_leaves_nobody_behind(tmp_path: Path) -> None:
    text = COMMENTARY.read_text("utf-8")
    with (tmp_path / "many.jsonl").open("w", encoding="utf-8") as file:
        for number in range(DOCUMENTS):
            row = {"id": f"d{number}", "title": f"Paper {number}", "text": f"{text} {number}"}
            file.write(json.dumps(row) + "\n")
    ingest = subprocess.Popen(
        [Path(sys.executable).with_name("qa-service"), "ingest", tmp_path / "many.jsonl"],
        env={**os.environ, "QA_STORE": f"sqlite:///{tmp_path / 'store.db'}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until("processes share the work", 60, lambda: len(children(ingest.pid)) >= 2)
        time.sleep(2)  # they have begun
        shared = children(ingest.pid)
        assert shared
    finally:
        ingest.send_signal(signal.SIGKILL)
        ingest.wait()
    until("all have ended", 20, lambda: not any(map(alive, shared)))
