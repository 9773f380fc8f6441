"""A question and one edition give Findings: each kind of question has its selector."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from qa_service.domain.directory import BETWEEN, EntryKind
from qa_service.domain.edition import Edition
from qa_service.domain.evidence import Findings, Leads
from qa_service.domain.ports import ActorNames, Analyser
from qa_service.domain.question import AnswerType, Kind, Question
from qa_service.domain.trace import Trace
from qa_service.select import divergences, facts, naming, positions, summaries, timelines, tracing
from qa_service.select.inquiry import DOCUMENTS, FEW_DOCUMENTS, HITS, NEAREST, Inquiry
from qa_service.select.leads import leads
from qa_service.select.matching import Matcher
from qa_service.select.synonyms import Synonyms
from qa_service.select.views import Views

TITLES = 5  # of documents that questions are offered about

SELECTORS: dict[Kind, Callable[[Inquiry], Findings]] = {
    Kind.DIVERGENCE: divergences.divergence,
    Kind.TIMELINE: timelines.timeline,
    Kind.POSITION: positions.position,
    Kind.DEFINITION: facts.definition,
    Kind.REASON: facts.fact,
    Kind.FACT: facts.fact,
    Kind.SUMMARY: summaries.summary,
    Kind.SMALL_TALK: lambda _: Findings(),
}


class Selection:
    """Chooses evidence from one edition."""

    def __init__(self, edition: Edition, analyser: Analyser, names: ActorNames, synonyms: Synonyms) -> None:
        self._edition = edition
        self._analyser = analyser
        self._names = names
        self._views = Views(edition, analyser, synonyms)

    def inquiry(self, question: Question, reach: int = DOCUMENTS) -> Inquiry:
        """The question put to the edition, of which so many documents are looked at whole."""
        question = self._of_their_time(question)
        groups = self._views.synonyms.of(self._analyser.tokens(question.standalone))
        matcher = Matcher(question, self._edition, self._actors_of(question), groups, self._views.synonyms)
        return Inquiry(question, self._edition, self._views, matcher, reach)

    def _of_their_time(self, question: Question) -> Question:
        """The question with "Moscow" read as the documents found read it: Russia, or the Soviet Union."""
        if not any(self._names.related(actor) for actor in question.actors):
            return question
        hits = self._edition.search(
            question.terms, limit=HITS, documents=question.documents, pairs=question.pairs
        )
        named: Counter[str] = Counter()
        for document_id in dict.fromkeys(hit.passage.document_id for hit in hits[:NEAREST]):
            named.update(self._edition.annotations[document_id].named)
        actors = tuple(self._named_most(actor, question, named) for actor in question.actors)
        return replace(question, actors=tuple(dict.fromkeys(actors)))

    def _named_most(self, actor: str, question: Question, named: Counter[str]) -> str:
        others = [other for other in self._names.related(actor) if other not in question.actors]
        return max([actor, *others], key=lambda name: named[name])

    def findings(self, question: Question) -> Findings:
        """The evidence that answers, or the reason why none does."""
        return _found(self.inquiry(question))

    def answers(self, question: Question) -> bool:
        """Whether there is evidence that answers. Few documents mostly tell, and are soon read; but whom an
        unknown name stands for, only all of them do."""
        some = self.inquiry(question, DOCUMENTS if question.names else FEW_DOCUMENTS)
        if _found(some).evidence:
            return True
        return some.read != some.documents and bool(self.findings(question).evidence)

    def trace(self, question: Question, findings: Findings) -> Trace:
        """Why ``findings`` are what was found for the question."""
        return tracing.traced(self.inquiry(question), findings)

    def actor(self, name: str) -> str:
        """Who is meant by a name as people type it; the name itself when nobody is known by it."""
        return naming.actor_named(name, self._names, self._edition, self._views)

    def compared(self, question: Question) -> Findings:
        """The positions of the question's two actors on its topic, side by side."""
        inquiry = self.inquiry(question)
        return divergences.compared(inquiry, inquiry.question.actors)

    def events(self, question: Question, most: int) -> Findings:
        """The dated sentences on the question's topic, within its window."""
        return timelines.events(self.inquiry(question), most)

    def leads(self, question: Question, findings: Findings) -> Leads:
        """What the findings lead on to."""
        return leads(self._edition, question, findings)

    def highlights(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """What questions may be about: two actors who face each other most, defined terms, titles."""
        entries = self._edition.snapshot.entries
        pair = next(iter(entries(EntryKind.FACING, "", 1)), "")
        terms = tuple(entries(EntryKind.ACRONYM, "", 2))
        return tuple(pair.split(BETWEEN)) if pair else (), terms, self._edition.titles(TITLES)

    def _actors_of(self, question: Question) -> dict[str, frozenset[str]]:
        """The stems that name the question's actors, so that "Moscow" is found by "Russia"."""
        found: dict[str, frozenset[str]] = {}
        for actor in question.actors:
            for surface in (actor, *self._names.names(actor)):
                for token in self._analyser.tokens(surface):
                    if token.content:
                        found[token.stem] = found.get(token.stem, frozenset()) | {actor}
        return found


def _found(inquiry: Inquiry) -> Findings:
    if inquiry.question.answer_type is AnswerType.AUTHORSHIP:
        return summaries.authorship(inquiry)
    return SELECTORS[inquiry.question.kind](inquiry)
