"""Paths become documents: each file, or line of a .jsonl file, ends Ingested or Rejected with a reason."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import IO, cast

from qa_service.domain.document import Ingested, Rejected
from qa_service.ingest.assembly import Draft, Source, assemble
from qa_service.ingest.errors import BadLineError, UnreadableError
from qa_service.ingest.limits import MEBIBYTE, Limits
from qa_service.ingest.sandbox import drafted

_READERS = {
    ".txt": "txt",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".pdf": "pdf",
}
_HERE = {"txt": 4 * MEBIBYTE, "markdown": MEBIBYTE // 16}  # bytes that are read within a second
FORMATS = frozenset({*_READERS, ".jsonl"})
_KNOWN = "txt, md, html, pdf, docx and jsonl files are read"


def discover(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files to read, each once: folders are walked in order, without hidden files and unknown kinds.

    A path that is named itself is always there, so that ``read`` can say why it is not taken.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        for file in _walked(path) if path.is_dir() else (path,):
            found.setdefault(file, None)
    return tuple(found)


def _walked(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.suffix.lower() in FORMATS and path.is_file():
            yield path


def read(path: Path, limits: Limits = Limits()) -> Iterator[Ingested | Rejected]:  # noqa: B008 (frozen)
    """One item for a file, one a line for .jsonl; content never raises, it is Rejected with a reason."""
    path = Path(path)
    if reason := _unusable(path):
        yield Rejected(name=str(path), reason=reason)
    elif path.suffix.lower() == ".jsonl":
        yield from _read_lines(path, limits)
    else:
        yield _read_file(path, limits)


def _unusable(path: Path) -> str | None:
    try:
        if path.is_dir():
            return "a folder: name its files, or ingest the folder itself"
        if not path.exists():
            return "no such file"
        if not path.is_file():
            return "not a regular file"
    except (OSError, ValueError) as error:
        return f"cannot be opened: {_said(error)}"
    if path.suffix.lower() not in FORMATS:
        return f"not a kind of file that is read: {_KNOWN}"
    return None


def _said(error: Exception) -> str:
    return (error.strerror or "the system refused") if isinstance(error, OSError) else str(error)


def _read_file(path: Path, limits: Limits) -> Ingested | Rejected:
    try:
        if path.stat().st_size > limits.file_bytes:
            return Rejected(
                name=str(path), reason=f"too large: more than {limits.file_bytes / MEBIBYTE:g} MiB"
            )
        data = path.read_bytes()
    except OSError as error:
        return Rejected(name=str(path), reason=f"cannot be opened: {_said(error)}")
    source = Source(
        name=str(path), file_name=path.name, stem=path.stem, origin=str(path.resolve()), data=data
    )
    return read_source(source, path.suffix.lower(), limits)


def read_source(source: Source, suffix: str, limits: Limits) -> Ingested | Rejected:
    """The document in the bytes of ``source``, read as the format that ``suffix`` names."""
    if not source.data.strip():
        return Rejected(name=source.name, reason="empty: the file holds nothing")
    if reason := _mislabelled(source.data, suffix):
        return Rejected(name=source.name, reason=reason)
    try:
        return assemble(source, _draft(source, suffix, limits), limits)
    except UnreadableError as error:
        return Rejected(name=source.name, reason=str(error))


_MAGIC: tuple[tuple[bytes, frozenset[str], str], ...] = (
    (b"%PDF-", frozenset({".pdf"}), "a PDF"),
    (
        b"\xd0\xcf\x11\xe0",
        frozenset(),
        "an old Word or Office file (or an encrypted one): save it as .docx without a password",
    ),
    (b"PK\x03\x04", frozenset({".docx"}), "a ZIP archive or Office file"),
    (b"{\\rtf", frozenset(), "an RTF file: save it as .docx or .txt"),
    (b"\x1f\x8b", frozenset(), "a gzip archive: unpack it first"),
    (b"\x89PNG", frozenset(), "an image: scanned text needs OCR first"),
    (b"\xff\xd8\xff", frozenset(), "an image: scanned text needs OCR first"),
)


def _mislabelled(data: bytes, suffix: str) -> str | None:
    """Why the first bytes do not fit the name of the file."""
    for magic, suffixes, what in _MAGIC:
        if data.startswith(magic) and suffix not in suffixes:
            return f"named {suffix} but it is {what}"
    if suffix == ".pdf" and b"%PDF-" not in data[:1024]:
        return "named .pdf but it is not a PDF"
    if suffix == ".docx" and not data.startswith(b"PK"):
        return "named .docx but it is not a Word file"
    return None


def _draft(source: Source, suffix: str, limits: Limits) -> Draft:
    """What the format's reader makes of ``source``; it is imported only when such a file is read.

    Text and Markdown of usual size are read here; everything else runs in a process with limits.
    """
    kind = _READERS[suffix]
    if len(source.data) <= _HERE.get(kind, 0):
        return cast("Draft", import_module(f"qa_service.ingest.{kind}").draft(source))
    return drafted(kind, source, limits)


def _read_lines(path: Path, limits: Limits) -> Iterator[Ingested | Rejected]:
    seen: dict[str, str] = {}
    taken = False
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_capped(file, limits.file_bytes), 1):
                name = f"{path}, line {number}"
                if line is None:
                    taken = True
                    yield Rejected(
                        name=name,
                        reason=f"too large: a line of over {limits.file_bytes / MEBIBYTE:g} MiB",
                    )
                elif line.strip():
                    taken = True
                    yield from _read_line(name, path, line, (limits, seen))
    except OSError as error:
        yield Rejected(name=str(path), reason=f"cannot be opened: {_said(error)}")
        return
    if not taken:
        yield Rejected(name=str(path), reason="empty: the file holds nothing")


def _capped(file: IO[bytes], most: int) -> Iterator[bytes | None]:
    """Lines without their line break; None for one over ``most`` bytes, which is skipped."""
    while line := file.readline(most + 2):
        whole = line.endswith(b"\n") or len(line) < most + 2
        while line and not line.endswith(b"\n") and len(line) == most + 2:
            line = file.readline(most + 2)
        yield line.rstrip(b"\r\n") if whole else None


def _read_line(
    name: str, path: Path, line: bytes, so_far: tuple[Limits, dict[str, str]]
) -> Iterator[Ingested | Rejected]:
    from qa_service.ingest.jsonl import line_draft  # noqa: PLC0415 (only where such a file is read)

    limits, seen = so_far
    digest = sha256(line).hexdigest()
    try:
        identifier, draft = line_draft(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        yield Rejected(name=name, reason="not UTF-8: save the file as UTF-8")
        return
    except BadLineError as error:
        yield Rejected(name=name, reason=str(error))
        return
    if seen.setdefault(identifier, digest) != digest:
        yield Rejected(
            name=name, reason=f"the id {identifier!r} stands on an earlier line with other content"
        )
        return
    source = Source(
        name=name, file_name=path.name, stem=identifier, origin=f"{path.resolve()}#{identifier}", data=line
    )
    yield assemble(source, draft, limits, identifier)
