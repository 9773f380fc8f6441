"""Processes that write turns of conversations, and note each one that was acknowledged.

Run as a program of its own, so that it may fork. NOTES is a folder; each writer appends to a file there, a
line a turn: its text, the milliseconds that writing it took, and when that was.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from itertools import count
from pathlib import Path

from qa_service.domain.conversation import Turn
from qa_service.domain.principal import Principal, Via
from qa_service.store.backing_up import reading
from qa_service.store.conversations import SqliteConversations
from qa_service.store.notebook import Notebook


def write(store: Path, notes: Path, name: str, pause: float) -> None:
    """Turns, until killed."""
    conversations = SqliteConversations(Notebook(store), days=30)
    told = conversations.begin(Principal(via=Via.KEY, name=name))
    noted = os.open(notes / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in count():
        text = f"{name} {number}"
        begun = time.monotonic()
        conversations.add(told, Turn(question=text, answer_id="0"))
        ended = time.monotonic()
        os.write(noted, f"{text}\t{1000 * (ended - begun):.3f}\t{ended:.3f}\n".encode())
        if pause:
            time.sleep(pause)


def forked(store: Path, notes: Path, names: list[str], pause: float) -> list[int]:
    """The ids of writers of these names."""
    made = []
    for name in names:
        pid = os.fork()
        if pid == 0:
            try:
                write(store, notes, name, pause)
            finally:
                os._exit(1)
        made.append(pid)
    return made


def end(pids: list[int]) -> None:
    """Kill them all at once."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    for pid in pids:
        os.waitpid(pid, 0)


@dataclass(frozen=True, slots=True)
class Noted:
    """A turn that was acknowledged, after how many milliseconds, and when by the monotonic clock."""

    text: str
    took: float
    moment: float


def acknowledged(notes: Path) -> dict[str, list[Noted]]:
    """By writer: what was acknowledged, in its order."""
    found = {}
    for file in list(notes.iterdir()):
        lines = file.read_text().splitlines(keepends=True)
        rows = (line[:-1].split("\t") for line in lines if line.endswith("\n"))
        found[file.name] = [Noted(text, float(took), float(moment)) for text, took, moment in rows]
    return found


def turns(store: Path) -> set[str]:
    """What stands in a store that is intact."""
    with closing(reading(store)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {question for (question,) in connection.execute("SELECT question FROM turns")}


@dataclass(frozen=True)
class Run:
    """Writers, each of which pauses so many seconds after a turn.

    After some part of ``seconds`` all are killed with SIGKILL and others begin: so many trials. With no
    trials they go on until the program is ended.
    """

    writers: int
    pause: float = 0.0
    trials: int = 0
    seconds: float = 0.0

    def command(self, store: Path, notes: Path) -> list[str]:
        """The program that does so."""
        notes.mkdir()
        return [sys.executable, __file__, str(store), str(notes), *map(str, astuple(self))]


@contextmanager
def writing(store: Path, notes: Path, run: Run) -> Iterator[None]:
    """Writers that write as long as the block runs, and are killed at its end."""
    process = subprocess.Popen(run.command(store, notes), start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def main() -> None:
    """See the module."""
    store, notes, writers, pause, trials, seconds = sys.argv[1:]
    chance = random.Random(11)  # noqa: S311 - any moments
    for trial in range(int(trials)) or (-1,):
        names = [f"{trial}-{number}" for number in range(int(writers))]
        pids = forked(Path(store), Path(notes), names, float(pause))
        if trial < 0:
            signal.pause()
        time.sleep(float(seconds) * (0.2 + 0.8 * chance.random()))
        end(pids)


if __name__ == "__main__":
    main()
