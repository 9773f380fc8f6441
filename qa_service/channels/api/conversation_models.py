"""The shapes of /conversations and /feedback."""

from typing import Literal

from pydantic import BaseModel, Field

from qa_service.channels.api.models import ConversationId, Strict, Text
from qa_service.channels.api.sending import Sent

ANSWER_ID = "^[0-9a-f]{20}$"
COMMENT = 2000  # characters


class ConversationPath(BaseModel):
    """A conversation of the caller."""

    conversation_id: ConversationId = Field(description="Its id; who holds it can read and go on with it.")


class TurnModel(Sent):
    """A question; its answer is at ``/api/v1/answers/{answer_id}`` while it is kept."""

    question: str
    answer_id: str


class ConversationModel(Sent):
    """A conversation, the oldest question first; the latest 200."""

    id: str = Field(description="Cannot be guessed: keep it like a key.")
    turns: list[TurnModel]


class FeedbackBody(Strict):
    """What a reader thinks of an answer."""

    answer_id: str = Field(description="The id of the answer object.", pattern=ANSWER_ID)
    value: Literal["up", "down"]
    comment: Text = Field(default="", max_length=COMMENT, description="Why.")
    conversation_id: ConversationId | None = Field(
        default=None,
        description="Where it was asked: a second opinion from there on the same answer replaces the first.",
    )
