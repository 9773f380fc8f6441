"""What an answer leads on to: who takes part in it, terms in it that the documents explain, its dates."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from qa_service.domain.annotation import DefinitionKind, starting
from qa_service.domain.edition import Edition
from qa_service.domain.evidence import Evidence, Findings, Leads
from qa_service.domain.question import Question
from qa_service.select.inquiry import DOCUMENTS

MOST = 2  # of each kind
LONGEST = 150  # characters of a title that a question can hold
QUOTES = re.compile('[“”"«»]')  # they would end the title


def leads(edition: Edition, question: Question, findings: Findings) -> Leads:
    """The leads of an answer's evidence, or of what stood nearest to a question that was refused."""
    shown = findings.evidence or findings.nearest
    title = _title(edition, shown)
    if title:
        shown = tuple(one for one in shown if one.passage.document_id == shown[0].passage.document_id)
    asked = set(question.actors)
    holders = [actor for actor in _named(edition, shown, asked) if _holds(edition, shown, actor)]
    first = next(iter(holders), None)
    rival = _rival(edition, shown, first) if first else None
    return Leads(
        kind=question.kind,
        actors=tuple([actor for actor in holders if asked != {actor}][:MOST]),
        facing=tuple(sorted((first, rival))) if first and rival else (),
        terms=tuple(_explained(edition, shown, set(question.words))[:MOST]),
        dates=tuple(_dates(edition, shown)[:1]),
        title=title,
    )


def _title(edition: Edition, shown: Sequence[Evidence]) -> str | None:
    """The title that a question has to give where only some of all documents are looked at."""
    if not shown or edition.snapshot.size.documents <= DOCUMENTS:
        return None
    title = edition.headed[shown[0].passage.document_id]
    return QUOTES.sub("", title) if len(title) <= LONGEST else None


def _named(edition: Edition, shown: Iterable[Evidence], asked: set[str]) -> list[str]:
    """Actors asked about, then those whom the evidence names, in its order."""
    named = dict.fromkeys(sorted(asked))
    for one in shown:
        mentions = edition.annotations[one.passage.document_id].mentions
        named |= dict.fromkeys(mention.actor for mention in starting(mentions, one.start, one.end))
    return list(named)


def _documents(shown: Iterable[Evidence]) -> list[str]:
    return list(dict.fromkeys(one.passage.document_id for one in shown))


def _holds(edition: Edition, shown: Iterable[Evidence], actor: str) -> bool:
    return any(actor in actors for name in _documents(shown) for actors in edition.annotations[name].holders)


def _rival(edition: Edition, shown: Iterable[Evidence], actor: str) -> str | None:
    """Who faces the actor in most issue rows of the documents shown; ties in the order of the alphabet."""
    faced: Counter[str] = Counter()
    for name in _documents(shown):
        named = set(edition.annotations[name].named)
        for row, group in groupby(edition.annotations[name].positions, key=lambda one: one.row):
            held = {other for one in group if not one.joint for other in one.actors}
            if row >= 0 and actor in held:
                faced.update(held & named - {actor, edition.documents[name].author})
    return min(faced, key=lambda other: (-faced[other], other), default=None)


def _explained(edition: Edition, shown: Iterable[Evidence], asked: set[str]) -> list[str]:
    """Acronyms that stand in the evidence and are spelled out elsewhere in its document."""
    found: dict[str, None] = {}
    for one in shown:
        text = edition.text(one.passage, one.start, one.end)
        for definition in edition.annotations[one.passage.document_id].definitions:
            known = definition.kind is DefinitionKind.ACRONYM and definition.term in text.split()
            if known and definition.term.lower() not in asked and not one.start <= definition.start < one.end:
                found[definition.term] = None
    return list(found)


def _dates(edition: Edition, shown: Iterable[Evidence]) -> list[str]:
    """Years in the evidence after which its document tells of more."""
    found: dict[str, None] = {}
    for one in shown:
        events = edition.annotations[one.passage.document_id].events
        for event in events:
            year = event.last[:4]
            if one.start <= event.start < one.end and any(other.first[:4] > year for other in events):
                found[year] = None
    return sorted(found)
