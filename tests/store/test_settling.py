"""What was written is waited for soon, by nobody who answers."""

import threading
import time
from pathlib import Path

import pytest

from qa_service.store import settling
from qa_service.store.settling import Settling


@pytest.fixture
def stood(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What stands on the disk by now; a slow one."""
    found: list[Path] = []

    def settle(path: Path) -> None:
        time.sleep(0.1)
        found.append(path)

    monkeypatch.setattr(settling, "settle", settle)
    monkeypatch.setattr(settling, "AFTER", 0.05)
    return found


def all_ended() -> None:
    for thread in threading.enumerate():
        if thread.name == "settling":
            thread.join(10)


def test_who_writes_waits_for_nothing(tmp_path: Path, stood: list[Path]) -> None:
    log = tmp_path / "store.db-wal"
    Settling().soon(log, tmp_path)

    assert stood == []
    all_ended()
    assert stood == [log, tmp_path]  # the file before the folder that names it


def test_what_another_thread_waits_for_is_waited_for(tmp_path: Path, stood: list[Path]) -> None:
    one = Settling()
    one.soon(tmp_path)
    time.sleep(0.1)  # it is under way
    one.now()

    assert stood == [tmp_path]


def test_without_room_for_a_thread_the_writer_waits(
    tmp_path: Path, stood: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    one = Settling()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", full)
        one.soon(tmp_path)
    assert stood == [tmp_path]

    one.soon(tmp_path)
    all_ended()
    assert stood == [tmp_path, tmp_path]


def test_a_file_that_is_gone_is_no_fault_and_a_bad_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = Settling()
    one.soon(tmp_path / "gone")
    one.now()
    assert not caplog.records

    def broken(_: Path) -> None:
        raise OSError("the disk does not answer")

    monkeypatch.setattr(settling, "settle", broken)
    one.soon(tmp_path)
    one.now()
    assert "the disk does not answer" in caplog.text
