"""A parser that may hang or explode runs in a process of its own: a Source in, a Draft out, or a reason."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, Any

from qa_service.domain.document import BlockKind, SourceUnit
from qa_service.ingest.assembly import Draft, Part, Source
from qa_service.ingest.errors import UnreadableError
from qa_service.ingest.limits import MEBIBYTE, Limits
from qa_service.ingest.metadata import Metadata
from qa_service.ingest.traced import Piece, Traced, merged

_MOST_OUTPUT = 512 * MEBIBYTE
_ENDING = 5.0  # seconds that a parser has after its last word
_TOO_SLOW = "too complex: reading it takes longer than is allowed"
_ENDED = "too complex or broken: its reader needed more memory than is allowed, or could not go on"
_BROKEN = "broken: the file cannot be read; open it and save it again"


def drafted(kind: str, source: Source, limits: Limits) -> Draft:
    """The draft that ``qa_service.ingest.<kind>`` makes of ``source``, within ``limits``."""
    with TemporaryFile() as given:
        given.write(source.data)
        given.seek(0)
        output, status = _run(_command(kind, source, limits), given, limits)
    if status in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise UnreadableError(_TOO_SLOW)
    if status < 0:  # PDFium ends its process when there is no more memory
        raise UnreadableError(_ENDED)
    try:
        result = json.loads(output)
    except ValueError as error:
        raise UnreadableError(_BROKEN) from error
    if reason := result.get("reason"):
        raise UnreadableError(reason)
    return unpacked(result["draft"])


def _command(kind: str, source: Source, limits: Limits) -> list[str]:
    numbers = (limits.parser_cpu_seconds, limits.parser_memory_bytes, limits.pages)
    return [sys.executable, "-I", "-m", "qa_service.ingest.worker", kind, source.stem, *map(str, numbers)]


def _run(command: list[str], given: IO[bytes], limits: Limits) -> tuple[bytes, int]:
    """What the command printed and its status; its whole group is killed when time or output runs out."""
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 (our own module)
        command,
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=environment,
    )
    try:
        output = _read(process, time.monotonic() + limits.parser_seconds)
        return output, process.wait(timeout=_ENDING)
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(_TOO_SLOW) from error
    finally:
        _end(process)


def _read(process: "subprocess.Popen[bytes]", deadline: float) -> bytes:
    assert process.stdout is not None  # noqa: S101 (for the type checker: stdout is a pipe)
    found = bytearray()
    output = select.poll()  # select() knows no file above the 1,024th that a process has open
    output.register(process.stdout, select.POLLIN)
    while (left := deadline - time.monotonic()) > 0:
        ready = output.poll(left * 1000)
        chunk = os.read(process.stdout.fileno(), MEBIBYTE) if ready else b""
        if ready and not chunk:
            return bytes(found)
        found += chunk
        if len(found) > _MOST_OUTPUT:
            raise UnreadableError("too long: its text is larger than is allowed")
    raise UnreadableError(_TOO_SLOW)


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def unpacked(draft: dict[str, Any]) -> Draft:
    """The draft that the worker packed."""
    return Draft(
        parts=tuple(
            Part(BlockKind(kind), Traced(merged(Piece(*piece) for piece in pieces)), level)
            for kind, level, pieces in draft["parts"]
        ),
        metadata=Metadata(**draft["metadata"]),
        media_type=draft["media_type"],
        unit=SourceUnit(draft["unit"]),
    )
