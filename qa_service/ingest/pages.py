"""What was fetched becomes documents as a file of that kind would, with its address; or a reason."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from qa_service.domain.document import Ingested, Rejected
from qa_service.domain.web import Entry, Fetched
from qa_service.ingest import rows
from qa_service.ingest.assembly import Place
from qa_service.ingest.limits import Limits
from qa_service.ingest.metadata import Metadata, clean, web_address
from qa_service.ingest.reading import FORMATS, KNOWN, read_source

_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "application/jsonl": ".jsonl",
    "application/x-jsonlines": ".jsonl",
    "application/x-ndjson": ".jsonl",
}
# Types that servers give to whatever they do not know; the name says more.
_SAYS_LITTLE = frozenset(
    {"", "text/plain", "application/octet-stream", "binary/octet-stream", "application/x-download"}
)
_LONGEST_STEM = 80
_NO_NAME = re.compile(r"[^\w.-]+")


def fetched(page: Fetched, entry: Entry | None, limits: Limits) -> Iterator[Ingested | Rejected]:
    """One item, or one a line for .jsonl; ``entry`` is what a feed says of the page."""
    suffix = _suffix(page)
    if suffix is None:
        told = page.media_type[:80] or "a file without a type"
        yield Rejected(name=page.address, reason=f"{told} is not a kind of file that is read: {KNOWN}")
        return
    stem = _stem(page.url)
    place = Place(
        name=page.address, file_name=f"{stem}{suffix}", origin=page.address, said=_said(page, entry)
    )
    if suffix == ".jsonl":
        yield from rows.read(place, BytesIO(page.data), limits)
    else:
        yield read_source(place.source(stem, page.data), suffix, limits)


def _suffix(page: Fetched) -> str | None:
    """The ending that a file of this kind has; None when it is of no kind that is read."""
    if page.media_type not in _SAYS_LITTLE:
        return _KINDS.get(page.media_type)
    named = PurePosixPath(unquote(urlsplit(page.url).path)).suffix.lower()
    if named in FORMATS:
        return named
    if page.data.startswith(b"%PDF-"):
        return ".pdf"
    return ".txt" if page.media_type == "text/plain" else None


def _stem(url: str) -> str:
    """What the document is called after: the last word of the path, or the host."""
    parts = urlsplit(url)
    words = [word for word in unquote(parts.path).split("/") if word]
    if words and PurePosixPath(words[-1]).stem.lower() in {"index", "default"}:
        words.pop()
    last = PurePosixPath(words[-1]) if words else None
    named = (last.stem if last.suffix.lower() in FORMATS else last.name) if last else parts.hostname or ""
    return _NO_NAME.sub("-", named)[:_LONGEST_STEM].strip("-.") or "page"


def _said(page: Fetched, entry: Entry | None) -> Metadata:
    known = entry or Entry(address=page.address)
    return Metadata(
        title=clean(known.title),
        author=clean(known.author),
        published=known.published,
        url=web_address(page.url),
    )
