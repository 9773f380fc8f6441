"""Overviews: two actors side by side, and dated events in order, each quote with its citation.

They are what an answer of these kinds shows, asked for by field instead of by question.
"""

from dataclasses import dataclass

from qa_service.domain.answer import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue in the text's own words (None: not named) and a cell of citations an actor."""

    issue: str | None
    cells: tuple[tuple[Citation, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergences:
    """Positions side by side; cells are in the order of ``actors``.

    Without rows, ``missing`` tells the names or words that the documents do not speak of, and is empty when
    they hold views of both actors, only none on this topic.
    """

    actors: tuple[str, ...]
    rows: tuple[Issue, ...] = ()
    missing: tuple[str, ...] = ()
    index_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A dated sentence.

    ``date`` is as precise as the text and ``end`` closes an interval, as in an answer; ``first`` and
    ``last`` are the same as ISO days, both inclusive. ``wording`` is the date as written.
    """

    date: str
    end: str | None
    first: str
    last: str
    precision: str
    wording: str
    citation: Citation

    @property
    def approximate(self) -> bool:
        """Whether the text gives less than a day."""
        return self.first != self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronicle:
    """Events, oldest first. ``missing`` are words of the topic that no document holds."""

    items: tuple[Happening, ...] = ()
    missing: tuple[str, ...] = ()
    index_version: str = ""
