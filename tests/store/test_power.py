"""A machine fails after any write: what was told to last is there, and of a chat at most its end is not."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from browsing import missing
from power import FOLDER, NOTES, RULES, SECRET, TURNS, Choice, Write, after, choices, recorded

from qa_service.domain.errors import NotFoundError
from qa_service.domain.principal import ANONYMOUS
from qa_service.store.conversations import SqliteConversations
from qa_service.store.engine import sqlite3
from qa_service.store.keys import SqliteKeys
from qa_service.store.notebook import Notebook
from qa_service.store.sqlite import SqliteStore

HERE = Path(__file__).parent
STORE = "store.db"
SPREAD = 240  # replays over all the writes, beside one at each acknowledgement

Noted = list[list[str]]
Run = tuple[Mapping[str, bytes], Sequence[Write]]  # the files before, and what was written


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The files before a process did its work, and what it wrote."""
    compiler = shutil.which("cc")
    if compiler is None:
        missing("no C compiler: what is written cannot be recorded")
    folder = tmp_path_factory.mktemp("power")
    made, data = folder / "recorder.so", folder / FOLDER
    command = [compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", made, HERE / "recorder.c"]
    subprocess.run(command, check=True)
    data.mkdir()
    SqliteStore(data / STORE, RULES).close()
    Notebook(data / STORE).close()
    before = {file.name: file.read_bytes() for file in data.iterdir() if not file.name.endswith("-shm")}
    path = os.pathsep.join([str(HERE), str(HERE.parent), *filter(None, sys.path)])
    values = {
        "LD_PRELOAD": str(made),
        "RECORD": str(folder / "writes"),
        "RECORDED": str(data),
        "PYTHONPATH": path,
    }
    subprocess.run([sys.executable, HERE / "power.py", data / STORE], env=os.environ | values, check=True)
    return before, recorded(folder / "writes")


def noted(writes: Sequence[Write]) -> Noted:
    """What was acknowledged by then."""
    return [write.data.decode().split() for write in writes if write.file == NOTES]


def holds(folder: Path, told: Noted) -> int:
    """Whether the store holds what it has to; how many turns it has not that were acknowledged."""
    with closing(sqlite3.connect(folder / STORE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    of = {what: [words[1] for words in told if words[0] == what] for what in {words[0] for words in told}}
    with closing(Notebook(folder / STORE)) as book, closing(SqliteStore(folder / STORE, RULES)) as store:
        keys, conversations = SqliteKeys(book, folder / SECRET), SqliteConversations(book, days=30)
        revoked = set(of.get("revoked", ()))
        for number, text in enumerate(of.get("key", ())):
            if text in revoked:
                assert keys.principal(text) is None
            elif not number % 2:  # every other one is revoked at once, which may be done before it is told
                assert keys.principal(text)
        there, gone = set(store.snapshot().ids()), set(of.get("removed", ()))
        documents = of.get("document", [])
        going = {
            f"d{len(documents) - n}" for n in (3, 4)
        }  # the next to be removed, and the last, not yet told
        assert set(documents) - gone - going <= there
        assert not gone & there
        for lost in of.get("forgotten", ()):
            with pytest.raises(NotFoundError):
                conversations.find(lost, ANONYMOUS)
        return _turns(book, told)


def _turns(book: Notebook, told: Noted) -> int:
    """Turns are there from the first on; those a second before, or before anything lasting, all of them."""
    found = [
        row[0]
        for row in book.read(
            "turns", "SELECT question FROM turns WHERE question != 'soon gone' ORDER BY rowid"
        )
    ]
    assert found == [str(number) for number in range(len(found))]
    lasting = max((n for n, words in enumerate(told) if words[0] not in {"turn", "begun"}), default=0)
    assert len(found) >= sum(words[0] == "turn" for words in told[:lasting])
    return max(0, sum(words[0] == "turn" for words in told) - len(found))


def replays(writes: Sequence[Write]) -> Iterator[tuple[int, Choice]]:
    """After how many writes, and what is done of those that nobody waited for.

    At each acknowledgement that is nothing; everywhere else each way in turn.
    """
    ways = choices(random.Random(11))  # noqa: S311 - what a disk has done
    for end, write in enumerate(writes, 1):
        if write.file == NOTES:
            yield end, ways[0]
    for number in range(SPREAD):
        yield len(writes) * (number + 1) // SPREAD, ways[number % len(ways)]


def test_after_any_write_what_lasts_is_there(run: Run, tmp_path: Path) -> None:
    before, writes = run
    lost = []
    for end, choose in replays(writes):
        folder = tmp_path / str(len(lost))
        folder.mkdir()
        for name, data in after(before, writes[:end], choose).items():
            if name != NOTES and not name.endswith("-shm"):  # memory, which is gone
                (folder / name).write_bytes(data)
        lost.append(holds(folder, noted(writes[:end])))
        shutil.rmtree(folder)

    assert len(lost) >= 200
    assert (
        0 < max(lost) <= TURNS
    )  # turns do go, else the disk was too kind: those since what was last waited for


def test_nothing_waited_for_is_nothing_kept(run: Run, tmp_path: Path) -> None:
    """Were nobody to wait for the disk, it would be noticed."""
    before, writes = run
    hasty = [write for write in writes if write.what != "stands"]
    (tmp_path / STORE).write_bytes(before[STORE])
    for name, data in after(before, hasty, lambda _: ()).items():
        if name != NOTES:
            (tmp_path / name).write_bytes(data)
    with pytest.raises(AssertionError):
        holds(tmp_path, noted(writes))
