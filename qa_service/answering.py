"""The online sentence: understand a message, search and select evidence, compose an answer and verify it."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from qa_service.compose import Composition, Draft
from qa_service.domain.answer import Answer, Refusal
from qa_service.domain.edition import Edition
from qa_service.domain.evidence import Findings, Hit
from qa_service.domain.question import Kind, Message, Question
from qa_service.domain.trace import Trace
from qa_service.offering import Offering
from qa_service.select import Selection
from qa_service.understand import Understanding
from qa_service.verify import citations


@dataclass(frozen=True)
class Desk:
    """One edition and everything that answers from it. The whole of an answer comes from one desk."""

    edition: Edition
    understanding: Understanding
    selection: Selection
    composition: Composition

    def answer(self, message: Message) -> Answer:
        """The answer to a message; a refusal is an answer too."""
        questions = self.understanding.asked(message)
        found = [self.selection.findings(question) for question in questions]
        drafts = [self._draft(*both) for both in zip(questions, found, strict=True)]
        left = self.understanding.left(message)
        alone = len(drafts) == 1 and not left
        draft = drafts[0] if alone else self.composition.several(questions, drafts, left)
        said = (*message.history, message.text, *(question.standalone for question in questions))
        suggestions = self.offering.next(questions[-1], found[-1], said, message.documents)
        return self._verified(message, questions, draft, suggestions)

    def _draft(self, question: Question, findings: Findings) -> Draft:
        offered = self.suggestions if question.kind is Kind.SMALL_TALK else ()
        return self.composition.draft(question, findings, self.edition, offered)

    def _verified(
        self, message: Message, questions: list[Question], draft: Draft, suggestions: tuple[str, ...]
    ) -> Answer:
        refusal = None
        if draft.reason is not None:
            nearest = citations(draft.nearest, self.edition)
            refusal = Refusal(reason=draft.reason, explanation=draft.text, nearest=nearest)
        return Answer(
            id=_identity(self.edition.version, message),
            question=message.text,
            standalone_question=" ".join(question.standalone for question in questions),
            answered=bool(draft.statements),
            kind=draft.kind,
            text=draft.text,
            short=draft.short,
            statements=draft.statements,
            citations=citations(draft.quotes, self.edition),
            comparison=draft.comparison,
            timeline=draft.timeline,
            refusal=refusal,
            suggestions=suggestions,
            parts=draft.parts,
            index_version=self.edition.version,
        )

    def traces(self, message: Message) -> tuple[Trace, ...]:
        """Why the answer to a message is what it is: a Trace for each question that it asks."""
        questions = self.understanding.asked(message)
        return tuple(self.selection.trace(one, self.selection.findings(one)) for one in questions)

    def search(self, message: Message, limit: int) -> tuple[Hit, ...]:
        """Passages that hold words of the message, best first."""
        question = self.understanding.question(message)
        return self.edition.searcher.search(
            question.terms, limit=limit, documents=message.documents, pairs=question.pairs
        )

    @cached_property
    def offering(self) -> Offering:
        """Questions to offer."""
        return Offering(self.understanding, self.selection, self.composition)

    @property
    def suggestions(self) -> tuple[str, ...]:
        """Questions to begin with; this edition answers them."""
        return self.offering.first


def _identity(version: str, message: Message) -> str:
    parts = [version, message.text, message.history, message.documents]
    return hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]
