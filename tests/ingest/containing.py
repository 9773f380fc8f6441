"""What became of a file that may do harm, and that it kept within the limits and left nothing."""

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qa_service.domain.document import Ingested, Rejected
from qa_service.ingest import Limits
from tests.ingest.reading_files import DEFAULTS, outcome

BEYOND = 30  # seconds beyond the limit: a busy machine starts and ends a process


def readers(stem: str) -> list[str]:
    """The processes that read a file of this name; it stands on their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if stem.encode() in (process / "cmdline").read_bytes().split(b"\0"):
                found.append(process.name)
    return found


@contextmanager
def most_memory(stem: str) -> Iterator[list[int]]:
    """The most memory, in bytes, that a reader of this name was seen to have used so far (VmHWM)."""
    seen, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            for process in readers(stem):
                with suppress(OSError):
                    for peak in re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text()):
                        seen[0] = max(seen[0], int(peak) * 1024)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield seen
    finally:
        over.set()
        watching.join()


def ended(folder: Path, suffix: str, data: bytes, limits: Limits = DEFAULTS) -> Ingested | Rejected:
    """What became of the file; it took no longer than it may, and left nothing."""
    stem = f"bomb-{os.getpid()}-{time.monotonic_ns()}"
    begun, before = time.monotonic(), sorted(Path("/tmp").glob("evil*"))  # noqa: S108 - where one wants to write
    with most_memory(stem) as most:
        found = outcome(folder, f"{stem}{suffix}", data, limits)

    assert time.monotonic() - begun < limits.parser_seconds + BEYOND
    assert readers(stem) == []
    assert [file.name for file in folder.iterdir() if file.is_file()] == [f"{stem}{suffix}"]
    assert sorted(Path("/tmp").glob("evil*")) == before  # noqa: S108
    assert 0 < most[0] <= limits.parser_memory_bytes
    (folder / f"{stem}{suffix}").unlink()
    return found
