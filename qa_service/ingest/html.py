"""An HTML file becomes a draft: the main text as trafilatura finds it, placed back in the file."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import trafilatura

from qa_service.domain.document import BlockKind
from qa_service.ingest import dates
from qa_service.ingest.align import Aligner
from qa_service.ingest.assembly import Draft, Part, Source
from qa_service.ingest.decoding import declared_charset, decoded
from qa_service.ingest.metadata import Metadata, byline_author, clean, language_tag, web_address, without_site
from qa_service.ingest.opening import opened, same_words
from qa_service.ingest.page import Page, Visible
from qa_service.ingest.traced import Traced
from qa_service.ingest.txt import looks_like_heading

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEAST_SHARE = 0.3  # of the visible prose: when trafilatura finds less, it has missed the article
_DATE_NAMES = (
    "article:published_time citation_publication_date dc.date dcterms.created dcterms.issued dcterms.date "
    "dc.date.issued datepublished date pubdate publish-date parsely-pub-date".split()
)
_PROSE = 80  # characters: a shorter block may be a button


def draft(source: Source) -> Draft:
    """The parts and metadata of an HTML file."""
    found = decoded(source.data, declared_charset(source.data))
    page = Page(found.text)
    aligner = Aligner(page.pieces())
    blocks = tuple(_extracted(found.text))
    said = _metadata(page)
    head = _head(page, said, aligner, blocks)
    body = _placed(blocks, aligner, _bold(page)) if _enough(blocks, page) else _visible(page)
    parts, metadata = opened((*head, *_unheaded(head, body)), said)
    return Draft(parts=parts, metadata=metadata, media_type=f"text/html; charset={found.encoding}")


def _extracted(text: str) -> Iterator[tuple[BlockKind, str, int]]:
    result = trafilatura.bare_extraction(
        text, with_metadata=False, include_comments=False, include_tables=True, favor_recall=True
    )
    body = getattr(result, "body", None)
    if body is not None:
        yield from _walk(body)


def _walk(element: "_Element") -> Iterator[tuple[BlockKind, str, int]]:
    for child in element:
        text = " ".join("".join(child.itertext()).split())
        if child.tag == "head":
            yield BlockKind.HEADING, text, _HEADINGS.get(child.get("rend") or "", 2)
        elif child.tag == "row":
            yield (
                BlockKind.LIST_ITEM,
                " | ".join(" ".join("".join(cell.itertext()).split()) for cell in child),
                0,
            )
        elif child.tag == "item":
            yield BlockKind.LIST_ITEM, text, 0
        elif child.tag in {"list", "table", "quote", "div"} and len(child):
            yield from _with_text(child)
        else:
            yield BlockKind.PARAGRAPH, text, 0
        if child.tail and child.tail.strip():
            yield BlockKind.PARAGRAPH, " ".join(child.tail.split()), 0


def _with_text(element: "_Element") -> Iterator[tuple[BlockKind, str, int]]:
    if element.text and element.text.strip():
        yield BlockKind.PARAGRAPH, " ".join(element.text.split()), 0
    yield from _walk(element)


def _placed(blocks: Sequence[tuple[BlockKind, str, int]], aligner: Aligner, bold: set[str]) -> Iterator[Part]:
    for kind, text, level in blocks:
        shown = kind is BlockKind.PARAGRAPH and text in bold and looks_like_heading(text)
        traced = aligner.place(text)
        yield Part(BlockKind.HEADING, traced, 3) if shown else Part(kind, traced, level)


def _bold(page: Page) -> set[str]:
    return {" ".join(block.traced.text.split()) for block in page.blocks if not block.plain}


def _enough(blocks: Sequence[tuple[BlockKind, str, int]], page: Page) -> bool:
    prose = sum(len(block.traced.text) for block in page.blocks if not block.furniture and _is_prose(block))
    found = sum(len(text) for _, text, _ in blocks)
    return found > 0 and found >= _LEAST_SHARE * prose


def _is_prose(block: Visible) -> bool:
    return len(" ".join(block.traced.text.split())) >= _PROSE


def _visible(page: Page) -> Iterator[Part]:
    """Every visible block outside the page's furniture: better too much than an empty document."""
    for block in page.blocks:
        if block.furniture or block.tag == "title":
            continue
        kind = BlockKind.LIST_ITEM if block.tag in {"li", "dd"} else BlockKind.PARAGRAPH
        kind = BlockKind.HEADING if block.tag in _HEADINGS else kind
        yield Part(kind, block.traced, _HEADINGS.get(block.tag, 0))


def _metadata(page: Page) -> Metadata:
    data = _linked_data(page.data)
    site = page.first("og:site_name", "citation_publisher", "dc.publisher", "publisher") or data.get(
        "publisher"
    )
    author = page.first("author", "citation_author", "dc.creator", "dcterms.creator", "article:author")
    day = page.first(*_DATE_NAMES)
    titles = [block.traced.text for block in page.blocks if block.tag == "title"]
    headed = [clean(block.traced.text) for block in page.blocks if block.tag == "h1"]
    title = without_site(
        page.first("og:title", "citation_title", "dc.title") or next(iter(titles), None), (site,)
    )
    return Metadata(
        title=headed[0] if len(headed) == 1 else title,
        author=clean(author) if author and not web_address(author) else data.get("author"),
        published=dates.written(day or data.get("datePublished") or ""),
        publisher=clean(site),
        url=web_address(page.canonical) or web_address(page.first("og:url")),
        language=language_tag(page.language or page.first("og:locale")),
    )


def _linked_data(found: Sequence[object]) -> dict[str, str]:
    """Author, publisher and date of the first article that JSON-LD describes."""
    for item in found:
        for entry in (
            item.get("@graph", [item]) if isinstance(item, dict) else item if isinstance(item, list) else ()
        ):
            if isinstance(entry, dict) and "datePublished" in entry:
                named = {key: _name(entry.get(key)) for key in ("author", "publisher", "datePublished")}
                return {key: value for key, value in named.items() if value}
    return {}


def _name(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value))) or None
    if isinstance(value, dict):
        value = value.get("name")
    return value if isinstance(value, str) else None


def _head(
    page: Page, said: Metadata, aligner: Aligner, blocks: Sequence[tuple[BlockKind, str, int]]
) -> tuple[Part, ...]:
    """The title, and the bylines and date lines that stand between it and the text, which extractors drop."""
    title = said.title and aligner.contains(said.title) and aligner.place(said.title)
    parts = [Part(BlockKind.TITLE, title)] if title else []
    first = next(
        (text for kind, text, _ in blocks if kind is BlockKind.PARAGRAPH and len(text) >= _PROSE), None
    )
    for block in page.blocks:
        text = " ".join(block.traced.text.split())
        if first and text and text in first and len(text) >= _PROSE:
            break
        if block.tag != "title" and (byline_author(text) or _full_date(text)):
            parts.append(Part(BlockKind.BYLINE, block.traced))
    return tuple(parts[:5])


def _full_date(text: str) -> bool:
    return not text.isdigit() and dates.written(text) is not None


def _unheaded(head: Sequence[Part], body: Iterator[Part]) -> Iterator[Part]:
    known = [_text(part.traced) for part in head]
    yield from (part for part in body if not any(same_words(part.text, text) for text in known))


def _text(traced: Traced) -> str:
    return traced.text
