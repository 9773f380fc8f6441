"""Many processes write at once, are killed, and are backed up meanwhile: what was acknowledged is there."""

import subprocess
import time
from contextlib import closing
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from channels.running import eventually
from writers import Run, acknowledged, turns, writing

from qa_service.domain.conversation import Turn
from qa_service.domain.principal import ANONYMOUS
from qa_service.store import engine, notebook, sqlite
from qa_service.store.backing_up import backup
from qa_service.store.conversations import SqliteConversations
from qa_service.store.keys import SqliteKeys
from qa_service.store.notebook import Notebook
from qa_service.store.spool import folder_of
from qa_service.store.sqlite import SqliteStore

SLOWEST = 2000.0  # milliseconds of the slowest write, on a machine that does nothing else
BUSY = 5000.0  # on one that does
SHARE = 0.25  # of the mean, that every writer comes to


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


def texts(notes: Path) -> set[str]:
    return {one.text for said in acknowledged(notes).values() for one in said}


def killed(path: Path, notes: Path, trials: int, seconds: float) -> int:
    """Trials with eight writers; how many turns were acknowledged. They are all there."""
    subprocess.run(Run(8, 0.0, trials, seconds).command(path, notes), check=True)
    with closing(Notebook(path)) as book:  # whoever comes next writes what waited
        book.read("turns", "SELECT 1")
    said = texts(notes)
    assert said <= turns(path)
    assert not folder_of(path).exists()
    return len(said)


def test_nothing_acknowledged_is_lost_when_all_writers_are_killed_50_times(path: Path, notes: Path) -> None:
    assert killed(path, notes, 50, 0.4) > 1000


@pytest.mark.long
def test_nothing_acknowledged_is_lost_when_all_writers_are_killed_500_times(path: Path, notes: Path) -> None:
    said = killed(path, notes, 500, 2)
    assert said > 500_000, said


def fair(path: Path, notes: Path, run: Run, seconds: float, slowest: float = BUSY) -> None:
    """Writers for some time: none is refused, none is slow, none is left behind."""
    with writing(path, notes, run):
        assert eventually(lambda: notes.is_dir() and len(list(notes.iterdir())) == run.writers)
        time.sleep(seconds)
    found = acknowledged(notes)
    counts = [len(one) for one in found.values()]
    assert len(counts) == run.writers
    assert min(counts) >= SHARE * mean(counts)
    assert max(one.took for said in found.values() for one in said) <= slowest


def test_eight_writers_flat_out_all_get_their_turn(path: Path, notes: Path) -> None:
    fair(path, notes, Run(8), 10)


def test_32_writers_at_200_rows_a_second_wait_for_nobody(path: Path, notes: Path) -> None:
    fair(path, notes, Run(32, 32 / 200), 10)


@pytest.mark.long
def test_32_writers_at_200_rows_a_second_for_a_minute(path: Path, notes: Path) -> None:
    fair(path, notes, Run(32, 32 / 200), 60, SLOWEST)


def test_keys_deletions_and_documents_are_committed_to_the_disk_and_turns_are_not(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What SQLite is told before each commit: FULL (2) waits for the disk, NORMAL (1) does not."""
    levels: list[int] = []
    beginning = engine.begin

    def noted(connection: Any, seconds: float) -> None:
        levels.append(connection.execute("PRAGMA synchronous").fetchone()[0])
        beginning(connection, seconds)

    for module in (notebook, sqlite):
        monkeypatch.setattr(module, "begin", noted)
    with closing(Notebook(path)) as book, closing(SqliteStore(path, "rules")) as documents:
        keys = SqliteKeys(book, path.with_name("secret"))
        made, _ = keys.create("one", frozenset())
        keys.revoke(made.id)
        told = SqliteConversations(book, days=30)
        begun = told.begin(ANONYMOUS)
        told.add(begun, Turn(question="Who?", answer_id="0"))
        told.forget(begun.id, ANONYMOUS)
        documents.publish(())
    assert levels == [2, 2, 1, 1, 2, 2]


def test_25_backups_under_full_write_load_hold_what_was_acknowledged_before(
    path: Path, notes: Path, tmp_path: Path
) -> None:
    with writing(path, notes, Run(4, 0.01)):
        assert eventually(lambda: notes.is_dir() and len(texts(notes)) > 100)
        for number in range(25):
            before = texts(notes)
            file = tmp_path / f"{number}.backup"
            backup(path, file)
            assert before <= turns(file)
            file.unlink()
