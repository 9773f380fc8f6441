"""A conversation that the service keeps, and what readers think of answers."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question of a conversation and the answer that it got."""

    question: str
    answer_id: str


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
