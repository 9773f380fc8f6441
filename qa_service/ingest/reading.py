"""Paths become documents: each file, or line of a .jsonl file, ends Ingested or Rejected with a reason."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from qa_service.domain.document import Ingested, Rejected
from qa_service.ingest.assembly import Draft, Source, assemble
from qa_service.ingest.limits import MEBIBYTE, Limits

FORMATS = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx", ".jsonl"})
_KNOWN = "txt, md, html, pdf, docx and jsonl files are read"


class UnreadableError(ValueError):
    """Why a file is not a document, in words for its owner."""


def discover(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files to read, each once: folders are walked in sorted order without hidden files and unknown kinds.

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
    source = Source(name=str(path), stem=path.stem, origin=str(path.resolve()), data=data)
    return read_source(source, path.suffix.lower(), limits)


def read_source(source: Source, suffix: str, limits: Limits) -> Ingested | Rejected:
    """The document in the bytes of ``source``, read as the format that ``suffix`` names."""
    if not source.data.strip():
        return Rejected(name=source.name, reason="empty: the file holds nothing")
    if reason := _mislabelled(source.data, suffix):
        return Rejected(name=source.name, reason=reason)
    try:
        return assemble(source, _reader(suffix)(source, limits), limits)
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


def _reader(suffix: str) -> Callable[[Source, Limits], Draft]:
    """The reader of a format; its libraries are imported only when such a file is read."""
    return {
        ".txt": _read_txt,
        ".md": _read_markdown,
        ".markdown": _read_markdown,
        ".html": _read_html,
        ".htm": _read_html,
        ".docx": _read_docx,
        ".pdf": _read_pdf,
    }[suffix]


def _read_txt(source: Source, limits: Limits) -> Draft:
    from qa_service.ingest import txt

    return txt.draft(*_decoded(source.data))


def _read_markdown(source: Source, limits: Limits) -> Draft:
    from qa_service.ingest import markdown

    return markdown.draft(*_decoded(source.data))


def _read_html(source: Source, limits: Limits) -> Draft:
    from qa_service.ingest import html
    from qa_service.ingest.decoding import declared_charset

    return html.draft(*_decoded(source.data, declared_charset(source.data)))


def _read_docx(source: Source, limits: Limits) -> Draft:
    from qa_service.ingest import docx

    return docx.draft(source.data, limits)


def _read_pdf(source: Source, limits: Limits) -> Draft:
    from qa_service.ingest import pdf

    return pdf.draft(source, limits)


def _decoded(data: bytes, declared: str | None = None) -> tuple[str, str]:
    from qa_service.ingest.decoding import decode

    found = decode(data, declared=declared)
    if found is None:
        raise UnreadableError("not text: the bytes are no known encoding of words; save it as UTF-8")
    return found.text, found.encoding


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
                        reason=f"too large: more than {limits.file_bytes / MEBIBYTE:g} MiB in one line",
                    )
                elif line.strip():
                    taken = True
                    yield from _read_line(name, path, line, (limits, seen))
    except OSError as error:
        yield Rejected(name=str(path), reason=f"cannot be opened: {_said(error)}")
        return
    if not taken:
        yield Rejected(name=str(path), reason="empty: the file holds nothing")


def _capped(file: "Iterable[bytes]", most: int) -> Iterator[bytes | None]:
    """Lines without their line break; None for one that is longer than ``most`` bytes, which is skipped unread."""
    readline = file.readline  # type: ignore[attr-defined]
    while line := readline(most + 2):
        whole = line.endswith(b"\n") or len(line) < most + 2
        while line and not line.endswith(b"\n") and len(line) == most + 2:
            line = readline(most + 2)
        yield line.rstrip(b"\r\n") if whole else None


def _read_line(
    name: str, path: Path, line: bytes, so_far: tuple[Limits, dict[str, str]]
) -> Iterator[Ingested | Rejected]:
    from qa_service.ingest.jsonl import BadLineError, line_draft

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
    source = Source(name=name, stem=identifier, origin=f"{path.resolve()}#{identifier}", data=line)
    yield assemble(source, draft, limits, identifier)
