"""The lines of a .jsonl file, each a document of its own or Rejected with a reason."""

from collections.abc import Iterator
from hashlib import sha256
from typing import IO

from qa_service.domain.document import Ingested, Rejected
from qa_service.ingest.assembly import Place, assemble
from qa_service.ingest.errors import BadLineError
from qa_service.ingest.limits import MEBIBYTE, Limits


def read(place: Place, file: IO[bytes], limits: Limits) -> Iterator[Ingested | Rejected]:
    """One item a line that holds something. OSError of the file is its reader's."""
    seen: dict[str, str] = {}
    taken = False
    for number, line in enumerate(_capped(file, limits.file_bytes), 1):
        name = f"{place.name}, line {number}"
        if line is None:
            taken = True
            reason = f"too large: a line of over {limits.file_bytes / MEBIBYTE:g} MiB"
            yield Rejected(name=name, reason=reason)
        elif line.strip():
            taken = True
            yield _read_row(name, place, line, (limits, seen))
    if not taken:
        yield Rejected(name=place.name, reason="empty: the file holds nothing")


def _capped(file: IO[bytes], most: int) -> Iterator[bytes | None]:
    """Lines without their line break; None for one over ``most`` bytes, which is skipped."""
    while line := file.readline(most + 2):
        whole = line.endswith(b"\n") or len(line) < most + 2
        while line and not line.endswith(b"\n") and len(line) == most + 2:
            line = file.readline(most + 2)
        yield line.rstrip(b"\r\n") if whole else None


def _read_row(
    name: str, place: Place, line: bytes, so_far: tuple[Limits, dict[str, str]]
) -> Ingested | Rejected:
    from qa_service.ingest.jsonl import line_draft  # noqa: PLC0415 (only where such a file is read)

    limits, seen = so_far
    digest = sha256(line).hexdigest()
    try:
        identifier, draft = line_draft(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Rejected(name=name, reason="not UTF-8: save the file as UTF-8")
    except BadLineError as error:
        return Rejected(name=name, reason=str(error))
    if seen.setdefault(identifier, digest) != digest:
        reason = f"the id {identifier!r} stands on an earlier line with other content"
        return Rejected(name=name, reason=reason)
    row = Place(name=name, file_name=place.file_name, origin=f"{place.origin}#{identifier}")
    return assemble(row.source(identifier, line), draft, limits, identifier)
