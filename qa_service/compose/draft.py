"""A Draft: what an answer will say, before its quotes are checked."""

from dataclasses import dataclass

from qa_service.domain.answer import Comparison, Part, RefusalReason, Statement, TimelineItem
from qa_service.domain.evidence import Evidence
from qa_service.domain.question import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer before its quotes are checked. ``quotes[n - 1]`` is citation number n."""

    kind: Kind
    text: str
    short: str | None = None
    statements: tuple[Statement, ...] = ()
    quotes: tuple[Evidence, ...] = ()
    comparison: Comparison | None = None
    timeline: tuple[TimelineItem, ...] | None = None
    reason: RefusalReason | None = None
    nearest: tuple[Evidence, ...] = ()
    parts: tuple[Part, ...] = ()
