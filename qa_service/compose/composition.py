"""Findings become a Draft: statements with numbered quotes, and the text that a template makes of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa_service.compose.contexts import (
    Context,
    DivergenceContext,
    Entry,
    FollowUpsContext,
    IssueRow,
    Line,
    QuotesContext,
    RefusalContext,
    SmallTalkContext,
    Source,
    StatementContext,
    SuggestionsContext,
    TimelineContext,
)
from qa_service.compose.dates import interval, spelled
from qa_service.compose.draft import Draft
from qa_service.compose.several import several
from qa_service.compose.templates import Markdown, Templates
from qa_service.domain.answer import Comparison, ComparisonRow, RefusalReason, Statement, TimelineItem
from qa_service.domain.edition import Edition
from qa_service.domain.evidence import Evidence, Findings, Leads
from qa_service.domain.question import Kind, Question

TITLES = 5  # documents named in a refusal or a greeting


@dataclass(frozen=True)
class Composition:
    """Words drafts with one set of templates."""

    templates: Templates

    def draft(
        self, question: Question, findings: Findings, edition: Edition, suggestions: Sequence[str]
    ) -> Draft:
        """The Draft for what was found; a refusal when nothing was."""
        if question.kind is Kind.SMALL_TALK:
            return self._small_talk(edition, suggestions)
        if not findings.evidence:
            return self._refusal(findings, edition)
        return COMPOSERS[question.kind](_Desk(self.templates, edition, findings, question))

    def several(
        self, questions: Sequence[Question], drafts: Sequence[Draft], left: Sequence[str] = ()
    ) -> Draft:
        """One Draft of those of several questions, in their order; ``left`` were too many."""
        return several([question.core for question in questions], drafts, tuple(left), self.templates)

    def suggestions(
        self, actors: Sequence[str], terms: Sequence[str], titles: Sequence[str]
    ) -> tuple[str, ...]:
        """Questions worth trying on an index that holds these."""
        context = SuggestionsContext(actors=tuple(actors), terms=tuple(terms), titles=tuple(titles))
        return self._lines("suggestions", context)

    def follow_ups(self, leads: Leads) -> tuple[str, ...]:
        """Questions worth trying after an answer that leads on to these."""
        context = FollowUpsContext(
            kind=leads.kind.value,
            actors=leads.actors,
            facing=leads.facing,
            terms=leads.terms,
            dates=leads.dates,
            title=leads.title,
        )
        return self._lines("follow_ups", context)

    def _lines(self, name: str, context: Context) -> tuple[str, ...]:
        """What a template makes, a question a line."""
        lines = self.templates.render(name, context).splitlines()
        return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def _small_talk(self, edition: Edition, suggestions: Sequence[str]) -> Draft:
        context = SmallTalkContext(titles=edition.titles(TITLES), suggestions=tuple(suggestions))
        return Draft(kind=Kind.SMALL_TALK, text=self.templates.render("small_talk", context))

    def _refusal(self, findings: Findings, edition: Edition) -> Draft:
        reason = RefusalReason(findings.reason or RefusalReason.NOT_IN_CORPUS)
        context = RefusalContext(
            reason=reason.value,
            missing=findings.missing,
            nearest=len(findings.nearest),
            titles=edition.titles(TITLES),
        )
        text = self.templates.render("refusal", context)
        return Draft(kind=Kind.REFUSAL, text=text, reason=reason, nearest=findings.nearest)


class _Desk:
    """One draft in the making: quotes get their numbers, evidence becomes statements."""

    def __init__(
        self, templates: Templates, edition: Edition, findings: Findings, question: Question
    ) -> None:
        self.templates, self.edition, self.findings = templates, edition, findings
        self.kind, self.now = question.kind, question.now
        self.quotes: list[Evidence] = []
        self.statements: list[Statement] = []

    def state(self, evidence: Evidence) -> int:
        """The index of the statement that tells this evidence."""
        quote = self.edition.text(evidence.passage, evidence.start, evidence.end)
        context = StatementContext(quote=quote, speaker=evidence.speaker)
        text = self.templates.render("statement", context)
        statement = Statement(text=text, citations=(self._number(evidence),), speaker=evidence.speaker)
        if statement not in self.statements:
            self.statements.append(statement)
        return self.statements.index(statement)

    def _number(self, evidence: Evidence) -> int:
        spans = [(one.passage.document_id, one.start, one.end) for one in self.quotes]
        span = (evidence.passage.document_id, evidence.start, evidence.end)
        if span not in spans:
            self.quotes.append(evidence)
            return len(self.quotes)
        return spans.index(span) + 1

    def line(self, index: int) -> Line:
        """The statement as a template sees it."""
        statement = self.statements[index]
        marks = "".join(f"[{number}]" for number in statement.citations)
        one = self.quotes[statement.citations[0] - 1]
        quote = self.edition.text(one.passage, one.start, one.end)
        return Line(text=statement.text, quote=quote, marks=Markdown(marks), speaker=statement.speaker)

    def sources(self) -> tuple[Source, ...]:
        """The documents quoted, in the order of their first quote."""
        ids = dict.fromkeys(one.passage.document_id for one in self.quotes)
        documents = [self.edition.documents[document_id] for document_id in ids]
        return tuple(
            Source(title=one.title, author=one.author, publisher=one.publisher, date=spelled(one.published))
            for one in documents
        )

    def draft(self, text: str) -> Draft:
        """The finished Draft."""
        return Draft(kind=self.kind, text=text, statements=tuple(self.statements), quotes=tuple(self.quotes))


def _quotes(desk: _Desk) -> Draft:
    lines = tuple(desk.line(desk.state(one)) for one in desk.findings.evidence)
    short = desk.findings.short
    context = QuotesContext(
        short=_short(desk),
        verdict=short.verdict if short else None,
        now=desk.now,
        lines=lines,
        sources=desk.sources(),
    )
    draft = desk.draft(desk.templates.render(desk.kind.value, context))
    return replace(draft, short=context.verdict or context.short)


def _short(desk: _Desk) -> str | None:
    short = desk.findings.short
    if short is None or short.verdict is not None:
        return None
    first = desk.findings.evidence[0]
    return desk.edition.text(first.passage, short.start, short.end)


def _divergence(desk: _Desk) -> Draft:
    found = desk.findings
    rows: list[IssueRow] = []
    compared: list[ComparisonRow] = []
    for row in found.rows:
        label = desk.edition.documents[row.label[0]].text[row.label[1] : row.label[2]] if row.label else None
        cells = tuple(tuple(desk.state(one) for one in cell) for cell in row.cells)
        compared.append(ComparisonRow(issue=label, cells=cells))
        lines = tuple(tuple(desk.line(index) for index in cell) for cell in cells)
        rows.append(IssueRow(label=label, cells=lines))
    alone = () if rows else tuple(desk.line(desk.state(one)) for one in found.evidence)
    context = DivergenceContext(
        actors=found.actors, rows=tuple(rows), lines=alone, now=desk.now, sources=desk.sources()
    )
    draft = desk.draft(desk.templates.render("divergence", context))
    comparison = Comparison(actors=found.actors, rows=tuple(compared)) if rows else None
    return replace(draft, comparison=comparison)


def _timeline(desk: _Desk) -> Draft:
    entries: list[Entry] = []
    items: list[TimelineItem] = []
    for moment in desk.findings.moments:
        event = moment.event
        index = desk.state(moment.evidence)
        wording = desk.edition.text(moment.evidence.passage, event.date_start, event.date_end)
        date, end = interval(event)
        entries.append(Entry(date=date, end=end, wording=wording, line=desk.line(index)))
        items.append(
            TimelineItem(
                date=date, end=end, precision=event.precision.value, wording=wording, statement=index
            )
        )
    context = TimelineContext(entries=tuple(entries), now=desk.now, sources=desk.sources())
    return replace(desk.draft(desk.templates.render("timeline", context)), timeline=tuple(items))


COMPOSERS: dict[Kind, Callable[[_Desk], Draft]] = {
    Kind.FACT: _quotes,
    Kind.DEFINITION: _quotes,
    Kind.REASON: _quotes,
    Kind.POSITION: _quotes,
    Kind.SUMMARY: _quotes,
    Kind.DIVERGENCE: _divergence,
    Kind.TIMELINE: _timeline,
}
