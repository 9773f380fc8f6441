"""What the ingest tests share: bytes become an Ingested, and its blocks and sources become strings."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pypdfium2 as pdfium

from qa_service.domain.document import BlockKind, Document, Ingested, Rejected
from qa_service.ingest import Limits, read

DEFAULTS = Limits()
SHARED = Path(__file__).resolve().parents[3] / "shared"


def outcome(folder: Path, name: str, data: bytes | str, limits: Limits = DEFAULTS) -> Ingested | Rejected:
    """What becomes of one file."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    (found,) = read(path, limits)
    return found


def taken(folder: Path, name: str, data: bytes | str) -> Ingested:
    found = outcome(folder, name, data)
    assert isinstance(found, Ingested), found
    return found


def reason(folder: Path, name: str, data: bytes | str, limits: Limits = DEFAULTS) -> str:
    found = outcome(folder, name, data, limits)
    assert isinstance(found, Rejected), found
    return found.reason


def blocks(document: Document, *kinds: BlockKind) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if not kinds or b.kind in kinds]


def outline(document: Document) -> list[tuple[str, str]]:
    return [(str(block.kind), document.text[block.start : block.end]) for block in document.blocks]


class Source:
    """The characters of an original, looked up as the source map counts them."""

    def __init__(self, found: Ingested) -> None:
        self._found = found
        kind, _, charset = found.original.media_type.partition("; charset=")
        data = found.original.data
        self._xml = ZipFile(BytesIO(data)).read("word/document.xml") if "word" in kind else b""
        self._pages = {}
        if kind == "application/pdf":
            document = pdfium.PdfDocument(data)
            self._pages = {n + 1: document[n].get_textpage() for n in range(len(document))}
        elif not self._xml:
            self._text = data.decode("utf-8-sig" if (charset or "utf-8") == "utf-8" else charset)

    def of(self, start: int, end: int) -> str:
        spans = self._found.original.source_map.locate(start, end)
        return "".join(self._span(span.start, span.end, span.page) for span in spans)

    def _span(self, start: int, end: int, page: int | None) -> str:
        if page is not None:
            return self._pages[page].get_text_range(start, end - start)
        if self._xml:
            return self._xml[start:end].decode()
        return self._text[start:end]


def line(**fields: object) -> str:
    return json.dumps(fields)
