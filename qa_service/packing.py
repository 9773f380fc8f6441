"""The proving sentence: an answer object and the documents it quotes become an evidence pack."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qa_service.domain.document import Document, Original
from qa_service.domain.edition import Edition
from qa_service.domain.errors import GoneError
from qa_service.domain.pack import Pack, PackedDocument, PackedQuote

Citation = Mapping[str, Any]


def pack(answer: Mapping[str, Any], edition: Edition, original_of: Callable[[str], Original]) -> Pack:
    """The evidence for an answer object; for a refusal, of what stood nearest.

    Raises GoneError when the edition no longer holds a document that it quotes, or holds another text of it.
    """
    cited = quoted(answer)
    names = dict.fromkeys(one["document_id"] for one in cited)
    documents = {name: _unchanged(name, cited, edition) for name in names}
    originals = {name: original_of(name) for name in names}
    return Pack(
        answer=answer,
        documents=tuple(_document(documents[name], originals[name]) for name in names),
        quotes=tuple(_quote(one, originals[one["document_id"]]) for one in cited),
    )


def quoted(answer: Mapping[str, Any]) -> Sequence[Citation]:
    """The citations of an answer object, or those of the passages nearest to a refusal."""
    refusal: Mapping[str, Any] = answer.get("refusal") or {}
    found: Sequence[Citation] = answer.get("citations") or refusal.get("nearest", ())
    return found


def _unchanged(document_id: str, cited: Sequence[Citation], edition: Edition) -> Document:
    document = edition.documents.get(document_id)
    told = {one["sha256"] for one in cited if one["document_id"] == document_id}
    if document is None or told != {document.sha256}:
        raise GoneError("The index no longer holds the text that this answer quotes.")
    return document


def _document(document: Document, original: Original) -> PackedDocument:
    return PackedDocument(
        document_id=document.id,
        title=document.title,
        author=document.author,
        published=document.published,
        publisher=document.publisher,
        url=document.url,
        sha256=document.sha256,
        characters=len(document.text),
        name=original.name,
        media_type=original.media_type,
        bytes=len(original.data),
        original_sha256=original.sha256,
        unit=original.source_map.unit,
    )


def _quote(citation: Citation, original: Original) -> PackedQuote:
    return PackedQuote(
        number=citation["number"],
        document_id=citation["document_id"],
        quote=citation["quote"],
        start=citation["start"],
        end=citation["end"],
        sha256=citation["sha256"],
        original=original.source_map.locate(citation["start"], citation["end"]),
    )
