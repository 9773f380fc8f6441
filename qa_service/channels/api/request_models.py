"""The shapes of requests: validation and the OpenAPI document both come from them."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, StrictStr

from qa_service.channels.api.sending import Sent
from qa_service.understand.iso_dates import day

ANSWER_ID = "^[0-9a-f]{20}$"
COMMENT = 2000  # characters
IDENTIFIER = 300  # characters of a document id at most
NAME, TOPIC = 200, 500  # characters at most
MOST_EVENTS = 500
DATE = r"^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1\d|2[0-8]))?)?$"  # and some days more
SURROGATE = re.compile("[\ud800-\udfff]")
CONTROLS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f"  # all but tab and line ends
LETTER = f"[^{CONTROLS}]"
CONTROL = re.compile(f"[{CONTROLS}]")


def _plain(text: str) -> str:
    """Text that can be stored and sent as UTF-8: no lone surrogates, no control characters but line ends."""
    if SURROGATE.search(text):
        raise ValueError("holds half of a surrogate pair; send valid Unicode")
    if CONTROL.search(text):
        raise ValueError("holds control characters; send plain text")
    return text


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty; ask something")
    return _plain(text)


def _integral(value: object) -> object:
    """JSON knows one kind of number: 7.0 is 7."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _date(text: str) -> str:
    day(text, last=False)
    return text


# What the checks above look for, as the OpenAPI document says it.
PLAIN = Field(json_schema_extra={"pattern": rf"^{LETTER}*$"})
SAID = Field(json_schema_extra={"pattern": rf"^{LETTER}*[^\s{CONTROLS}]{LETTER}*$"})

Text = Annotated[StrictStr, AfterValidator(_plain), PLAIN]
Said = Annotated[StrictStr, AfterValidator(_said), SAID]
Identifier = Annotated[Text, Field(min_length=1, max_length=IDENTIFIER)]
Whole = Annotated[StrictInt, BeforeValidator(_integral)]

Name = Annotated[Said, Field(max_length=NAME)]
Topic = Annotated[Text, Field(max_length=TOPIC)]
ReducedDate = Annotated[str, AfterValidator(_date), Field(json_schema_extra={"pattern": DATE})]
Offset = Annotated[int, Field(ge=0, le=2**31)]

ConversationId = Annotated[StrictStr, Field(pattern="^[A-Za-z0-9_-]{32}$")]


class Strict(BaseModel):
    """A request: unknown fields are errors. Its validator is built with the first of its kind."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class AskQuery(Strict):
    """What to tell beside the answer."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    explain: bool = Field(
        default=False, description="Whether to add ``trace``: why the answer is what it is."
    )


class AskBody(Strict):
    """A question, the earlier questions of the same person, and the documents to answer from."""

    question: Said = Field(
        description="What is asked. A title in quotation marks asks that document.",
        examples=["How do the US and Russia differ?"],
    )
    history: list[Text] = Field(
        default_factory=list, description="Earlier questions of this conversation, oldest first."
    )
    documents: list[Identifier] | None = Field(
        default=None, description="Ids of the documents to answer from; all when absent.", max_length=100
    )
    conversation_id: ConversationId | None = Field(
        default=None, description="A conversation that the service keeps; instead of ``history``."
    )


class SearchQuery(Strict):
    """A search."""

    q: Annotated[str, AfterValidator(_said), SAID] = Field(description="Words to look for.")
    limit: int = Field(default=10, ge=1, le=50, description="Most passages to return.")
    explain: bool = Field(default=False, description="Whether to tell what each term contributed.")


class ClaimModel(Sent):
    """A citation to check; other fields of a citation object are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    number: Whole
    document_id: Identifier
    quote: Text
    start: Whole = Field(ge=0)
    end: Whole = Field(ge=0)
    sha256: Text | None = None


class VerifyBody(Sent):
    """An answer object; only its citations are looked at."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    citations: list[ClaimModel] = Field(max_length=200)


class DocumentPath(Strict):
    """A document of the store."""

    document_id: str = Field(description="The document's id.", max_length=IDENTIFIER)


class ContextQuery(Strict):
    """A span of the canonical text, in code points; ``end`` is exclusive."""

    start: Offset = Field(description="Where the quote begins.")
    end: Offset = Field(description="Where it ends, exclusive.")


class AnswerPath(Strict):
    """An answer that was given."""

    answer_id: str = Field(description="The id of the answer object.", pattern=ANSWER_ID)


class ConversationPath(Strict):
    """A conversation of the caller."""

    conversation_id: ConversationId = Field(description="Its id; who holds it can read and go on with it.")


class FeedbackBody(Strict):
    """What a reader thinks of an answer."""

    answer_id: str = Field(description="The id of the answer object.", pattern=ANSWER_ID)
    value: Literal["up", "down"]
    comment: Text = Field(default="", max_length=COMMENT, description="Why.")
    conversation_id: ConversationId | None = Field(
        default=None,
        description="Where it was asked: a second opinion from there on the same answer replaces the first.",
    )


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
