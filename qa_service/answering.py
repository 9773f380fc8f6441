"""The online sentence: understand a message, search and select evidence, compose an answer and verify it."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from qa_service.compose import Composition, Draft, overviews
from qa_service.domain.answer import Answer, Refusal
from qa_service.domain.edition import Edition
from qa_service.domain.errors import InputError
from qa_service.domain.evidence import Findings, Hit
from qa_service.domain.overview import Chronicle, Divergences, Happening
from qa_service.domain.ports import Store
from qa_service.domain.question import Kind, Message, Question, Window
from qa_service.domain.trace import Trace
from qa_service.select import Selection
from qa_service.understand import Understanding
from qa_service.verify import citations

SUGGESTIONS = 3
EVENTS = 100  # of a timeline that is asked for by topic


@dataclass(frozen=True)
class Desk:
    """One edition and everything that answers from it. The whole of an answer comes from one desk."""

    edition: Edition
    understanding: Understanding
    selection: Selection
    composition: Composition

    def answer(self, message: Message) -> Answer:
        """The answer to a message; a refusal is an answer too."""
        questions = [self.understanding.question(part) for part in self.understanding.questions(message)]
        drafts = [self._draft(question) for question in questions]
        draft = drafts[0] if len(drafts) == 1 else self.composition.several(questions, drafts)
        return self._verified(message, " ".join(question.standalone for question in questions), draft)

    def _draft(self, question: Question) -> Draft:
        findings = self.selection.findings(question)
        return self.composition.draft(question, findings, self.edition, self.suggestions)

    def traces(self, message: Message) -> tuple[Trace, ...]:
        """Why the answer to a message is what it is: a Trace for each question that it asks."""
        questions = [self.understanding.question(part) for part in self.understanding.questions(message)]
        return tuple(self.selection.trace(one, self.selection.findings(one)) for one in questions)

    def search(self, message: Message, limit: int) -> tuple[Hit, ...]:
        """Passages that hold words of the message, best first."""
        question = self.understanding.question(message)
        return self.edition.searcher.search(
            question.terms, limit=limit, documents=message.documents, pairs=question.pairs
        )

    def divergences(self, one: str, other: str, topic: str = "") -> Divergences:
        """Two actors, named as people name them, side by side; on a topic, or on all they hold.

        Raises InputError when both names mean the same actor.
        """
        actors = (self.selection.actor(one), self.selection.actor(other))
        if actors[0] == actors[1]:
            raise InputError("a and b name the same actor; name two.", "b")
        question = replace(self.understanding.about(Kind.DIVERGENCE, topic), actors=actors)
        findings = self._told_as_typed(question, self.selection.compared(question))
        return overviews.divergences(
            findings, citations(findings.evidence, self.edition), self.edition, actors
        )

    def timeline(self, topic: str = "", window: Window | None = None, most: int = EVENTS) -> Chronicle:
        """Dated events about a topic, or all of them, that touch the window, oldest first."""
        question = self.understanding.about(Kind.TIMELINE, topic)
        question = replace(question, window=window or question.window)
        findings = self._told_as_typed(question, self.selection.events(question, most))
        return overviews.chronicle(findings, citations(findings.evidence, self.edition), self.edition)

    def described(self, item: Happening) -> str:
        """What a calendar says of an event of a timeline."""
        return overviews.described(item, self.composition.templates)

    def _told_as_typed(self, question: Question, findings: Findings) -> Findings:
        """The findings with the words that are missing as they were typed, not as stems."""
        words = {token.stem: token.word for token in self.understanding.analyser.tokens(question.asked)}
        return replace(findings, missing=tuple(words.get(one, one) for one in findings.missing))

    def _verified(self, message: Message, standalone: str, draft: Draft) -> Answer:
        refusal = None
        if draft.reason is not None:
            nearest = citations(draft.nearest, self.edition)
            refusal = Refusal(reason=draft.reason, explanation=draft.text, nearest=nearest)
        return Answer(
            id=_identity(self.edition.version, message),
            question=message.text,
            standalone_question=standalone,
            answered=bool(draft.statements),
            kind=draft.kind,
            text=draft.text,
            short=draft.short,
            statements=draft.statements,
            citations=citations(draft.quotes, self.edition),
            comparison=draft.comparison,
            timeline=draft.timeline,
            refusal=refusal,
            suggestions=tuple(one for one in self.suggestions if one != message.text),
            index_version=self.edition.version,
        )

    @cached_property
    def suggestions(self) -> tuple[str, ...]:
        """Questions of this edition that it answers itself, tried once."""
        offered = self.composition.suggestions(*self.selection.highlights())
        answered = (one for one in offered if self._is_answered(one))
        return tuple(one for _, one in zip(range(SUGGESTIONS), answered, strict=False))

    def _is_answered(self, question: str) -> bool:
        understood = self.understanding.question(Message(text=question))
        return bool(self.selection.findings(understood).evidence) and understood.kind is not Kind.SMALL_TALK


class Answering:
    """Answers from the store's current edition, and remembers what it answered.

    The same message on the same index version gives an equal answer, so an answer may be remembered for
    as long as its edition is current. ``record`` is told each answer that was not remembered.
    """

    def __init__(
        self,
        store: Store,
        open_desk: Callable[[], Desk],
        remembered: int,
        record: Callable[[Message, Answer], None] | None = None,
    ) -> None:
        self._store = store
        self._open_desk = open_desk
        self._remembered = remembered
        self._record = record
        self._desk: Desk | None = None
        self._answers: OrderedDict[Message, Answer] = OrderedDict()

    @property
    def desk(self) -> Desk:
        """The desk of the store's current version; a new one when an ingest has published since."""
        desk = self._desk
        if desk is None or desk.edition.version != self._store.version():
            desk = self._open_desk()
            self._answers = OrderedDict()
            self._desk = desk
        return desk

    def answer(self, message: Message) -> Answer:
        """The answer to a message, from exactly one edition."""
        desk, answers = self.desk, self._answers
        known = answers.get(message)
        if known is not None and known.index_version == desk.edition.version:
            return known
        answer = self._computed(desk, message)
        answers[message] = answer
        while len(answers) > self._remembered:
            with suppress(KeyError):  # another thread may have dropped the last one
                answers.popitem(last=False)
        return answer

    def explained(self, message: Message) -> tuple[Answer, tuple[Trace, ...]]:
        """The answer and a trace for each of its questions, all from the same edition."""
        desk = self.desk
        return self._computed(desk, message), desk.traces(message)

    def _computed(self, desk: Desk, message: Message) -> Answer:
        answer = desk.answer(message)
        if self._record is not None:
            self._record(message, answer)
        return answer


def _identity(version: str, message: Message) -> str:
    parts = [version, message.text, message.history, message.documents]
    return hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]
