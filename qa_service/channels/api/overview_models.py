"""The shapes of /divergences and /timeline: what the OpenAPI document says of them."""

from pydantic import Field

from qa_service.channels.api.models import CitationModel
from qa_service.channels.api.sending import Sent


class IssueModel(Sent):
    """An issue in the text's own words (null: not named); a cell of citations an actor, in their order."""

    issue: str | None
    cells: list[list[CitationModel]]


class DivergencesModel(Sent):
    """Positions side by side. Without rows, ``missing`` says which names or words the documents lack."""

    actors: list[str] = Field(description="By canonical name; a name that nobody is known by stays as typed.")
    rows: list[IssueModel]
    missing: list[str] = Field(
        description="Actors that hold nothing in these documents, or words of the topic that no document has."
    )
    index_version: str


class EventModel(Sent):
    """A dated sentence; ``wording`` is the date as the text has it."""

    date: str = Field(description="As precise as the text.")
    end: str | None = Field(description="Closes an interval.")
    first: str = Field(description="First day that may be meant.")
    last: str = Field(description="Last day that may be meant, inclusive.")
    precision: str
    wording: str
    approximate: bool = Field(description="Whether the text gives less than a day.")
    citation: CitationModel


class ChronicleModel(Sent):
    """Events, oldest first."""

    items: list[EventModel]
    missing: list[str] = Field(description="Words of the topic, when no document holds any of them.")
    index_version: str
