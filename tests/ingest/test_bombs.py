"""Every file that is made to harm ends as a document or is rejected with its reason: within the limits,
with no process left, nothing read that was not sent and nobody asked."""

import io
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import docx
import pytest
from fetch.sites import HERE, Canary, secret, speaker

from qa_service.domain.document import Ingested, Rejected
from tests.ingest.bombs import ARCHIVES, PDFS, SENTENCE, external
from tests.ingest.reading_files import Limits, outcome, reason, taken

LIMITS = Limits(parser_seconds=30, parser_cpu_seconds=8)  # of seconds, less than the service allows
BEYOND = 30  # seconds beyond the limit: a busy machine starts and ends a process
HOSTNAME = "kept in a file of this machine"


def _base() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(SENTENCE)
    document.save(out)
    return out.getvalue()


BASE = _base()
EXTERNAL = tuple(external(BASE, "", ""))
DECLARED = {
    f"{one}.docx" for one in ("laughs", "file", "asked", "parameter", "utf-16", "types")
}  # none is needed


@pytest.fixture
def canary() -> Iterator[Canary]:
    with speaker(secret) as one:
        yield one


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


def ended(folder: Path, suffix: str, data: bytes) -> Ingested | Rejected:
    """What became of the file; it took no longer than it may, and left nothing."""
    stem = f"bomb-{os.getpid()}-{time.monotonic_ns()}"
    begun, before = time.monotonic(), sorted(Path("/tmp").glob("evil*"))  # noqa: S108 - where one wants to write
    with most_memory(stem) as most:
        found = outcome(folder, f"{stem}{suffix}", data, LIMITS)

    assert time.monotonic() - begun < LIMITS.parser_seconds + BEYOND
    assert readers(stem) == []
    assert [file.name for file in folder.iterdir() if file.is_file()] == [f"{stem}{suffix}"]
    assert sorted(Path("/tmp").glob("evil*")) == before  # noqa: S108
    assert 0 < most[0] <= LIMITS.parser_memory_bytes
    return found


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf(tmp_path: Path, name: str) -> None:
    data = PDFS[name]()
    assert len(data) < 2_000_000
    found = ended(tmp_path, ".pdf", data)

    assert isinstance(found, Ingested) or found.reason


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive(tmp_path: Path, name: str) -> None:
    found = ended(tmp_path, ".docx", ARCHIVES[name](BASE))

    assert isinstance(found, Rejected)
    assert found.reason.startswith(("refused: ", "broken: "))


@pytest.mark.parametrize("name", EXTERNAL)
def test_xml_that_names_what_is_outside(tmp_path: Path, canary: Canary, name: str) -> None:
    (tmp_path / "inside").mkdir()
    kept = tmp_path / "inside" / "hostname"
    kept.write_text(HOSTNAME)
    data = external(BASE, kept.as_uri(), f"http://{HERE}:{canary.port}/")[name]
    found = ended(tmp_path, Path(name).suffix, data)

    assert canary.connections == 0
    assert isinstance(found, Rejected) is (name in DECLARED)
    if isinstance(found, Ingested):
        assert HOSTNAME not in found.document.text
        assert "secret" not in found.document.text
        assert "haha" not in found.document.text
    else:
        assert found.reason.startswith("refused: ")


def test_they_are_as_many_as_was_promised() -> None:
    assert (len(PDFS), len(ARCHIVES), len(EXTERNAL)) == (11, 8, 12)


def test_the_same_without_harm_is_read(tmp_path: Path) -> None:
    assert SENTENCE in taken(tmp_path, "a.docx", BASE).document.text


def test_what_never_ends_is_ended(tmp_path: Path) -> None:
    """Beyond the time of the clock, too, where no processor time is used."""
    stopped = Limits(parser_seconds=0.05)
    assert "longer" in reason(tmp_path, "a.docx", BASE, stopped)
    assert readers("a") == []
