"""Whether the files of a candidate index are as tantivy wrote them; those that are not are taken away.

tantivy ends each file of a segment with the CRC-32 of all that stands before, and looks at it only when it is
told to, which its Python binding cannot. Such a file never changes: each is read through once.
"""

import fcntl
import json
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import SEEK_END
from pathlib import Path
from time import monotonic, sleep
from typing import Any

PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")  # files of a segment
TAIL = struct.Struct("<II")  # at the end of a file: the bytes of the footer before it, and MAGIC
MAGIC = 1337
AT_ONCE = 2**20  # bytes that are read
COMMITTED = "meta.json"
LOCK = ".tantivy-writer.lock"  # held by whoever writes
LOCK_SECONDS = 60  # how long that is waited for


class Files:
    """The files of the index in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._whole: frozenset[str] = frozenset()  # names of the files that were read through

    @property
    def told(self) -> bytes | None:
        """What tells of the last commit; None when nothing does. Raises OSError."""
        try:
            return (self._folder / COMMITTED).read_bytes()
        except FileNotFoundError:
            return None

    def proved(self) -> bytes:
        """The same, when all files that it names are whole. Raises ValueError and OSError."""
        while True:
            told = self.told
            if told is None:
                raise FileNotFoundError(f"There is no {COMMITTED}")
            try:
                self._prove(frozenset(_named(json.loads(told))))
            except FileNotFoundError:
                if self.told == told:  # not taken away by a later commit
                    raise
            else:
                return told

    def _prove(self, names: frozenset[str]) -> None:
        for name in sorted(names - self._whole):
            if not is_whole(self._folder / name):
                raise ValueError(f"{name} is not what was written")
        self._whole = names

    def doubt(self) -> None:
        """Read all of them through again, next time."""
        self._whole = frozenset()

    def discard(self, told: bytes | None, begin: Callable[[], object]) -> None:
        """Take them away and ``begin`` anew, unless another process has committed since that was ``told``.

        Raises OSError, TimeoutError when somebody writes for too long.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with _alone(self._folder / LOCK):
            if self.told == told:
                for file in self._folder.iterdir():
                    if file.suffix != ".lock":
                        file.unlink()
                self.doubt()
                begin()


def is_whole(file: Path) -> bool:
    """Whether a file has the checksum that it ends with. Raises OSError."""
    with file.open("rb") as opened:
        size = opened.seek(0, SEEK_END)
        opened.seek(max(size - TAIL.size, 0))
        tail = opened.read(TAIL.size)
        length, magic = TAIL.unpack(tail) if len(tail) == TAIL.size else (0, 0)
        end = size - TAIL.size - length
        if magic != MAGIC or end < 0:
            return False
        opened.seek(end)
        footer = opened.read(length)
        opened.seek(0)
        return f'"crc":{_checksum(opened, end)}}}'.encode() in footer


def _checksum(opened: Any, end: int) -> int:
    found = 0
    while end:
        part = opened.read(min(end, AT_ONCE))
        if not part:  # shorter than it was a moment ago
            return -1
        found, end = zlib.crc32(part, found), end - len(part)
    return found


def _named(committed: Any) -> Iterator[str]:
    """The files of a commit. Raises ValueError when it tells of none."""
    try:
        for segment in committed["segments"]:
            name = segment["segment_id"].replace("-", "")
            yield from (f"{name}.{part}" for part in PARTS)
            if segment["deletes"] is not None:
                yield f"{name}.{segment['deletes']['opstamp']}.del"
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{COMMITTED} tells of no segments") from error


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    deadline = monotonic() + LOCK_SECONDS
    with lock.open("ab") as held:
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if monotonic() > deadline:
                    raise TimeoutError("Somebody writes it") from None
                sleep(0.005)
        yield
