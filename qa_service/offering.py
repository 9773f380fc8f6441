"""Questions to offer a reader: made from what was found, and tried before they are offered."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice

from qa_service.compose import Composition
from qa_service.domain.evidence import Findings
from qa_service.domain.question import Kind, Message, Question
from qa_service.select import Selection
from qa_service.understand import Understanding

OFFERED = 3  # questions
LEADING = 2  # of them go on from the answer
REMEMBERED = 5000  # questions tried
OVERVIEWS = frozenset({Kind.DIVERGENCE, Kind.TIMELINE})


@dataclass(frozen=True)
class Offering:
    """What one edition can be asked next. Tries are remembered, because an edition does not change."""

    understanding: Understanding
    selection: Selection
    composition: Composition
    _tried: OrderedDict[tuple[str, tuple[str, ...]], Question | None] = field(
        default_factory=OrderedDict, repr=False
    )

    @cached_property
    def first(self) -> tuple[str, ...]:
        """Questions to begin with."""
        return tuple(self._beginning())

    @cached_property
    def _general(self) -> tuple[str, ...]:
        return self.composition.suggestions(*self.selection.highlights())

    def _beginning(self) -> Iterator[str]:
        """The same, one after the other: a try may take as long as an answer."""
        return islice((one for one in self._general if self._answered(one, ())), OFFERED)

    def next(
        self, question: Question, findings: Findings, said: Iterable[str], documents: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Questions that go on from what was found, then those to begin with; none that was ``said``.

        They will be put to the ``documents`` that the client chose, all when empty; not to those whose title
        this question gave.
        """
        known = {one.casefold() for one in said}
        offered = self.composition.follow_ups(self.selection.leads(question, findings))
        leading = (one for one in offered if self._goes_on(one, question, known, documents))
        general = (one for one in self._beginning() if self._goes_on(one, question, known, documents))
        found: dict[str, None] = {}
        for one in chain(islice(leading, LEADING), general):
            found[one] = None
            if len(found) == OFFERED:
                break
        return tuple(found)

    def _goes_on(self, text: str, question: Question, said: set[str], documents: tuple[str, ...]) -> bool:
        """Whether it is answered, and asks for something that was not asked just now."""
        understood = self._answered(text, documents)
        if understood is None or text.casefold() in said:
            return False
        same = understood.kind is question.kind and set(understood.actors) == set(question.actors)
        return not (same and understood.kind in OVERVIEWS)

    def _answered(self, text: str, documents: tuple[str, ...]) -> Question | None:
        """The question as it is understood, when it is answered."""
        key = (text, documents)
        if key not in self._tried:
            understood = self.understanding.question(Message(text=text, documents=documents))
            answered = understood.kind is not Kind.SMALL_TALK and self.selection.answers(understood)
            self._tried[key] = understood if answered else None
            while len(self._tried) > REMEMBERED:
                self._tried.popitem(last=False)
        return self._tried.get(key)
