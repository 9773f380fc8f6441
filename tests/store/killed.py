"""Work on a store that is killed at a counted statement or moment, and what it left.

Run as a program of its own, so that it may fork: `killed.py WORK STORE ARGUMENT TRIALS CANDIDATES`.
The work is done once to count its SQL statements; then, over copies of the store, it is killed with SIGKILL
at as many of them, evenly, or with `random` trials at any moment. Each time another process opens what is
left, and tells what it finds as a line of JSON. The first line is of the store before the work, the second of
one where it went through.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from qa_service import indexing
from qa_service.channels.cli.restore import put_back
from qa_service.domain.question import Message
from qa_service.settings import load
from qa_service.store import backing_up, engine
from qa_service.wiring import Service

QUESTIONS = (
    "Who mediated?",
    "How do Norway and Sweden differ?",
    "What did the Aare commission open?",
    "Who left?",
)
seen = 0


def service(store: Path) -> Service:
    return Service(
        load({"QA_STORE": f"sqlite:///{store}", "QA_CANDIDATES": sys.argv[5], "QA_RECORD_ANSWERS": "false"})
    )


def ingested(store: Path, folder: str) -> None:
    indexing.AT_ONCE = 8  # passages: several versions
    with closing(service(store)) as made:
        made.prepare()
        made.indexing.ingest([Path(folder)])


def migrated(store: Path, _: str) -> None:
    with closing(service(store)) as made:
        made.prepare()


def restored(store: Path, file: str) -> None:
    with closing(service(store)) as made:
        put_back(made, Path(file))


WORKS = {"ingest": ingested, "migrate": migrated, "restore": restored}


def found(store: Path) -> dict[str, Any]:
    """What a process that comes later sees."""
    with closing(service(store)) as opened:
        opened.prepare()
        ids = list(opened.store.snapshot().ids())
        answers = [opened.answering.answer(Message(text=one)).text for one in QUESTIONS]
    with closing(backing_up.reading(store)) as connection:
        intact = connection.execute("PRAGMA integrity_check").fetchone()[0]
    names = {one.name.removeprefix(store.name) for one in store.parent.iterdir()}
    left = sorted(names - {"", "-wal", "-shm", ".candidates", ".publishing"})
    return {"documents": ids, "answers": answers, "intact": intact, "left": left}


def counting(at: int) -> None:
    """From here on each statement is counted; the process is killed at that one."""
    connect = engine.sqlite3.connect

    def counted(_: str) -> None:
        global seen  # noqa: PLW0603 - of a process that does nothing else
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def connected(*args: Any, **kwargs: Any) -> Any:
        connection = connect(*args, **kwargs)
        connection.set_trace_callback(counted)
        return connection

    engine.sqlite3.connect = connected


def apart(work: Callable[[], Any], seconds: float | None = None) -> Any:
    """What ``work`` returns in a process of its own; None when it was killed, after ``seconds`` if given."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            os.write(writing, json.dumps(work()).encode())
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            sys.stderr.flush()
        finally:
            os._exit(0)
    os.close(writing)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading, "rb") as told:
        text = told.read()
    os.waitpid(pid, 0)
    return json.loads(text) if text else None


def told(line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def copied(store: Path) -> Path:
    folder = store.parent / "trial"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(store.parent / "template", folder)
    return folder / store.name


def main() -> None:
    """See the module."""
    name, store, argument, trials = sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]
    at_random, count = trials.startswith("random"), int(trials.removeprefix("random"))
    trial = store.parent / "trial" / store.name

    def work(at: int) -> list[float]:
        begun = time.perf_counter()
        counting(at)
        WORKS[name](trial, argument)
        return [seen, time.perf_counter() - begun]

    def resumed(number: int) -> dict[str, Any]:
        """Of every fifth that is killed at a statement: what is found after the work is done once more."""
        if at_random or number % 5:
            return {}
        apart(lambda: work(0))
        return {"resumed": apart(lambda: found(trial))}

    copied(store)
    told(apart(lambda: found(trial)))
    copied(store)
    statements, seconds = apart(lambda: work(0))
    told(apart(lambda: found(trial)))
    chance = random.Random(17)  # noqa: S311 - any moments
    for number in range(count):
        copied(store)
        if at_random:
            apart(partial(work, 0), seconds * 1.1 * chance.random())
        else:
            apart(partial(work, 1 + number * (statements - 1) // (count - 1)))
        told(apart(lambda: found(trial)) | resumed(number))


if __name__ == "__main__":
    main()
