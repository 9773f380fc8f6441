"""A DOCX file becomes a draft: paragraphs with their styles, placed in the bytes of word/document.xml."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from xml.parsers import expat

import docx
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from qa_service.domain.document import BlockKind, SourceUnit
from qa_service.ingest.align import Aligner
from qa_service.ingest.archive import document_xml
from qa_service.ingest.assembly import Draft, Part, Source
from qa_service.ingest.errors import UnreadableError
from qa_service.ingest.metadata import Metadata, clean, language_tag
from qa_service.ingest.opening import opened
from qa_service.ingest.traced import Piece
from qa_service.ingest.txt import looks_like_heading

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element  # type: ignore[import-untyped]

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_RUN = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]")
_LEVEL = re.compile(r"heading (\d)", re.IGNORECASE)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HIDDEN = frozenset({_FALLBACK, *map(qn, ("w:del", "w:moveFrom", "w:txbxContent", "w:rPr", "w:pPr"))})
_WRITERS = frozenset({"python-docx", "microsoft office user", "user", "admin", "author", "windows user"})
_SPACES = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def draft(source: Source) -> Draft:
    """The parts and metadata of a Word file."""
    xml = document_xml(source.data)
    aligner = Aligner(_written(xml))
    try:
        document = docx.Document(BytesIO(source.data))
        blocks = [block for block in _blocks(document) if block[1].strip()]
        said = _metadata(document, {" ".join(text.split()) for _, text, _ in blocks})
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise UnreadableError("broken: it is not a complete Word file; open it and save it again") from error
    parts, metadata = opened([Part(kind, aligner.place(text), level) for kind, text, level in blocks], said)
    return Draft(parts=parts, metadata=metadata, media_type=_MEDIA_TYPE, unit=SourceUnit.XML_BYTE)


def _written(xml: bytes) -> Iterator[Piece]:
    """The text of every w:t with its bytes; a character beyond ASCII is a run of its own."""
    if not xml.lstrip(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise UnreadableError("broken: word/document.xml is not UTF-8; open the file and save it again")
    found: list[tuple[int, str]] = []
    inside: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: inside.append(name.rpartition(":")[2] == "t")
    parser.EndElementHandler = lambda _: inside.pop()
    parser.CharacterDataHandler = lambda data: (
        found.append((parser.CurrentByteIndex, data)) if inside[-1] else None
    )
    parser.Parse(xml, True)
    for start, data in found:
        yield from _byte_pieces(xml, start, data)


def _byte_pieces(xml: bytes, start: int, data: str) -> Iterator[Piece]:
    if xml[start : start + 1] == b"&":
        yield Piece(data, start, xml.index(b";", start) + 1)
        return
    for match in _RUN.finditer(data):
        size = len(match.group().encode())
        yield Piece(match.group(), start, start + size)
        start += size


def _blocks(document: "WordDocument") -> Iterator[tuple[BlockKind, str, int]]:
    for element in _flat(document.element.body):
        if element.tag == qn("w:tbl"):
            yield from _rows(element)
        else:
            yield _block(Paragraph(element, document))


def _flat(element: "_Element") -> Iterator["_Element"]:
    """Paragraphs and tables in order, also those inside content controls and insertions."""
    for child in element:
        if child.tag in {qn("w:p"), qn("w:tbl")}:
            yield child
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo")}:
            yield from _flat(child)


def _rows(table: "_Element") -> Iterator[tuple[BlockKind, str, int]]:
    for row in table.iter(qn("w:tr")):
        cells = (" ".join(_text(cell).split()) for cell in row.iterchildren(qn("w:tc")))
        yield BlockKind.LIST_ITEM, " | ".join(filter(None, cells)), 0


def _text(element: "_Element") -> str:
    """What Word shows of an element: insertions yes, deletions and fallbacks no."""
    shown = []
    for child in element:
        if child.tag == qn("w:t"):
            shown.append(child.text or "")
        elif child.tag in _SPACES:
            shown.append(_SPACES[child.tag])
        elif child.tag not in _HIDDEN:
            shown.append(_text(child))
    return "".join(shown) + ("\n" if element.tag == qn("w:p") else "")


def _block(paragraph: "Paragraph") -> tuple[BlockKind, str, int]:
    text = _text(paragraph._p)
    style = (paragraph.style.name if paragraph.style else "") or ""
    heading = _LEVEL.match(style)
    if style == "Title":
        return BlockKind.HEADING, text, 1
    if heading:
        return BlockKind.HEADING, text, int(heading[1])
    if style.startswith("List") or paragraph._p.find(f".//{qn('w:numPr')}") is not None:
        return BlockKind.LIST_ITEM, text, 0
    if looks_like_heading(text.strip()) and _all_bold(paragraph):
        return BlockKind.HEADING, text, 3
    return BlockKind.PARAGRAPH, text, 0


def _all_bold(paragraph: "Paragraph") -> bool:
    written = [run for run in paragraph.runs if run.text.strip()]
    return bool(written) and all(run.bold for run in written)


def _metadata(document: "WordDocument", texts: set[str]) -> Metadata:
    """The properties of the file, where they are more than what the writing program filled in."""
    said = document.core_properties
    title, author = clean(said.title), clean(said.author)
    return Metadata(
        title=title if title in texts else None,
        author=author if author and author.lower() not in _WRITERS else None,
        language=language_tag(said.language),
    )
