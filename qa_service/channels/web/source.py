"""The source page at /documents/{id}: a document's canonical text with the cited span highlighted."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from qa_service.compose.dates import spelled
from qa_service.domain.document import Block, BlockKind, Document
from qa_service.domain.errors import NotFoundError
from qa_service.wiring import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A block of the text as the page shows it: what stands before, in and after the cited span."""

    kind: str
    level: int
    before: str
    cited: str
    after: str
    page: int | None  # when a page of the original begins in it
    first: bool  # whether the cited span begins in it


def register(web: Blueprint, service: Service) -> None:
    """Add the route."""

    @web.get("/documents/<document_id>")
    def source(document_id: str) -> str | tuple[str, int]:
        try:
            found = service.answering.read(lambda desk: desk.edition.proved(document_id))
        except NotFoundError:
            return render_template("missing.html"), 404
        span = _span(found)
        return render_template(
            "document.html",
            document=found,
            date=spelled(found.published),
            span=span,
            stretches=tuple(_stretches(found, span or (0, 0))),
            titled=any(one.kind is BlockKind.TITLE for one in found.blocks),
            outdated=not found.sha256.startswith(request.args.get("sha256", "")),
            misplaced=span is None and bool({"start", "end"} & set(request.args)),
        )


def _span(document: Document) -> tuple[int, int] | None:
    """The span that the address names, where the text has it."""
    start = request.args.get("start", type=int)
    end = request.args.get("end", type=int)
    if start is None or end is None or not 0 <= start < end <= len(document.text):
        return None
    return start, end


def _stretches(document: Document, span: tuple[int, int]) -> Iterator[Stretch]:
    ranks = sorted({one.level for one in document.blocks if one.kind is BlockKind.HEADING})
    text, begun = document.text, False
    for block in document.blocks:
        low, high = _within(block, span)
        yield Stretch(
            kind=block.kind.value,
            level=min(2 + ranks.index(block.level), 6) if block.level else 0,
            before=text[block.start : low],
            cited=text[low:high],
            after=text[high : block.end],
            page=_page(document, block),
            first=low < high and not begun,
        )
        begun = begun or low < high


def _within(block: Block, span: tuple[int, int]) -> tuple[int, int]:
    """The part of the span that lies in the block; empty at its end when none does."""
    low, high = max(block.start, span[0]), min(block.end, span[1])
    return (low, high) if low < high else (block.end, block.end)


def _page(document: Document, block: Block) -> int | None:
    return next((one.number for one in document.pages if block.start <= one.start < block.end), None)
