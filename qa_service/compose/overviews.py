"""Findings and their citations become overviews: the rows and events of an answer without its words."""

from collections.abc import Sequence

from qa_service.compose.contexts import EventContext
from qa_service.compose.dates import interval, spelled
from qa_service.compose.templates import Templates
from qa_service.domain.answer import Citation
from qa_service.domain.edition import Edition
from qa_service.domain.evidence import Findings
from qa_service.domain.overview import Chronicle, Divergences, Happening, Issue


def divergences(
    findings: Findings, cited: Sequence[Citation], edition: Edition, actors: tuple[str, ...]
) -> Divergences:
    """The rows; ``cited`` are the citations of ``findings.evidence``, in its order."""
    following = iter(cited)
    rows = tuple(
        Issue(
            issue=edition.documents[row.label[0]].text[row.label[1] : row.label[2]] if row.label else None,
            cells=tuple(tuple(next(following) for _ in cell) for cell in row.cells),
        )
        for row in findings.rows
    )
    return Divergences(
        actors=findings.actors or actors, rows=rows, missing=findings.missing, index_version=edition.version
    )


def chronicle(findings: Findings, cited: Sequence[Citation], edition: Edition) -> Chronicle:
    """The events; ``cited`` are the citations of ``findings.evidence``, in its order."""
    items = []
    for moment, citation in zip(findings.moments, cited, strict=True):
        event = moment.event
        date, end = interval(event)
        items.append(
            Happening(
                date=date,
                end=end,
                first=event.first,
                last=event.last,
                precision=event.precision.value,
                wording=edition.text(moment.evidence.passage, event.date_start, event.date_end),
                citation=citation,
            )
        )
    return Chronicle(items=tuple(items), missing=findings.missing, index_version=edition.version)


def described(item: Happening, templates: Templates) -> str:
    """The description of one event, for a calendar."""
    citation = item.citation
    context = EventContext(
        quote=citation.quote,
        wording=item.wording,
        approximate=item.approximate,
        first=spelled(item.first) or "",
        last=spelled(item.last) or "",
        title=citation.title,
        author=citation.author,
        published=spelled(citation.published),
    )
    return templates.render("event", context)
