"""The shapes of POST /documents: what is sent, and what became of it."""

from typing import Any

from pydantic import Field

from qa_service.channels.api.request_models import Said
from qa_service.channels.api.sending import Sent


class NewDocumentModel(Sent):
    """A document as text: a line of a .jsonl file. Other fields are ignored."""

    id: str = Field(description="Its id; a document of that id is replaced.", min_length=1, max_length=200)
    title: Said
    text: Said = Field(description="Paragraphs apart by a blank line.")
    author: str | None = None
    published: str | None = Field(default=None, description="ISO 8601: 2017, 2017-04 or 2017-04-18.")
    publisher: str | None = None
    url: str | None = Field(default=None, description="http or https.")
    language: str | None = Field(default=None, description="A language tag, such as en.")
    based_on: str | None = Field(default=None, description="For a digest: the work that it retells.")


class RejectedModel(Sent):
    """A file that was not taken, and why."""

    name: str
    reason: str


class ReceivedModel(Sent):
    """What became of what was sent; ids are those of documents."""

    added: list[str]
    known: list[str] = Field(description="The same bytes were there already.")
    rejected: list[RejectedModel]
    index_version: str


# One of the two: flask-openapi describes one kind of body a route.
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{NewDocumentModel.__name__}"}},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "minItems": 1,
                        "description": ".txt .md .html .pdf .docx .jsonl; the file name says which.",
                    }
                },
                "required": ["file"],
            }
        },
    },
}
