"""What a document says, as spans: who is named, who holds what, what happened when, what a term means.

Made once at index time. Offsets are code points into ``Document.text``, ends exclusive.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name of an actor in the text. ``actor`` is the canonical name ("Moscow" gives "Russia")."""

    start: int
    end: int
    actor: str


class PositionKind(StrEnum):
    """What the sentence does for its speaker."""

    VIEW = "view"
    DEMAND = "demand"
    REFUSAL = "refusal"
    ALLEGATION = "allegation"
    DENIAL = "denial"
    STATEMENT = "statement"
    ACT = "act"  # told of the actor, but nothing that it holds


class Marker(StrEnum):
    """How the sentence hangs on what came before."""

    CONTRAST = "contrast"  # On the contrary, However, while the latter
    ADDITIVE = "additive"  # Moreover, In addition
    ANAPHORIC = "anaphoric"  # such allegations
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Someone holds something.

    ``actors`` are canonical names, in order of mention; a speaker that no alias knows is its own
    name as written. ``speaker_start/end`` is the speaker as written ("It", "The former" included);
    ``antecedent_start/end`` is the name that such a word stands for, None when it is named itself.
    ``content_start/end`` is this speaker's own clause where two speakers share the sentence.
    ``row`` numbers the issue rows of the document: positions of one row are about one issue.
    """

    start: int  # of the sentence
    end: int
    actors: tuple[str, ...]
    speaker_start: int
    speaker_end: int
    antecedent_start: int | None = None
    antecedent_end: int | None = None
    cue: str  # the stance word, lower case: maintains, refusal
    kind: PositionKind
    content_start: int
    content_end: int
    marker: Marker = Marker.NONE
    joint: bool = False  # one view held together ("Both Washington and Moscow pledged")
    row: int = -1
    label_start: int | None = None  # the words of the text that name the row's issue
    label_end: int | None = None


class Precision(StrEnum):
    """How exactly a date is given."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"


class EventRole(StrEnum):
    """What the date is to its sentence."""

    EVENT = "event"  # the sentence tells what happened then
    MODIFIER = "modifier"  # names something by its date: "the 14 April meeting"
    BOUND = "bound"  # since, until, before
    BACKGROUND = "background"  # of a report, an interview, inside brackets


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A sentence with a date in it. ``first`` and ``last`` are ISO days, the interval's ends, inclusive."""

    start: int  # of the sentence
    end: int
    date_start: int  # of the wording, as written
    date_end: int
    first: str
    last: str
    precision: Precision
    modifier: str | None = None  # early, mid, late
    role: EventRole = EventRole.EVENT


class DefinitionKind(StrEnum):
    """How the text says what a term means; the earlier, the better it defines."""

    COPULA = "copula"  # The CCZ is an area of
    APPOSITION = "apposition"  # Reza Najafi, Iranian Ambassador to
    NAMED = "named"  # a program known as "Vietnamization"
    WHICH = "which"  # the Brezhnev Doctrine, which held that
    TITLE = "title"  # Taliban chief Mullah Akhtar Mansoor
    ACRONYM = "acronym"  # Quadrilateral Coordination Group (QCG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A sentence that says what ``term`` means; ``term`` as written, ``expansion`` for acronyms."""

    start: int  # of the sentence
    end: int
    term: str
    kind: DefinitionKind
    expansion: str | None = None


class Annotated(Protocol):
    """What was found in one document; a thing may be read only when it is asked for."""

    @property
    def mentions(self) -> Sequence[Mention]:
        """Names of actors, in text order."""
        ...

    @property
    def named(self) -> Sequence[str]:
        """The actor of each of the mentions, in their order."""
        ...

    @property
    def positions(self) -> Sequence[Position]:
        """Who holds what, in text order."""
        ...

    @property
    def holders(self) -> Sequence[Sequence[str]]:
        """The actors of each of the positions, in their order."""
        ...

    @property
    def events(self) -> Sequence[Event]:
        """What happened when, in text order."""
        ...

    @property
    def definitions(self) -> Sequence[Definition]:
        """What terms mean, in text order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotations:
    """All that was found in one document, each kind in text order."""

    mentions: tuple[Mention, ...] = ()
    positions: tuple[Position, ...] = ()
    events: tuple[Event, ...] = ()
    definitions: tuple[Definition, ...] = ()

    @property
    def named(self) -> Sequence[str]:
        """The actor of each of the mentions, in their order."""
        return [one.actor for one in self.mentions]

    @property
    def holders(self) -> Sequence[Sequence[str]]:
        """The actors of each of the positions, in their order."""
        return [one.actors for one in self.positions]


Span = TypeVar("Span", Mention, Position, Event, Definition)


def starting(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """Those of some spans, in text order, that start from ``start`` on and before ``end``.

    A sequence that makes its spans when they are asked for tells where all of them start as ``starts``.
    """
    starts = getattr(spans, "starts", None) or [one.start for one in spans]
    first = bisect_left(starts, start)
    return spans[first : bisect_left(starts, end, first)]
