"""The shapes of /divergences and /timeline: validation and the OpenAPI document both come from them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field

from qa_service.channels.api.models import CitationModel, Said, Strict, Text
from qa_service.channels.api.sending import Sent
from qa_service.understand.iso_dates import day

NAME, TOPIC = 200, 500  # characters at most
MOST_EVENTS = 500
DATE = r"^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1\d|2[0-8]))?)?$"  # and some days more


def _date(text: str) -> str:
    day(text, last=False)
    return text


Name = Annotated[Said, Field(max_length=NAME)]
Topic = Annotated[Text, Field(max_length=TOPIC)]
ReducedDate = Annotated[str, AfterValidator(_date), Field(json_schema_extra={"pattern": DATE})]


class DivergencesQuery(Strict):
    """Two actors and, if wished, a topic."""

    a: Name = Field(description="An actor, named as people do: Moscow, the US.", examples=["Moscow"])
    b: Name = Field(description="Another actor.", examples=["the US"])
    topic: Topic = Field(default="", description="What they differ on; everything when absent.")
    format: Literal["json", "csv"] | None = Field(
        default=None, description="Instead of the header Accept: application/json or text/csv."
    )


class TimelineQuery(Strict):
    """A topic and a window, both optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: Topic = Field(default="", description="What the events concern; everything when absent.")
    from_: ReducedDate | None = Field(
        default=None,
        alias="from",
        description="No event that ended before: 2016, 2016-05 or 2016-05-18.",
        examples=["2016"],
    )
    to: ReducedDate | None = Field(
        default=None,
        description="No event that began after; 2016 is its last day.",
        examples=["2017-04"],
    )
    limit: int = Field(default=100, ge=1, le=MOST_EVENTS, description="Most events, the earliest first.")
    format: Literal["json", "csv", "ics"] | None = Field(
        default=None, description="Instead of the header Accept: application/json, text/csv or text/calendar."
    )


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
