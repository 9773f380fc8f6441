"""Evidence: the sentences that answer a question, as spans, before anything is worded."""

from dataclasses import dataclass, field

from qa_service.domain.annotation import Event
from qa_service.domain.passage import Passage
from qa_service.domain.question import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that a query found. ``contributions`` sum to ``score``, one a matched term."""

    passage: Passage
    number: int = field(compare=False)  # of the passage in its store
    score: float
    contributions: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A span to quote: whole sentences of one passage. ``speaker`` holds the view; None is the author."""

    passage: Passage
    start: int
    end: int
    speaker: str | None = None
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One issue: a cell of evidence for each actor, in the order of ``Findings.actors``."""

    label: tuple[str, int, int] | None  # (document id, start, end): the text's own words for the issue
    cells: tuple[tuple[Evidence, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A dated sentence, for a timeline."""

    evidence: Evidence
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """The answer in a few words: a span of the first evidence, or a verdict on it (yes, no, otherwise)."""

    start: int = 0
    end: int = 0
    verdict: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The check that refused, with what it looked at: numbers to compare, or the words it missed."""

    name: str
    figures: tuple[tuple[str, float | str | tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found. ``reason`` says why there is no answer (see Refusal); ``nearest`` is no answer."""

    evidence: tuple[Evidence, ...] = ()
    short: Short | None = None
    actors: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    moments: tuple[Moment, ...] = ()
    reason: str | None = None
    missing: tuple[str, ...] = ()  # words of the question that the documents lack
    nearest: tuple[Evidence, ...] = field(default=())
    check: Check | None = None  # what refused, for whoever asks why


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """What an answer leads on to. ``actors`` hold positions in its documents; ``facing`` are two who
    face each other there; ``terms`` stand in the quotes and are explained elsewhere; ``dates`` are years
    of the quotes after which the documents go on. ``title`` is that of the document quoted first, when
    there are so many documents that a question has to say which one it is put to.
    """

    kind: Kind
    actors: tuple[str, ...] = ()
    facing: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    title: str | None = None
