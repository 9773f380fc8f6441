"""A folder beside a file that is in the making. One process works in it; the next clears what it left."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa_service.domain.errors import StoreError


class OccupiedError(StoreError):
    """Another process works there."""


@contextmanager
def workplace(file: Path, suffix: str) -> Iterator[Path]:
    """The folder, empty, its own user's alone; gone afterwards. What is finished in it is moved out.

    Raises OccupiedError while another process works there. Who is killed leaves the folder without a lock.
    """
    folder = file.with_name(f"{file.name}{suffix}")
    folder.mkdir(mode=0o700, exist_ok=True)
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OccupiedError(f"Another process works in {folder}: wait for it to end.") from error
        _clear(folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(held)


def _clear(folder: Path) -> None:
    for one in folder.iterdir():
        if one.is_dir():
            shutil.rmtree(one)
        else:
            one.unlink()


def settle(path: Path) -> None:
    """Wait until a file or folder stands on the disk."""
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
