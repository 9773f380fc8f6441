"""A question: what was asked, and what it was understood to be."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of answer; each has a template of that name in prompts/."""

    DIVERGENCE = "divergence"
    TIMELINE = "timeline"
    POSITION = "position"
    FACT = "fact"
    DEFINITION = "definition"
    REASON = "reason"
    SUMMARY = "summary"
    REFUSAL = "refusal"
    SMALL_TALK = "small_talk"


class AnswerType(StrEnum):
    """What the answer has to contain to be one."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    NUMBER = "number"
    REASON = "reason"
    MANNER = "manner"
    NAME = "name"  # what something is called
    YES_NO = "yes_no"
    ADVICE = "advice"  # what the author proposes or expects
    AUTHORSHIP = "authorship"  # who wrote the document, when, under which title
    CATALOGUE = "catalogue"  # what is indexed


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a client sent: the words, the earlier questions (oldest first), the documents to search."""

    text: str
    history: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days, both inclusive, in ISO 8601; an open end is None."""

    first: str | None = None
    last: str | None = None

    def meets(self, first: str, last: str) -> bool:
        """Whether some of these days, both inclusive, lie in it."""
        return (self.first is None or last >= self.first) and (self.last is None or first <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A content word of the question. ``weight`` is 1 for its own words, less for a follow-up's referent."""

    stem: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A message understood.

    ``terms`` are distinct, in order; ``pairs`` are the stems of neighbouring content words;
    ``words`` are the folded words as they stand; ``names`` the capitalised words that are not
    actors of the alias table; ``actors`` canonical names in order of mention.
    """

    asked: str
    standalone: str
    kind: Kind
    core: str = ""  # the standalone question without its politeness
    answer_type: AnswerType | None = None
    terms: tuple[Term, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    actor_stems: frozenset[str] = frozenset()
    corrections: tuple[tuple[str, str], ...] = ()  # stems as typed, and as the documents spell them
    defined: str | None = None  # the term whose meaning is asked
    window: Window | None = None
    now: bool = False  # how things stand today is asked
    documents: tuple[str, ...] = ()

    @property
    def topic(self) -> tuple[Term, ...]:
        """The terms that name no actor."""
        return tuple(term for term in self.terms if term.stem not in self.actor_stems)
