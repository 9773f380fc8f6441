"""A sentence while it is read: its tokens, the names of its document, and what was found in it so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa_service.annotate.cues import ROLES
from qa_service.annotate.names import Names
from qa_service.annotate.phrases import Phrase
from qa_service.annotate.reference import Speaker
from qa_service.annotate.tokens import Token
from qa_service.domain.annotation import PositionKind


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue and its speaker; ``embedded`` for a noun ("the American proposal") in what another one holds."""

    speaker: Speaker
    cue: str
    at: int  # the cue's token
    kind: PositionKind
    embedded: bool = False
    joint: bool = False


@dataclass(slots=True)
class Scene:
    """A sentence while it is read: its tokens, the document's names, what "it" may stand for."""

    names: Names
    tokens: Sequence[Token]
    refer: Callable[[Sequence[Token], int], Speaker | None]
    subject: Phrase | None = None  # of the main clause
    last: Speaker | None = None  # of the cue before

    def speaker(self, found: Phrase) -> Speaker:
        """A phrase as a speaker."""
        start, end = self.tokens[found.first].start, self.tokens[found.last - 1].end
        return Speaker(
            found.actors, start, end, joint=found.joint, many=is_plural(self.tokens[found.last - 1])
        )

    def low(self, index: int) -> str:
        """The token in lower case; empty outside the sentence."""
        return self.tokens[index].low if 0 <= index < len(self.tokens) else ""


def is_plural(token: Token) -> bool:
    """Whether a word names several people or bodies."""
    return token.low.endswith("s") and (token.low in ROLES or token.capital)
