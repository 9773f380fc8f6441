"""A conversation goes on: its next question is answered with those before it in mind, and kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.domain.answer import Answer
from qa_service.domain.conversation import Conversation, Turn
from qa_service.domain.ports import Conversations
from qa_service.domain.question import Message
from qa_service.remembering import Answering


@dataclass(frozen=True)
class Conversing:
    """Answers within conversations. The answer is the one that a client gets who sends the history itself.

    ``most`` is how many earlier questions are kept in mind.
    """

    answering: Answering
    conversations: Conversations
    most: int

    def answer(self, conversation: Conversation, text: str, documents: Sequence[str] = ()) -> Answer:
        """The answer to the next question of a conversation, which is then one turn longer."""
        answer = self.answering.answer(self.message(conversation, text, documents))
        self.keep(conversation, answer)
        return answer

    def message(self, conversation: Conversation, text: str, documents: Sequence[str] = ()) -> Message:
        """The next question with those before it."""
        return Message(text=text, history=conversation.history(self.most), documents=tuple(documents))

    def keep(self, conversation: Conversation, answer: Answer, turn_id: str = "") -> None:
        """Add a question that was answered; not again when it was under that id."""
        turn = Turn(id=turn_id, question=answer.question, answer_id=answer.id)
        self.conversations.add(conversation, turn)
