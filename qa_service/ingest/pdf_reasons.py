"""Why a PDF that can be opened is not taken all the same: its text is not there, or is not what it shows."""

from collections.abc import Sequence

import pypdfium2 as pdfium

from qa_service.ingest.furniture import PrintedPage

_MADE_WHEN_SHOWN = (
    "a form whose pages are made when it is opened: open it in Adobe Reader and print it to a new PDF"
)
_DRAWN = "no text: what is scanned or drawn needs OCR first"
_BLANK = (
    "no text: its pages are blank; form fields and comments are not read, so print it with them to a new PDF"
)
_TORN = "broken: {} cannot be opened; print it to a new PDF"
_NAMED = 5  # pages
_GARBLED = "garbled: its fonts name other letters than they show; it needs OCR first"


def unfit(document: pdfium.PdfDocument, pages: Sequence[PrintedPage]) -> str | None:
    """The reason, or None for one whose text can be read; ``pages`` are what was read of it."""
    opened = {page.number for page in pages}
    lost = [number for number in range(1, len(document) + 1) if number not in opened]
    if lost:
        return _TORN.format(_named(lost) if opened else "its pages")
    if document.get_formtype() == pdfium.raw.FORMTYPE_XFA_FULL:
        return _MADE_WHEN_SHOWN
    letters = [char for page in pages for line in page.lines for char in line.text if char.isalnum()]
    if not letters:
        return _DRAWN if any(_drawn(document, number) for number in range(len(document))) else _BLANK
    return _GARBLED if 2 * sum(map(_swapped, letters)) > len(letters) else None


def _named(lost: Sequence[int]) -> str:
    """Pages by their numbers."""
    told = ", ".join(map(str, lost[:_NAMED])) + " and others" * (len(lost) > _NAMED)
    return f"{'pages' if len(lost) > 1 else 'page'} {told}"


def _drawn(document: pdfium.PdfDocument, number: int) -> bool:
    """Whether anything stands on the page."""
    try:
        return bool(pdfium.raw.FPDFPage_CountObjects(document[number]))
    except pdfium.PdfiumError:
        return False


def _swapped(letter: str) -> bool:
    """Whether it is an English letter whose two bytes stand in the wrong order."""
    return ord(letter) > 0xFF and ord(letter) % 0x100 == 0
