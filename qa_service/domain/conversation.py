"""A conversation that the service keeps, and what readers think of answers."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question of a conversation and the answer that it got.

    The id is the asker's where asking may be repeated, and tells one turn from the same one; "" is any.
    """

    question: str
    answer_id: str
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Questions of one owner, the oldest first. The id cannot be guessed; times are seconds since 1970."""

    id: str
    owner: str
    begun: int
    turns: tuple[Turn, ...] = ()

    def history(self, most: int) -> tuple[str, ...]:
        """The latest ``most`` questions, the oldest first."""
        return tuple(turn.question for turn in self.turns[-most:]) if most else ()

    def before(self, turn_id: str) -> Self:
        """As it was before the turn of that id; as it is when there is none."""
        ids = [turn.id for turn in self.turns]
        return replace(self, turns=self.turns[: ids.index(turn_id)]) if turn_id in ids else self


class Thumb(StrEnum):
    """A verdict."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What one reader thinks of an answer. A later opinion of the same ``giver`` replaces the earlier."""

    answer_id: str
    thumb: Thumb
    comment: str = ""
    giver: str


def opinions_of(conversation_id: str) -> str:
    """The giver of what is thought in a conversation."""
    return f"conversation:{conversation_id}"
