"""A question from Slack becomes a reply; each thread is a conversation, each workspace its owner."""

import logging
from dataclasses import dataclass

from qa_service.channels import counts
from qa_service.channels.slack.presenting import Presenting, Reply
from qa_service.domain.answer import Answer
from qa_service.domain.conversation import Feedback, Thumb
from qa_service.domain.errors import OperatorError
from qa_service.domain.principal import Principal, Via
from qa_service.domain.question import Message
from qa_service.wiring import Service

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """A thread of a channel of a workspace; no thread: nothing is remembered of it."""

    team: str
    channel: str
    thread: str | None = None

    @property
    def owner(self) -> Principal:
        """The workspace: it owns what is said in it."""
        return Principal(via=Via.TEAM, name=f"slack/{self.team}")

    @property
    def key(self) -> str:
        """The thread, within its workspace."""
        return f"{self.channel}/{self.thread}"


@dataclass(frozen=True, slots=True)
class Asking:
    """Answers for Slack from one service. Nothing here raises: a fault is a reply that says so."""

    service: Service
    presenting: Presenting

    def reply(self, place: Place, question: str, **shown: bool | str) -> Reply:
        """The reply to what was typed; ``shown`` is how an answer is presented."""
        longest = self.service.settings.question_characters
        try:
            if not question:
                return self.presenting.help(self.service.answering.read(lambda desk: desk.suggestions))
            if len(question) > longest:
                return self.presenting.said(self.presenting.phrases.too_long.format(longest=longest))
            answer = counts.answered(self.service, "slack", self._answer(place, question))
            return self.presenting.answer(answer, **shown)  # type: ignore[arg-type]
        except OperatorError as error:
            log.error("no answer for Slack: %s", error)
        except Exception:
            log.exception("no answer for Slack")
        counts.failed("slack")
        return self.presenting.said(self.presenting.phrases.outage)

    def _answer(self, place: Place, question: str) -> Answer:
        if place.thread is None:
            return self.service.answering.answer(Message(text=question))
        conversation = self.service.conversations.under(place.owner, place.key)
        return self.service.conversing.answer(conversation, question)

    def begin(self, place: Place, question: str) -> None:
        """Let a thread go on from a question that is answered above it."""
        conversation = self.service.conversations.under(place.owner, place.key)
        self.service.conversing.answer(conversation, question)

    def suggestions(self) -> tuple[str, ...]:
        """Questions that are answered; none while the store cannot be read."""
        try:
            return self.service.answering.read(lambda desk: desk.suggestions)
        except OperatorError:
            log.exception("no suggestions for Slack")
            return ()

    def opinion(self, place: Place, user: str, answer_id: str, thumb: Thumb, comment: str = "") -> None:
        """Keep what a reader thinks of an answer."""
        giver = f"{place.owner.owner}/{user}"
        given = Feedback(answer_id=answer_id, thumb=thumb, comment=comment, giver=giver)
        self.service.opinions.give(given)
