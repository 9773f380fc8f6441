"""The shapes of /answers: an answer that was given, and its evidence pack."""

from typing import Literal

from pydantic import Field

from qa_service.channels.api.models import AnswerModel
from qa_service.channels.api.sending import Sent
from qa_service.domain.pack import FORMAT


class RecordedModel(AnswerModel):
    """An answer object as it was given."""

    index_changed: bool = Field(description="Whether the index has another version now.")


class SpanModel(Sent):
    """A span of the original file, in the unit of its document; the end is exclusive."""

    start: int
    end: int
    page: int | None


class PackedDocumentModel(Sent):
    """A quoted document: hashes of its canonical text and of its original file."""

    document_id: str
    title: str
    author: str | None
    published: str | None
    publisher: str | None
    url: str | None
    sha256: str = Field(description="Of the canonical text in UTF-8.")
    characters: int = Field(description="Of the canonical text.")
    name: str = Field(description="Of the original file.")
    media_type: str
    bytes: int = Field(description="Of the original; for a .jsonl file, of the line without its end.")
    original_sha256: str
    unit: Literal["character", "page_character", "document_xml_byte"] = Field(
        description="What the offsets into the original count."
    )


class PackedQuoteModel(Sent):
    """A quote: offsets in the canonical text, and where its words stand in the original."""

    number: int
    document_id: str
    quote: str
    start: int
    end: int
    sha256: str = Field(description="Of the canonical text in UTF-8.")
    original: list[SpanModel]


class PackModel(Sent):
    """An answer with all that is needed to check its quotes against the original files."""

    answer: AnswerModel
    documents: list[PackedDocumentModel]
    quotes: list[PackedQuoteModel] = Field(description="Of the answer; of a refusal, what stood nearest.")
    format: str = Field(description=f"{FORMAT}.")
