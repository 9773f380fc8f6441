"""The shapes of responses: what the OpenAPI document says of them; nothing is validated with them."""

from typing import Literal

from pydantic import Field, StrictInt

from qa_service.channels.api.sending import Sent
from qa_service.channels.api.trace_models import TraceModel


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


class PartModel(Sent):
    """A question of a message that held several: indexes into ``statements``, else why there are none.

    Neither: too many were asked, and this one has to be asked again.
    """

    question: str
    statements: list[int]
    explanation: str | None


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
    parts: list[PartModel] = Field(description="The questions of a message with several; else empty.")
    index_version: str
    trace: list[TraceModel] | None = Field(
        default=None, description="Why, for each question of the message; only with ``explain``."
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

    status: Literal["ready", "empty", "read-only"]
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


class SuggestionsModel(Sent):
    """Questions that this index answers, tried when it was published."""

    suggestions: list[str]
    index_version: str


class ContextModel(Sent):
    """A quote with the sentence before it and the sentence after, within its passage."""

    document_id: str
    start: int
    end: int
    before: str
    quote: str
    after: str
    section: str | None
    page: int | None
    sha256: str
