"""The shapes of /conversations."""

from pydantic import Field

from qa_service.channels.api.sending import Sent


class TurnModel(Sent):
    """A question; its answer is at ``/api/v1/answers/{answer_id}`` while it is kept."""

    question: str
    answer_id: str


class ConversationModel(Sent):
    """A conversation, the oldest question first; the latest 200."""

    id: str = Field(description="Cannot be guessed: keep it like a key.")
    turns: list[TurnModel]
