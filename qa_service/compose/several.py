"""The drafts of several questions in one message become one, question by question, with running numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from qa_service.compose.contexts import PartContext, SeveralContext
from qa_service.compose.draft import Draft
from qa_service.compose.templates import Markdown, Templates
from qa_service.domain.answer import Comparison, ComparisonRow, Part, Statement, TimelineItem
from qa_service.domain.question import Kind

MARK = re.compile(r"(?<!\\)\[(\d+)\]")  # a quote's own brackets are escaped


def several(
    questions: Sequence[str], drafts: Sequence[Draft], left: tuple[str, ...], templates: Templates
) -> Draft:
    """One Draft, which also names the questions that were ``left``.

    Its kind, comparison and timeline are those of the first part that has them. When no part is answered,
    it is a refusal with the first part's reason.
    """
    quotes = [0, *accumulate(len(draft.quotes) for draft in drafts)]
    statements = [0, *accumulate(len(draft.statements) for draft in drafts)]
    parts = tuple(
        PartContext(question=question, text=Markdown(_renumbered(draft.text, first)))
        for question, draft, first in zip(questions, drafts, quotes, strict=False)
    )
    answered = [draft for draft in drafts if draft.statements]
    lead = answered[0] if answered else drafts[0]
    return replace(
        lead,
        short=None,
        kind=lead.kind if answered else Kind.REFUSAL,
        text=templates.render("several", SeveralContext(parts=parts, left=left)),
        statements=tuple(
            _shifted(one, first)
            for draft, first in zip(drafts, quotes, strict=False)
            for one in draft.statements
        ),
        quotes=tuple(quote for draft in drafts for quote in draft.quotes),
        comparison=_comparison(drafts, statements),
        timeline=_timeline(drafts, statements),
        parts=(*_parts(questions, drafts, statements), *(Part(question=one) for one in left)),
        reason=None if answered else lead.reason,
        nearest=() if answered else lead.nearest,
    )


def _parts(questions: Sequence[str], drafts: Sequence[Draft], starts: Sequence[int]) -> Iterator[Part]:
    for question, draft, start in zip(questions, drafts, starts, strict=False):
        told = tuple(range(start, start + len(draft.statements)))
        yield Part(question=question, statements=told, explanation=None if told else draft.text)


def _renumbered(text: str, first: int) -> str:
    return MARK.sub(lambda match: f"[{int(match[1]) + first}]", text)


def _shifted(statement: Statement, first: int) -> Statement:
    return replace(statement, citations=tuple(number + first for number in statement.citations))


def _comparison(drafts: Sequence[Draft], starts: Sequence[int]) -> Comparison | None:
    for draft, start in zip(drafts, starts, strict=False):
        if draft.comparison:
            rows = (
                ComparisonRow(
                    issue=row.issue, cells=tuple(tuple(one + start for one in cell) for cell in row.cells)
                )
                for row in draft.comparison.rows
            )
            return replace(draft.comparison, rows=tuple(rows))
    return None


def _timeline(drafts: Sequence[Draft], starts: Sequence[int]) -> tuple[TimelineItem, ...] | None:
    for draft, start in zip(drafts, starts, strict=False):
        if draft.timeline:
            return tuple(replace(item, statement=item.statement + start) for item in draft.timeline)
    return None
