"""An Answer as what the page shows: quotes in their context, dates as readers write them."""

from dataclasses import dataclass

from qa_service.channels.web.axis import Moment, moments
from qa_service.compose.dates import spelled
from qa_service.compose.links import address
from qa_service.domain.answer import Answer, Citation
from qa_service.domain.document import Document
from qa_service.domain.edition import Edition

SHOWN_DOCUMENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A citation with the words before and after it in its passage."""

    citation: Citation
    before: str
    after: str
    date: str | None
    link: str  # the source page, scrolled to the quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An answer, its quotes in order, and the questions that came before."""

    answer: Answer
    quotes: tuple[Quote, ...]
    nearest: tuple[Quote, ...]
    as_of: "tuple[Entry, ...]"  # each document that is quoted, once
    told: tuple[int, ...]  # statements that neither the table nor the time axis shows
    moments: tuple[Moment, ...]  # the time axis


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document as the empty page lists it."""

    document: Document
    date: str | None


def card(answer: Answer, edition: Edition) -> Card:
    """The answer with its quotes in context."""
    nearest = answer.refusal.nearest if answer.refusal else ()
    quoted = dict.fromkeys(one.document_id for one in answer.citations)
    return Card(
        answer=answer,
        quotes=tuple(_quote(one, edition) for one in answer.citations),
        nearest=tuple(_quote(one, edition) for one in nearest),
        as_of=tuple(_entry(edition.documents[document_id]) for document_id in quoted),
        told=_told(answer),
        moments=moments(answer.timeline or ()),
    )


def _told(answer: Answer) -> tuple[int, ...]:
    rows = answer.comparison.rows if answer.comparison else ()
    shown = {index for row in rows for cell in row.cells for index in cell}
    shown |= {item.statement for item in answer.timeline or ()}
    return tuple(index for index in range(len(answer.statements)) if index not in shown)


def catalogue(edition: Edition) -> tuple[Entry, ...]:
    """What is indexed."""
    found = list(edition.documents.values())[:SHOWN_DOCUMENTS]
    return tuple(_entry(one) for one in found)


def _entry(document: Document) -> Entry:
    return Entry(document=document, date=spelled(document.published))


def _quote(citation: Citation, edition: Edition) -> Quote:
    start, end = edition.around(citation.document_id, citation.start, citation.end)
    text = edition.documents[citation.document_id].text
    return Quote(
        citation=citation,
        before=text[start : citation.start].strip("\n"),
        after=text[citation.end : end].strip("\n"),
        date=spelled(citation.published),
        link=address(citation),
    )
