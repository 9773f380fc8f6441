"""A PDF becomes a draft: PDFium's characters, set back into lines, paragraphs, headings and a title."""

import re
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium

from qa_service.domain.document import BlockKind, SourceUnit
from qa_service.ingest import dates
from qa_service.ingest.assembly import Draft, Part, Source
from qa_service.ingest.errors import UnreadableError
from qa_service.ingest.furniture import PrintedPage, furnished
from qa_service.ingest.lines import vocabulary
from qa_service.ingest.metadata import Metadata, clean, language_tag
from qa_service.ingest.opening import opened, same_words
from qa_service.ingest.pdf_columns import by_columns
from qa_service.ingest.pdf_glyphs import upright
from qa_service.ingest.pdf_layout import parts_of
from qa_service.ingest.pdf_lines import printed_lines
from qa_service.ingest.pdf_reasons import unfit

_COVER_DATE = re.compile(r"cover date:?\s*([\w .,-]{4,30}\d{4})", re.IGNORECASE)
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_DOWNWARDS = 3  # quarter turns: PDFium reads lines that are shown so from the last to the first
_MOST_TITLE_LINES = 4
MOST_PAGES = 5_000


def draft(source: Source, most_pages: int = MOST_PAGES) -> Draft:
    """The parts and metadata of a PDF. Raises UnreadableError for one whose text cannot be read."""
    document = _document(source.data)
    if len(document) > most_pages:
        raise UnreadableError(f"too long: more than {most_pages:,} pages")
    raw = tuple(_pages(document))
    if reason := unfit(document, raw):
        raise UnreadableError(reason)
    said = document.get_metadata_dict()
    title = _title(raw, clean(said.get("Title")))
    pages = tuple(furnished(raw, [title] if title else []))
    known = vocabulary(line.text for page in pages for line in page.lines)
    parts, metadata = opened(_titled(tuple(parts_of(pages, known)), title), _metadata(said, title, document))
    return Draft(parts=parts, metadata=metadata, media_type="application/pdf", unit=SourceUnit.PAGE_CHARACTER)


def _document(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise UnreadableError("encrypted: remove the password and ingest it again") from error
        raise UnreadableError("broken: the PDF cannot be opened; print it to a new PDF") from error


def _pages(document: pdfium.PdfDocument) -> Iterator[PrintedPage]:
    """Every page, once for each way that its text runs; one that PDFium cannot load is not there."""
    for index in range(len(document)):
        try:
            page = document[index]
            textpage = page.get_textpage()
        except pdfium.PdfiumError:
            continue
        yield from _read(page, textpage, index + 1)
        textpage.close()
        page.close()


def _read(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, number: int) -> Iterator[PrintedPage]:
    shown, turned = page.get_size(), page.get_rotation() // 90
    width, height = shown[::-1] if turned % 2 else shown
    for way, glyphs in upright(textpage, width, height):
        lines = printed_lines(textpage, glyphs, number)
        if (way - turned) % 4 == _DOWNWARDS:
            lines.sort(key=lambda line: (-round(line.bottom), line.left))
        yield PrintedPage(number, width if way % 2 else height, tuple(by_columns(lines)))


def _title(pages: Sequence[PrintedPage], given: str | None) -> str | None:
    """The title as the first page prints it: the one that the metadata name, else the largest lines."""
    if not pages:
        return None
    lines = pages[0].lines
    for start in range(len(lines)):
        for count in range(1, _MOST_TITLE_LINES + 1):
            printed = clean(" ".join(line.text.strip() for line in lines[start : start + count]))
            if given and printed and same_words(printed, given):
                return printed
    return _largest(pages[0])


def _largest(page: PrintedPage) -> str | None:
    candidates = [
        line for line in page.lines if len(line.text.strip()) > 2 and any(map(str.isalpha, line.text))
    ]
    sizes = sorted((line.size for line in candidates), reverse=True)
    if not sizes or sizes[0] < 1.1 * sizes[len(sizes) // 2]:
        return None
    if max(line.bottom for line in candidates if line.size == sizes[0]) < 0.4 * page.height:
        return None
    first = next(index for index, line in enumerate(page.lines) if line.size == sizes[0])
    found: list[str] = []
    for line in page.lines[first : first + _MOST_TITLE_LINES]:
        if abs(line.size - sizes[0]) > 0.5:
            break
        found.append(line.text.strip())
    return clean(" ".join(found))


def _titled(parts: tuple[Part, ...], title: str | None) -> tuple[Part, ...]:
    for index, part in enumerate(parts):
        if title and same_words(part.text, title):
            return (Part(BlockKind.TITLE, part.traced), *parts[:index], *parts[index + 1 :])
    return parts


def _metadata(said: dict[str, str], title: str | None, document: pdfium.PdfDocument) -> Metadata:
    """Dates only where a cover date is named: the creation date is that of the file, not of the text."""
    cover = _COVER_DATE.search(said.get("Keywords", "") + " " + said.get("Subject", ""))
    author = clean(said.get("Author"))
    language = getattr(pdfium.raw, "FPDFCatalog_GetLanguage", None)
    return Metadata(
        title=title,
        author=author if author and " " in author else None,
        published=dates.written(cover[1]) if cover else None,
        language=language_tag(_language(document, language)) if language else None,
    )


def _language(document: pdfium.PdfDocument, reader: object) -> str | None:
    """The language that the catalogue names."""
    import ctypes  # noqa: PLC0415

    buffer = (ctypes.c_ushort * 64)()
    size = reader(document, buffer, 128) if callable(reader) else 0
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "ignore") or None
