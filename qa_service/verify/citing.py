"""Evidence becomes numbered citations, each proved to be a verbatim span of an unaltered text."""

from collections.abc import Sequence

from qa_service.domain.answer import Citation
from qa_service.domain.edition import Edition
from qa_service.domain.errors import IntegrityError
from qa_service.domain.evidence import Evidence


def citations(quotes: Sequence[Evidence], edition: Edition) -> tuple[Citation, ...]:
    """Citations in the order of the quotes, numbered from 1.

    Raises IntegrityError when a document's text no longer has the hash it was stored with, or a span
    does not lie inside it.
    """
    for document_id in dict.fromkeys(quote.passage.document_id for quote in quotes):
        edition.proved(document_id)
    return tuple(_citation(number, quote, edition) for number, quote in enumerate(quotes, start=1))


def _citation(number: int, quote: Evidence, edition: Edition) -> Citation:
    document = edition.document(quote.passage.document_id)
    if not 0 <= quote.start < quote.end <= len(document.text):
        raise IntegrityError(f"A quote of {document.id} lies outside its text: {quote.start} to {quote.end}.")
    return Citation(
        number=number,
        document_id=document.id,
        title=document.title,
        author=document.author,
        published=document.published,
        publisher=document.publisher,
        url=document.url,
        section=quote.passage.section,
        passage_id=quote.passage.id,
        page=document.page_at(quote.start),
        quote=document.text[quote.start : quote.end],
        start=quote.start,
        end=quote.end,
        sha256=document.sha256,
    )
