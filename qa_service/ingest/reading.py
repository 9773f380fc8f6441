"""Paths become documents: each file, or line of a .jsonl file, ends Ingested or Rejected with a reason."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import cast

from qa_service.domain.document import Ingested, Rejected
from qa_service.ingest import rows
from qa_service.ingest.assembly import Draft, Place, Source, assemble
from qa_service.ingest.errors import UnreadableError
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
KNOWN = "txt, md, html, pdf, docx and jsonl files are read"


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
        yield from _read_rows(path, limits)
    else:
        yield _read_file(path, limits)


def received(name: str, data: bytes, limits: Limits = Limits()) -> Iterator[Ingested | Rejected]:  # noqa: B008
    """The same for bytes that were sent under a file name: what is sent under it again takes their place."""
    path = PurePosixPath(name)
    place = Place(name=name, file_name=path.name, origin=f"upload:{path.name}")
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        yield Rejected(name=name, reason=f"not a kind of file that is read: {KNOWN}")
    elif suffix == ".jsonl":
        yield from rows.read(place, BytesIO(data), limits)
    elif len(data) > limits.file_bytes:
        yield Rejected(name=name, reason=_too_large(limits))
    else:
        yield read_source(place.source(path.stem, data), suffix, limits)


def _too_large(limits: Limits) -> str:
    return f"too large: more than {limits.file_bytes / MEBIBYTE:g} MiB"


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
        return f"not a kind of file that is read: {KNOWN}"
    return None


def _said(error: Exception) -> str:
    return (error.strerror or "the system refused") if isinstance(error, OSError) else str(error)


def _read_file(path: Path, limits: Limits) -> Ingested | Rejected:
    try:
        if path.stat().st_size > limits.file_bytes:
            return Rejected(name=str(path), reason=_too_large(limits))
        data = path.read_bytes()
    except OSError as error:
        return Rejected(name=str(path), reason=f"cannot be opened: {_said(error)}")
    return read_source(_place(path).source(path.stem, data), path.suffix.lower(), limits)


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


def _read_rows(path: Path, limits: Limits) -> Iterator[Ingested | Rejected]:
    try:
        with path.open("rb") as file:
            yield from rows.read(_place(path), file, limits)
    except OSError as error:
        yield Rejected(name=str(path), reason=f"cannot be opened: {_said(error)}")


def _place(path: Path) -> Place:
    return Place(name=str(path), file_name=path.name, origin=str(path.resolve()))
