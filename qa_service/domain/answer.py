"""An answer: the object that every channel presents. Field by field it is the contract's answer object."""

from dataclasses import dataclass
from enum import StrEnum

from qa_service.domain.question import Kind


class RefusalReason(StrEnum):
    """Why there is no answer."""

    OFF_TOPIC = "off_topic"
    NOT_IN_CORPUS = "not_in_corpus"
    NEAR_MISS = "near_miss"
    NOT_A_QUESTION = "not_a_question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A verbatim quote and where it stands: ``quote == text[start:end]`` of the document's canonical text."""

    number: int  # 1 is the first
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
    sha256: str  # of the canonical text


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence of the answer and the citations that back it. ``speaker`` is None for the author."""

    text: str
    citations: tuple[int, ...]
    speaker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """An issue and, for each actor, the indexes of its statements."""

    issue: str | None
    cells: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Positions side by side; a row's cells are in the order of ``actors``."""

    actors: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """A dated statement. ``date`` is as precise as the text; ``end`` closes an interval."""

    date: str
    end: str | None
    precision: str
    wording: str
    statement: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why there is no answer, and what stands nearest."""

    reason: RefusalReason
    explanation: str
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One question of a message that held several: its statements, else why there are none.

    Neither statements nor an explanation: too many were asked, and this one has to be asked again.
    """

    question: str
    statements: tuple[int, ...] = ()
    explanation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the service says. The same request on the same index version gives an equal Answer."""

    id: str
    question: str
    standalone_question: str
    answered: bool
    kind: Kind
    text: str  # Markdown with [1] markers
    short: str | None = None  # the answer in a few words of the first quote, or "yes" or "no"
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    comparison: Comparison | None = None
    timeline: tuple[TimelineItem, ...] | None = None
    refusal: Refusal | None = None
    suggestions: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()  # of a message with several questions
    index_version: str = ""
