"""What the tools take and give; a client is shown these shapes as JSON Schema."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Arguments(BaseModel):
    """What a tool takes: an unknown argument is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class SearchArguments(Arguments):
    """A search."""

    query: Said = Field(description="Words to look for.")
    limit: int = Field(default=10, ge=1, le=50, description="Most passages to return.")


class FetchArguments(Arguments):
    """What to read."""

    id: Said = Field(description="The id of a search result, or of a whole document (document_id).")


class AskArguments(Arguments):
    """A question."""

    question: Said = Field(description="What is asked, in one sentence.")
    history: list[str] = Field(
        default_factory=list, description="Earlier questions of the same conversation, oldest first."
    )
    documents: list[str] = Field(
        default_factory=list, description="Ids of the documents to answer from; all when empty."
    )


class Result(BaseModel):
    """A passage that holds words of the query."""

    id: str
    title: str
    url: str
    text: str
    document_id: str


class Results(BaseModel):
    """Passages, best first."""

    results: list[Result]


class Fetched(BaseModel):
    """The canonical text of a passage or document, which citations count their offsets in."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]
