"""Answers from the store's current version, remembered for as long as it is current."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import TypeVar

from qa_service.answering import Desk
from qa_service.domain.answer import Answer
from qa_service.domain.errors import MovedError
from qa_service.domain.ports import Store
from qa_service.domain.question import Message
from qa_service.domain.trace import Trace

TRIES = 20  # publishes that one reader is overtaken by

Value = TypeVar("Value")


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
        self._opening = Lock()
        self._answers: OrderedDict[Message, Answer] = OrderedDict()

    @property
    def desk(self) -> Desk:
        """The desk of the store's current version; a new one when an ingest has published since.

        What is read of it afterwards may raise MovedError: `read` sees one version.
        """
        desk = self._current()
        if desk is None:
            with self._opening:  # one thread reads the index, the others wait for it
                desk = self._current() or self._opened()
        return desk

    def _opened(self) -> Desk:
        self._desk = _tried(self._open_desk)
        self._answers = OrderedDict()
        return self._desk

    def read(self, work: Callable[[Desk], Value], first: Desk | None = None) -> Value:
        """What ``work`` makes of the desk, all of it read of one version; done again when that has passed.

        ``first`` is the desk when it has just been asked for.
        """
        asked = [first] if first else []

        def once() -> Value:
            desk = asked.pop() if asked else self.desk
            with desk.edition.snapshot.pinned():
                return work(desk)

        return _tried(once)

    def _current(self) -> Desk | None:
        desk = self._desk
        return desk if desk is not None and desk.edition.snapshot.moment == self._store.moment() else None

    def answer(self, message: Message) -> Answer:
        """The answer to a message, from exactly one edition."""
        desk, answers = self.desk, self._answers
        known = answers.get(message)
        if known is not None and known.index_version == desk.edition.version:
            return known
        answer = self.read(lambda desk: desk.answer(message), desk)
        if self._record is not None:
            self._record(message, answer)
        if answer.index_version == desk.edition.version:
            answers[message] = answer
        while len(answers) > self._remembered:
            with suppress(KeyError):  # another thread may have dropped the last one
                answers.popitem(last=False)
        return answer

    def explained(self, message: Message) -> tuple[Answer, tuple[Trace, ...]]:
        """The answer and a trace for each of its questions, all from the same edition."""
        answer, traces = self.read(lambda desk: (desk.answer(message), desk.traces(message)))
        if self._record is not None:
            self._record(message, answer)
        return answer, traces


def _tried(work: Callable[[], Value]) -> Value:
    """What the work gives; it is done again when the store went on meanwhile."""
    for _ in range(TRIES - 1):
        with suppress(MovedError):
            return work()
    return work()
