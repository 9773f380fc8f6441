"""What each template in prompts/ is given. These classes are the contract with whoever edits a template."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A statement of the answer. ``marks`` are its citation numbers, "[1][2]"; ``quote`` its bare words."""

    text: str
    quote: str
    marks: str
    speaker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document that the answer rests on. ``date`` is as precise as it is known: "14 April 2017"."""

    title: str
    author: str | None
    publisher: str | None
    date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementContext:
    """statement.j2: how a quote is told. ``speaker`` holds the view; None is the author."""

    quote: str
    speaker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotesContext:
    """fact, definition, reason, position and summary: the short answer, then the statements.

    ``short`` is taken from the first quote; ``verdict`` is "yes" or "no" when that quote settles the
    question, "otherwise" when it denies what the question takes for granted; ``now`` is True when the
    question asks how things are today.
    """

    short: str | None
    verdict: str | None
    now: bool
    lines: tuple[Line, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """One issue: its label in the text's own words, and a cell of lines an actor."""

    label: str | None
    cells: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DivergenceContext:
    """divergence: the actors and the rows; ``lines`` instead of rows when no position was attributed."""

    actors: tuple[str, ...]
    rows: tuple[IssueRow, ...]
    lines: tuple[Line, ...]
    now: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A dated line: ``wording`` as written, ``date`` normalised (ISO 8601)."""

    date: str
    end: str | None
    wording: str
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineContext:
    """timeline: entries, oldest first."""

    entries: tuple[Entry, ...]
    now: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalContext:
    """refusal: why there is no answer; ``missing`` are words of the question that the documents lack."""

    reason: str
    missing: tuple[str, ...]
    nearest: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTalkContext:
    """small_talk: what is indexed, and questions that it answers."""

    titles: tuple[str, ...]
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartContext:
    """One question of a message that held several, and the text of its answer (Markdown)."""

    question: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralContext:
    """several: the answers to the questions of one message, in their order; ``left`` were too many."""

    parts: tuple[PartContext, ...]
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionsContext:
    """suggestions: one question a line, from what the index holds; each is kept only if it is answered."""

    actors: tuple[str, ...]
    terms: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpsContext:
    """follow_ups: one question a line that goes on from an answer; each is kept only if it is answered.

    ``actors`` hold positions in the documents quoted, ``facing`` are two who face each other there;
    ``terms`` stand in the quotes; ``dates`` are years of the quotes. Any of them may be missing. ``title`` is
    that of the document quoted, where there are too many to ask all of them, else none.
    """

    kind: str
    actors: tuple[str, ...]
    facing: tuple[str, ...]
    terms: tuple[str, ...]
    dates: tuple[str, ...]
    title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventContext:
    """event.j2: the description of an event in a calendar; days and ``published`` as readers write them."""

    quote: str
    wording: str
    approximate: bool
    first: str
    last: str
    title: str
    author: str | None
    published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A quote and where it stands; ``link`` is a whole address, ready to stand in a Markdown link."""

    number: int
    title: str
    author: str | None
    publisher: str | None
    date: str | None
    section: str | None
    page: int | None
    quote: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContext:
    """message: a whole answer for channels that show Markdown and nothing else; ``text`` is Markdown already.

    ``nearest`` and ``suggestions`` are those of a refusal, else empty.
    """

    text: str
    cited: tuple[Cited, ...]
    nearest: tuple[Cited, ...]
    suggestions: tuple[str, ...]


Context = (
    StatementContext
    | EventContext
    | MessageContext
    | QuotesContext
    | DivergenceContext
    | TimelineContext
    | RefusalContext
    | SmallTalkContext
    | SeveralContext
    | SuggestionsContext
    | FollowUpsContext
)
