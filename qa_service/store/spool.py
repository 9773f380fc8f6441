"""Rows that wait for the store, in a file of their process beside it: they outlive the process.

Each process that makes rows wait has a file of its own in one folder, and a lock on it while it lives. A file
without a lock is that of a process that was killed: who finds it writes its rows, which may be done twice.
"""

import fcntl
import json
import logging
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

HIDDEN = "."  # begins the name of a file that has no lock yet
MOST = 64 * 2**20  # bytes that one process may make wait


@dataclass(frozen=True, slots=True)
class Change:
    """One statement. ``about`` is whatever it tells, for who reads what is not written yet."""

    sql: str
    values: Sequence[object]
    about: object = None


def folder_of(store: Path) -> Path:
    """Where the rows wait that belong to a store."""
    return store.with_name(f"{store.name}.waiting")


class Spool:
    """One process's file. There is none while nothing waits."""

    def __init__(self, store: Path) -> None:
        self._folder = folder_of(store)
        self._file: Path | None = None
        self._held = -1
        self._size = 0

    def append(self, change: Change) -> Path:
        """Keep a row until `clear`; in which file. Raises OSError, or TypeError or ValueError for no row."""
        line = json.dumps([change.sql, list(change.values)]).encode() + b"\n"
        if self._size + len(line) > MOST:
            raise OSError(f"{MOST} bytes wait already")
        file = self._file or self._begin()
        if os.write(self._held, line) != len(line):
            os.ftruncate(self._held, self._size)
            raise OSError("There is no room for a row that waits")
        self._size += len(line)
        return file

    def clear(self) -> None:
        """What was kept is in the store."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)
            os.close(self._held)
            self._file, self._held, self._size = None, -1, 0
            with suppress(OSError):  # others wait
                self._folder.rmdir()

    def _begin(self) -> Path:
        """A file that has its lock before it has its name."""
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        while self._file is None:
            with suppress(FileNotFoundError):  # another process took the folder or the file for a leftover
                self._folder.mkdir(mode=0o700, exist_ok=True)
                self._file = self._named(name)
        return self._file

    def _named(self, name: str) -> Path:
        hidden = self._folder / f"{HIDDEN}{name}"
        self._held = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX)
            return hidden.rename(self._folder / name)
        except OSError:
            os.close(self._held)
            raise

    def adopt(self, write: Callable[[Sequence[Change]], None]) -> None:
        """Give ``write`` the rows of each process that was killed; what it does not raise on is forgotten."""
        found = [one for one in _files(self._folder) if one != self._file]
        for file in found:
            with suppress(FileNotFoundError), file.open("rb") as opened:
                try:
                    fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:  # its process lives
                    continue
                changes = [] if file.name.startswith(HIDDEN) else list(_changes(opened.read()))
                if changes:
                    write(changes)
                file.unlink()
        if found:
            with suppress(OSError):  # others wait
                self._folder.rmdir()


def waits(store: Path) -> bool:
    """Whether a row waits."""
    return bool(_files(folder_of(store)))


def waiting(store: Path) -> list[Change]:
    """The rows of all processes that wait for a store at this moment."""
    found: list[Change] = []
    for file in _files(folder_of(store)):
        with suppress(FileNotFoundError):  # it has just been written; one that has no name yet is empty
            found += _changes(file.read_bytes())
    return found


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []


def _changes(data: bytes) -> Iterator[Change]:
    for line in data.splitlines(keepends=True):
        if line.endswith(b"\n"):  # who was killed while writing it had not said that it is kept
            try:
                sql, values = json.loads(line)
            except (ValueError, TypeError):
                log.warning("A row that waited cannot be read, and is left out")
                continue
            yield Change(sql, values)
