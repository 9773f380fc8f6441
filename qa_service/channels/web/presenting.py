"""An Answer as what the page shows: quotes in their context, dates as readers write them."""

from collections.abc import Iterator
from dataclasses import dataclass

from qa_service.channels.web.axis import Moment, moments
from qa_service.compose.dates import spelled
from qa_service.compose.links import address
from qa_service.domain.answer import Answer, Citation, Part
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
    parts: "tuple[Section, ...]"  # one, without a question, unless the message had several
    moments: tuple[Moment, ...]  # the time axis


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is shown under one question of the message."""

    question: str | None
    explanation: str | None = None
    comparison: bool = False  # the answer's table stands here
    timeline: bool = False  # so does its time axis
    told: tuple[int, ...] = ()  # statements that neither of them shows

    @property
    def left(self) -> bool:
        """Whether too many were asked."""
        return not (self.explanation or self.comparison or self.timeline or self.told)


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
        parts=tuple(_sections(answer)),
        moments=moments(answer.timeline or ()),
    )


def _sections(answer: Answer) -> Iterator[Section]:
    rows = answer.comparison.rows if answer.comparison else ()
    compared = {index for row in rows for cell in row.cells for index in cell}
    dated = {item.statement for item in answer.timeline or ()}
    whole = Part(question="", statements=tuple(range(len(answer.statements))))
    for part in answer.parts or (whole,):
        yield Section(
            question=part.question or None,
            explanation=part.explanation,
            comparison=not compared.isdisjoint(part.statements),
            timeline=not dated.isdisjoint(part.statements),
            told=tuple(index for index in part.statements if index not in compared | dated),
        )


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
