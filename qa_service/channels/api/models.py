"""The shapes of requests and responses: validation and the OpenAPI document both come from them."""

import re
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, StrictStr

from qa_service.channels.api.sending import Sent
from qa_service.channels.api.trace_models import TraceModel

IDENTIFIER = 300  # characters of a document id at most
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


# What the checks above look for, as the OpenAPI document says it.
PLAIN = Field(json_schema_extra={"pattern": rf"^{LETTER}*$"})
SAID = Field(json_schema_extra={"pattern": rf"^{LETTER}*[^\s{CONTROLS}]{LETTER}*$"})

Text = Annotated[StrictStr, AfterValidator(_plain), PLAIN]
Said = Annotated[StrictStr, AfterValidator(_said), SAID]
Identifier = Annotated[Text, Field(min_length=1, max_length=IDENTIFIER)]
Whole = Annotated[StrictInt, BeforeValidator(_integral)]

ConversationId = Annotated[StrictStr, Field(pattern="^[A-Za-z0-9_-]{32}$")]


class Strict(BaseModel):
    """A request: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As pydantic's; the plain schema, which flask-openapi asks for at every request, is made once."""
        return super().model_json_schema(*args, **kwargs) if args or kwargs else _plain_schema(cls)


@cache
def _plain_schema(model: type[Strict]) -> dict[str, Any]:
    return super(Strict, model).model_json_schema()


class AskBody(Strict):
    """A question, the earlier questions of the same person, and the documents to answer from."""

    question: Said = Field(description="What is asked.", examples=["How do the US and Russia differ?"])
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


class DocumentPath(BaseModel):
    """A document of the store."""

    document_id: str = Field(description="The document's id.", max_length=IDENTIFIER)


class CitationModel(Sent):
    """A verbatim quote: ``quote == text[start:end]``, offsets in code points of the canonical text."""

    number: StrictInt
    document_id: str
    title: str
    author: str | None
    published: str | None
    publisher: str | None
    url: str | None
    section: str | None
    passage_id: str
    page: int | None
    quote: str
    start: int
    end: int
    sha256: str


class StatementModel(Sent):
    """A sentence of the answer; ``speaker`` holds the view, null is the author."""

    text: str
    citations: list[int]
    speaker: str | None


class RowModel(Sent):
    """An issue; each cell holds indexes into ``statements``, in the order of the actors."""

    issue: str | None
    cells: list[list[int]]


class ComparisonModel(Sent):
    """Positions side by side."""

    actors: list[str]
    rows: list[RowModel]


class TimelineModel(Sent):
    """A dated statement; ``wording`` is the date as the text has it."""

    date: str
    end: str | None
    precision: str
    wording: str
    statement: int


class RefusalModel(Sent):
    """Why there is no answer; ``nearest`` is not one."""

    reason: Literal["off_topic", "not_in_corpus", "near_miss", "not_a_question"]
    explanation: str
    nearest: list[CitationModel]


class AnswerModel(Sent):
    """The answer object. The same request on the same index version gives the same bytes."""

    id: str
    question: str
    standalone_question: str
    answered: bool
    kind: Literal[
        "divergence",
        "timeline",
        "position",
        "fact",
        "definition",
        "reason",
        "summary",
        "refusal",
        "small_talk",
    ]
    text: str = Field(description="Markdown with [1] markers.")
    short: str | None = Field(
        description="The answer in a few words of the first quote; yes or no; or otherwise, when that quote "
        "denies what the question takes for granted."
    )
    statements: list[StatementModel]
    citations: list[CitationModel]
    comparison: ComparisonModel | None
    timeline: list[TimelineModel] | None
    refusal: RefusalModel | None
    suggestions: list[str]
    index_version: str
    trace: list[TraceModel] | None = Field(
        default=None, description="Why, for each question of the message; only with ``explain``."
    )


class AskQuery(Strict):
    """What to tell beside the answer."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    explain: bool = Field(
        default=False, description="Whether to add ``trace``: why the answer is what it is."
    )


class TermModel(Sent):
    """What one term added to a score."""

    term: str
    score: float


class ResultModel(Sent):
    """A passage that was found; ``explanation`` only with ``explain``."""

    document_id: str
    passage_id: str
    title: str
    section: str | None
    page: int | None
    score: float
    start: int
    end: int
    text: str
    explanation: list[TermModel] | None = None


class SearchModel(Sent):
    """Passages, best first."""

    results: list[ResultModel]
    index_version: str


class DocumentModel(Sent):
    """A document of the store."""

    id: str
    title: str
    author: str | None
    published: str | None
    publisher: str | None
    url: str | None
    language: str | None
    based_on: str | None
    sha256: str = Field(description="Of the canonical text in UTF-8.")
    characters: int
    passages: int


class DocumentsModel(Sent):
    """Everything that is indexed, in the order of ids."""

    documents: list[DocumentModel]
    index_version: str


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


class VerdictModel(Sent):
    """Whether one citation stands; ``problem`` says why it does not."""

    number: int
    document_id: str
    valid: bool
    problem: Literal["unknown_document", "stored_text_altered", "text_has_changed", "quote_differs"] | None


class VerdictsModel(Sent):
    """The verdict on each citation, and on all."""

    valid: bool
    citations: list[VerdictModel]
    index_version: str


class HealthModel(Sent):
    """The process answers."""

    status: Literal["ok"]


class ReadyModel(Sent):
    """The store can be read, and what it holds."""

    status: Literal["ready", "empty"]
    index_version: str
    documents: int
    passages: int
    candidates: Literal["memory", "tantivy", "opensearch"] = Field(
        description="Where the passages come from that are ranked: see QA_CANDIDATES."
    )
    sqlite: str | None = Field(default=None, description="SQLite's version, where the store is a file.")
    opensearch: str | None = Field(
        default=None, description="OpenSearch's version, where the store is in a cluster."
    )


class FieldProblem(Sent):
    """What is wrong with one field."""

    field: str
    detail: str


class Problem(Sent):
    """RFC 9457: what went wrong and what to do."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str = Field(description="As in the header X-Request-Id.")
    errors: list[FieldProblem] | None = None
